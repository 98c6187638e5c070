"""The till: takes verified notices from any door and answers when they are settled durably.

Notices that arrive while a commit is under way are settled together by the next one.
"""

from collections.abc import Sequence

import structlog

from flows.notice import Notice
from flows.premises import Premises
from flows.replay_notice import replay_job
from flows.settle_payments import settle_payments
from flows.together import Together
from sales.errors import Later, StoreBusy
from sales.settlement import Outcome
from storage import money, work
from storage.store import Store
from storage.unit import Unit

log = structlog.get_logger(__name__)


class Till:
    """One till a process; `settle` may be called by any number of requests at once."""

    def __init__(self, store: Store, premises: Premises) -> None:
        self._store = store
        self._premises = premises
        self._together = Together(self._settle, self._alone)

    async def settle(self, notice: Notice) -> Outcome:
        """Answer what became of the notice when it is settled and committed.

        Raises Later when it is not (StoreBusy: nothing was kept; otherwise it was kept with its error and
        will be replayed): the gateway shall repeat it.
        """
        return await self._together.do(notice)

    async def _settle(self, notices: Sequence[Notice]) -> Sequence[Outcome]:
        settled = await self._store.write(lambda unit: settle_payments(unit, self._premises, notices))
        batch, new = len(notices), settled.new
        for notice in notices:
            log.info("notice.settled", gateway=notice.gateway, notice=notice.digest[:12], batch=batch, new=new)
        return settled.outcomes

    async def _alone(self, notice: Notice) -> Outcome:
        try:
            return (await self._settle([notice]))[0]
        except StoreBusy:
            raise
        except Exception as error:
            log.exception("notice.failed", gateway=notice.gateway, notice=notice.digest[:12])
            raise await self._keep_failed(notice, error) from error

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


def keep_failed(unit: Unit, premises: Premises, notice: Notice, reason: str) -> None:
    """Keep a true notice that could not be settled, and plan its replay; known ones change nothing."""
    shop = premises.shop.id
    if money.fail_notice(unit, shop, notice.gateway, notice.digest, notice.body, reason):
        work.enqueue(unit, shop, [replay_job(unit, notice)])
