"""How often one payment is asked for, by its age."""

from datetime import timedelta

Pace = tuple[tuple[timedelta, timedelta], ...]
"""Steps: up to this age, every so often. Past the last age it is asked for no more."""


def _steps(*steps: tuple[float, float]) -> Pace:
    return tuple((timedelta(minutes=age), timedelta(seconds=every)) for age, every in steps)


CLOSE = _steps((5, 5), (15, 10), (60, 15), (30 * 24 * 60, 300))
"""For a gateway that sends no notices, so that asking is all there is (a public client of Bakong asks like this)."""

CALM = _steps((15, 30), (60, 60), (6 * 60, 300), (30 * 24 * 60, 1800))
"""For a gateway whose notices only sometimes fail to come."""

GIVING = _steps((5, 10), (60, 60), (24 * 60, 600), (30 * 24 * 60, 6 * 3600))
"""For money that a gateway gives back: banks take seconds or days, and may undo it later."""


def next_after(pace: Pace, age: timedelta) -> timedelta | None:
    """How long to wait until a payment of that age is asked for again; None for never."""
    return next((every for until, every in pace if age < until), None)
