"""What both ways of hearing Telegram need."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

from aiogram import Bot

from bot.channels.telegram.backoff import Backoff

Sleep = Callable[[float], Awaitable[None]]


class Listener:
    """Asks for the given kinds of updates; `sleep` and `chance` (0 to 1, for jitter) are handed in by tests."""

    def __init__(
        self,
        bot: Bot,
        kinds: Sequence[str],
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._bot = bot
        # Always sent: without a list Telegram goes on with the one it was given last, whoever gave it.
        self._kinds = list(kinds)
        self._sleep = sleep
        self._backoff = Backoff(chance)
