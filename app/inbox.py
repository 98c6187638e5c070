"""The inbox: what people did, kept before it is acknowledged, worked off in one Unit each."""

import random
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import timedelta

import structlog

from bot.talk.answer import answer
from flows.messages import Incoming
from flows.premises import Premises
from locales import Texts
from sales.errors import Malformed
from storage import queue, work
from storage.queue import Claimed
from storage.store import Store
from storage.unit import Unit
from storage.work import INBOX, OUTBOX

MOST_ATTEMPTS = 10

MOST_UNSAID = 10
"""Messages that may wait to be sent to one chat. What it asks beyond is passed over: platforms take one message a
second and chat, and a few who ask without end would fill the queue in which everybody's goods wait."""

log = structlog.get_logger(__name__)

Feed = Callable[[str], Awaitable[object]]
"""Lets a channel translate one raw update; it calls `Inbox.hear` with what somebody did, or not at all."""

_current: ContextVar[Claimed] = ContextVar("inbox row")
_JITTER = random.Random()  # noqa: S311 - spreads retries, hides nothing


class Inbox:
    """Keeps updates and works them off; `feed` is set when the channel is open."""

    def __init__(self, store: Store, premises: Premises, texts: Texts) -> None:
        self._store = store
        self._premises = premises
        self._texts = texts
        self.feeds: dict[str, Feed] = {}

    async def keep(self, channel: str, updates: list[tuple[str, str, str]]) -> None:
        """Store raw updates (event id, lane, body); when it returns they are on the disk."""
        await self._store.write(lambda unit: work.receive(unit, self._premises.shop.id, channel, updates))

    async def hear(self, incoming: Incoming) -> None:
        """Answer what somebody did, and end its inbox row, in one Unit."""
        row = _current.get()
        await self._store.write(lambda unit: self._answer(unit, row, incoming))

    async def handle(self, row: Claimed) -> None:
        """Work off one row: a failure is tried again, a hopeless row is buried where doctor and metrics show it."""
        _current.set(row)
        try:
            await self.feeds[row.row["channel"]](row.row["body"])
            await self._store.write(lambda unit: queue.complete(unit, INBOX, row))
        except Malformed:
            log.warning("inbox.unreadable", notice=row.row["event"])
            await self._store.write(lambda unit: queue.bury(unit, INBOX, row, "Malformed"))
        except Exception as error:
            reason = type(error).__name__
            log.error("inbox.failed", notice=row.row["event"], attempts=row.attempts, exc_info=error)
            await self._store.write(lambda unit: _again(unit, row, reason))

    def _answer(self, unit: Unit, row: Claimed, incoming: Incoming) -> None:
        if queue.complete(unit, INBOX, row) and (incoming.paid or self._keeps_up(unit, row)):
            answer(unit, self._premises, self._texts, incoming)

    def _keeps_up(self, unit: Unit, row: Claimed) -> bool:
        return queue.waiting(unit, OUTBOX, self._premises.shop.id, row.row["lane"]) < MOST_UNSAID


def _again(unit: Unit, row: Claimed, reason: str) -> None:
    if row.attempts >= MOST_ATTEMPTS:
        queue.bury(unit, INBOX, row, reason)
    else:
        wait: timedelta = queue.backoff(row.attempts, _JITTER)
        queue.retry(unit, INBOX, row, unit.now + wait, reason)
