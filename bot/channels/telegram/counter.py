"""The counter at which Telegram's questions about money are answered: each at once, once, in a task of its own."""

import asyncio
from collections.abc import Iterable

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.channels.telegram.failures import said
from bot.channels.telegram.precheckout import Decide, PreCheckout, pre_checkout

PATIENCE = 5
"""Seconds for the answer to get through; Telegram waits for ten from asking on."""

log = structlog.get_logger(__name__)


class Counter:
    """Serves what getUpdates brings; the same update may be brought again until it is confirmed."""

    def __init__(self, bot: Bot, decide: Decide) -> None:
        self._bot = bot
        self._decide = decide
        self._served: set[int] = set()
        self._running: set[asyncio.Task[None]] = set()

    def serve(self, batch: Iterable[object]) -> set[str]:
        """Have the questions among raw updates answered, without waiting for it; tells which they are, by event id."""
        found = {number: query for update in batch if (number := _number(update)) and (query := pre_checkout(update))}
        for number, query in found.items():
            if number not in self._served:
                self._served.add(number)
                task = asyncio.create_task(self._answer(query))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
        return {str(number) for number in found}

    def confirmed(self, offset: int | None) -> None:
        """Forget what will not be brought again: updates before `offset`."""
        self._served = {number for number in self._served if offset is None or number >= offset}

    def close(self) -> None:
        """Stop answering."""
        for task in self._running:
            task.cancel()

    async def _answer(self, query: PreCheckout) -> None:
        decision = await self._decide(query)
        try:
            await self._bot.answer_pre_checkout_query(
                query.id,
                ok=decision.may_pay,
                error_message=decision.refusal or None,
                request_timeout=PATIENCE,
            )
        except TelegramAPIError as error:
            # Too late, or answered before a crash: nothing was taken, and the person may press again.
            log.warning("telegram.checkout_not_answered", reason=said(error))


def _number(update: object) -> int | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int else None
