"""Keeps to the pace Telegram asks for (its FAQ for bots): about 30 messages a second, and 1 a second per chat."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

CHATS_REMEMBERED = 1000


@dataclass(slots=True)
class Bucket:
    """A token bucket as one number: `full_at`, the moment by which all `burst` tokens are back.

    One token comes back every `every` seconds.
    """

    every: float
    burst: int
    full_at: float = 0.0

    def take(self, now: float) -> float:
        """Take a token and answer the seconds until it may be used."""
        wait = max(0.0, self.full_at - now - self.every * (self.burst - 1))
        self.full_at = max(self.full_at, now) + self.every
        return wait


@dataclass(slots=True)
class Buckets:
    """A bucket per chat; a full one equals none, so full ones are dropped."""

    every: float
    burst: int
    _of: dict[str, Bucket] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._of)

    def take(self, chat: str, now: float) -> float:
        """Take a token of that chat and answer the seconds until it may be used."""
        if len(self._of) >= CHATS_REMEMBERED:
            self._of = {name: bucket for name, bucket in self._of.items() if bucket.full_at > now}
        return self._of.setdefault(chat, Bucket(self.every, self.burst)).take(now)


class Pace(BaseRequestMiddleware):
    """Delays calls that put something into a chat; all others (getUpdates, answers to presses) pass at once."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._all = Bucket(every=1 / 30, burst=30)
        self._chats = Buckets(every=1.0, burst=5)

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Wait for the chat's turn, then for the bot's, then make the request."""
        chat = getattr(method, "chat_id", None)
        if chat is not None:
            # The common token is taken only after the chat's own wait: a busy chat must not hold up the others.
            await self._pause(self._chats.take(str(chat), self._clock()))
            await self._pause(self._all.take(self._clock()))
        return await make_request(bot, method)

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            await self._sleep(seconds)
