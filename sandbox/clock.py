"""The street's clock: runs like any other, and can be moved forwards by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sales.clock import Clock, utc_now
from sandbox.news import News


class MovableClock:
    """A `sales.clock.Clock` that can be moved; never backwards, since the house has no defence against that.

    `on_move` holds what must be done after a move, such as ringing the workers' bell.
    """

    def __init__(self, base: Clock = utc_now) -> None:
        self._base = base
        self._ahead = timedelta()
        self._moved = News()
        self.on_move: list[Callable[[], None]] = []

    def __call__(self) -> datetime:
        """Answer the street's moment, an aware datetime in UTC."""
        return self._base() + self._ahead

    def move(self, by: timedelta) -> None:
        """Move forwards; raises ValueError for zero or less, OverflowError beyond the year 9999."""
        if by <= timedelta():
            raise ValueError("the clock only moves forwards")
        self._check_year(by)
        self._ahead += by
        self._moved.tell()
        for act in self.on_move:
            act()

    async def reach(self, moment: datetime) -> None:
        """Wait until the street's clock shows `moment`, by running or by being moved."""
        while (left := (moment - self()).total_seconds()) > 0:
            await self._moved.within(self._moved.version, left)

    def _check_year(self, by: timedelta) -> None:
        # One year of room: whoever adds a deadline to the street's time must not overflow either.
        _ = self() + by + timedelta(days=400)
