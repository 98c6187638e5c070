"""The cashier: decides at once whether a chat may take somebody's money, whatever else the house is busy with."""

import asyncio
from asyncio import Future

import structlog

from bot.channels.telegram.precheckout import Decision, PreCheckout
from flows.check_checkout import Leave, check_checkout
from flows.messages import Say
from flows.premises import Premises
from locales import Texts, plain
from storage.store import Store

PATIENCE = 4.0
"""Seconds the database may take: Telegram waits for ten, and the query may have waited for the next look at it."""

log = structlog.get_logger(__name__)


class Cashier:
    """Reads, and never writes: a writer that is busy holds up nobody who pays."""

    def __init__(self, store: Store, premises: Premises, texts: Texts, patience: float = PATIENCE) -> None:
        self._store = store
        self._premises = premises
        self._texts = texts
        self._patience = patience

    async def decide(self, query: PreCheckout) -> Decision:
        """Decide in time; what cannot be found out in time is refused politely, and may be tried again."""
        leave = await self._leave(query) or Leave(Say("checkout-try-again"), "")
        if leave.refusal is None:
            return Decision(query.id)
        log.info("checkout.refused", reason=leave.refusal.id)
        # Whoever the shop has not met, or cannot look up now, still has an app that speaks some language.
        language = leave.language or self._texts.match(query.language)
        words = self._texts.say(language, leave.refusal.id, leave.refusal.values, self._premises.shop.zone)
        return Decision(query.id, plain(words))

    async def _leave(self, query: PreCheckout) -> Leave | None:
        """What the shop says; None when that cannot be told now."""
        reading = asyncio.ensure_future(
            self._store.read(lambda unit: check_checkout(unit, self._premises, query.asked)),
        )
        # Not cancelled when it is late: half a read would leave its connection behind.
        done, _ = await asyncio.wait({reading}, timeout=self._patience)
        if not done:
            log.error("checkout.too_slow")
            reading.add_done_callback(_forget)
            return None
        if trouble := reading.exception():
            log.error("checkout.failed", error=type(trouble).__name__)
            return None
        return reading.result()


def _forget(late: "Future[Leave]") -> None:
    """Look at what came too late, so that its error is not complained about."""
    if not late.cancelled():
        late.exception()
