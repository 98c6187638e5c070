"""Fetches updates and keeps them: an update is confirmed to Telegram only after it has been stored.

aiogram's own polling confirms updates while they are being handled, so that a crash loses them. Only what Telegram asks
before it takes money is answered at once, while the others are being kept.
"""

import asyncio
from typing import Any

import structlog
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.methods.base import TelegramMethod

from bot.channels.telegram.backoff import SHORTEST_WAIT, reason
from bot.channels.telegram.counter import Counter
from bot.channels.telegram.failures import said
from bot.channels.telegram.listener import Listener
from bot.channels.telegram.precheckout import Decide
from bot.channels.telegram.raw import Keep, RawUpdate, raw_update
from sales.errors import Later, Misconfigured

LONG_POLL = 25
"""Seconds Telegram holds an empty getUpdates; proxies on the way like to cut at 30 or 60."""

GRACE = 15
"""Seconds beyond the long poll before the request counts as lost."""

PEEK = 4.0
"""Seconds after which we look for questions that cannot wait, while a busy store keeps us from fetching what is new."""

log = structlog.get_logger(__name__)


class GetRawUpdates(TelegramMethod[list[Any]]):
    """getUpdates with its updates left as JSON: a field or a whole update that aiogram cannot read stays whole."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    timeout: int
    allowed_updates: list[str]
    offset: int | None = None


class Poller(Listener):
    """Fetches, keeps, confirms."""

    _offset: int | None = None

    async def run(self, keep: Keep, decide: Decide) -> None:
        """Fetch and keep updates until cancelled; raises Misconfigured when Telegram refuses the token.

        When `keep` raises Later the same updates are fetched again; whatever else it raises ends the run. `decide`
        answers what Telegram asks before it takes money.
        """
        counter = Counter(self._bot, decide)
        try:
            await self._remove_webhook()
            while True:
                await self._round(keep, counter)
        except TelegramUnauthorizedError:
            raise Misconfigured("telegram-token-refused") from None
        finally:
            counter.close()

    async def _round(self, keep: Keep, counter: Counter) -> None:
        try:
            await self._fetch(keep, counter)
        except TelegramUnauthorizedError:
            raise
        except Later as error:
            await self._recover(error, counter)
        except TelegramAPIError as error:
            await self._recover(error)
        else:
            self._backoff.succeed()

    async def _fetch(self, keep: Keep, counter: Counter) -> None:
        ask = GetRawUpdates(timeout=LONG_POLL, allowed_updates=self._kinds, offset=self._offset)
        batch = await self._bot(ask, request_timeout=LONG_POLL + GRACE) or []
        found = [update for update in map(raw_update, batch) if update]
        if len(found) < len(batch):
            log.error("telegram.updates_without_id", count=len(batch) - len(found))
        asked = counter.serve(batch)
        if kept := [update for update in found if update.event not in asked]:
            await self._store(keep, kept, counter)
        confirmed = int(found[-1].event) + 1 if found else self._offset
        if confirmed == self._offset:
            # A server that does not hold the poll, or ignores the offset, must not be asked without a breath.
            await self._sleep(SHORTEST_WAIT)
        self._offset = confirmed
        counter.confirmed(confirmed)

    async def _store(self, keep: Keep, found: list[RawUpdate], counter: Counter) -> None:
        """Have updates kept; while that takes its time, questions that cannot wait are looked for."""
        keeping = asyncio.ensure_future(keep(found))
        try:
            while not (await asyncio.wait({keeping}, timeout=PEEK))[0]:
                await self._peek(counter)
            keeping.result()
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _peek(self, counter: Counter) -> None:
        """Look at what waits, confirming nothing; it is fetched again when the store has room for it."""
        ask = GetRawUpdates(timeout=0, allowed_updates=self._kinds, offset=self._offset)
        try:
            batch = await self._bot(ask, request_timeout=GRACE) or []
            counter.serve(batch)
        except TelegramAPIError as error:
            log.warning("telegram.peek_failed", reason=said(error))

    async def _recover(self, error: TelegramAPIError | Later, counter: Counter | None = None) -> None:
        """Say what went wrong and wait before the next try; a store that is busy keeps no question waiting."""
        seconds = self._backoff.fail(error)
        if isinstance(error, TelegramConflictError):
            log.error("telegram.conflict", reason=said(error), hint="another program polls with this token")
            await self._remove_webhook()
        elif isinstance(error, TelegramNotFound):
            log.error("telegram.not_found", hint="TELEGRAM_API_URL or TELEGRAM_BOT_TOKEN is wrong")
        else:
            log.warning("telegram.poll_failed", reason=reason(error), seconds=round(seconds, 1))
        while counter is not None and seconds > PEEK:
            await self._sleep(PEEK)
            await self._peek(counter)
            seconds -= PEEK
        await self._sleep(seconds)

    async def _remove_webhook(self) -> None:
        """Telegram delivers either to a webhook or to getUpdates; a server without the method has no webhooks."""
        try:
            await self._bot.delete_webhook()
        except TelegramUnauthorizedError:
            raise
        except TelegramAPIError as error:
            log.warning("telegram.webhook_not_removed", reason=said(error))
