"""The till: takes verified notices from any door and answers when they are settled durably.

Notices that arrive while a commit is under way are settled together by the next one.
"""

import asyncio
from collections.abc import Sequence

import structlog

from flows.notice import Notice
from flows.premises import Premises
from flows.replay_notice import replay_job
from flows.settle_payments import settle_payments
from sales.errors import Later, StoreBusy
from storage import money, work
from storage.store import Store
from storage.unit import Unit

MOST_AT_ONCE = 128

log = structlog.get_logger(__name__)

_Waiting = tuple[Notice, asyncio.Future[None]]


class Till:
    """One till a process; `settle` may be called by any number of requests at once."""

    def __init__(self, store: Store, premises: Premises) -> None:
        self._store = store
        self._premises = premises
        self._waiting: list[_Waiting] = []
        self._drain: asyncio.Task[None] | None = None

    async def settle(self, notice: Notice) -> None:
        """Return when the notice is settled and committed.

        Raises Later when it is not (StoreBusy: nothing was kept; otherwise it was kept with its error and
        will be replayed): the gateway shall repeat it.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((notice, done))
        if self._drain is None or self._drain.done():
            self._drain = asyncio.create_task(self._settle_waiting())
        # The drain is a task of its own: a gateway that hangs up does not take the others' commit with it.
        await done

    async def _settle_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            await self._settle_batch(batch)

    async def _settle_batch(self, batch: Sequence[_Waiting]) -> None:
        """Settle together; a batch that fails is redone singly, so that one bad notice harms no other."""
        try:
            await self._settle([notice for notice, _ in batch])
        except StoreBusy as busy:
            # One by one they would wait for the same lock, and the gateways with them.
            for _, done in batch:
                _answer(done, busy)
        except Exception:
            for notice, done in batch:
                _answer(done, await self._alone(notice))
        else:
            for _, done in batch:
                _answer(done, None)

    async def _alone(self, notice: Notice) -> Exception | None:
        try:
            await self._settle([notice])
        except StoreBusy as busy:
            return busy
        except Exception as error:
            log.exception("notice.failed", gateway=notice.gateway, notice=notice.digest[:12])
            return await self._keep_failed(notice, error)
        return None

    async def _keep_failed(self, notice: Notice, error: Exception) -> Exception:
        reason = type(error).__name__
        try:
            await self._store.write(lambda unit: keep_failed(unit, self._premises, notice, reason))
        except Later as busy:
            return busy
        except Exception:
            # Another process may have kept it this very moment; whatever it was, the others must not wait for it.
            log.exception("notice.not_kept", gateway=notice.gateway, notice=notice.digest[:12])
            return Later(f"not kept: {reason}")
        return Later(f"kept with its error: {reason}")

    async def _settle(self, notices: Sequence[Notice]) -> None:
        new = await self._store.write(lambda unit: settle_payments(unit, self._premises, notices))
        for notice in notices:
            log.info("notice.settled", gateway=notice.gateway, notice=notice.digest[:12], batch=len(notices), new=new)


def keep_failed(unit: Unit, premises: Premises, notice: Notice, reason: str) -> None:
    """Keep a true notice that could not be settled, and plan its replay; known ones change nothing."""
    shop = premises.shop.id
    if money.fail_notice(unit, shop, notice.gateway, notice.digest, notice.body, reason):
        work.enqueue(unit, shop, [replay_job(unit, notice)])


def _answer(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
