"""How long to wait before Telegram is asked again."""

import random
from collections.abc import Callable

from aiogram.exceptions import TelegramAPIError

from bot.channels.telegram.failures import said
from sales.errors import Later

LONGEST_WAIT = 30.0
SHORTEST_WAIT = 0.3


class Backoff:
    """Doubles with each failure up to half a minute, with jitter; `chance` (0 to 1) is handed in by tests."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._failures = 0

    def succeed(self) -> None:
        """Forget what has failed."""
        self._failures = 0

    def fail(self, error: TelegramAPIError | Later) -> float:
        """Count a failure; answers the seconds to wait: what the other side asks for, if it does."""
        asked = error.seconds if isinstance(error, Later) else getattr(error, "retry_after", None)
        own = min(LONGEST_WAIT, 2.0 ** min(self._failures, 5)) * (0.5 + self._chance() / 2)
        self._failures += 1
        return own if asked is None else max(SHORTEST_WAIT, asked)


def reason(error: TelegramAPIError | Later) -> str:
    """What went wrong, for the log."""
    return said(error) if isinstance(error, TelegramAPIError) else str(error)
