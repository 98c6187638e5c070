"""Moments as statements write them: 21/11/2026, 2026-11-21 14:05:09, 14:05 21-11-2026, or a spreadsheet's serial day.

The day stands before the month, as everybody in Vietnam writes it. Times are Vietnam's; a date alone is its midnight,
which pairing knows for "no time of day" (sales/pairing.py).
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from gateways.notice_fields import VIETNAM
from gateways.statement_row import Cell

T = TypeVar("T")

EARLIEST = datetime(2000, 1, 1)  # noqa: DTZ001 - a day of the bank, the zone comes with `read_moment`
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's day 0, as it counts after February 1900
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]{1,12})?")
_DATE = re.compile(
    r"(?<![0-9])(?:(?P<y>[0-9]{4})([-/.])(?P<m>[0-9]{1,2})\2(?P<d>[0-9]{1,2})"
    r"|(?P<d2>[0-9]{1,2})([-/.])(?P<m2>[0-9]{1,2})\6(?P<y2>[0-9]{4}|[0-9]{2}))(?![0-9])"
)
_TIME = re.compile(
    r"(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:\.[0-9]{1,6})?)?(?: ?(?P<half>AM|PM))?", re.IGNORECASE
)
_BETWEEN = frozenset({"", "T", ",", "-"})
"""What may stand beside date and time in one cell."""


class NoMoment(ValueError):
    """This is no date of a statement."""


def read_moment(day: Cell, clock: Cell = None) -> datetime:
    """Read when money was booked, in UTC; `clock` is the time of day where it has a column. Raises NoMoment."""
    said = _day(day)
    if clock not in (None, ""):
        said = datetime.combine(said, _clock(clock))
    if said < EARLIEST:
        raise NoMoment(str(day))
    return _to_the_second(said).replace(tzinfo=VIETNAM).astimezone(UTC)


def _day(cell: Cell) -> datetime:
    match cell:
        case bool():
            raise NoMoment(str(cell))
        case datetime():
            return cell.replace(tzinfo=None)
        case date():
            return datetime.combine(cell, time())
        case int() | float():
            return _serial(cell)
        case str():
            text = " ".join(cell.split())
            return _serial(float(text)) if _SERIAL.fullmatch(text) else _spelt(text)
    raise NoMoment(str(cell))


def _serial(days: float) -> datetime:
    """Days since the end of 1899, from 2000 to 2099: no other number passes for a day."""
    if not 36526 <= days < 73051:
        raise NoMoment(str(days))
    return _SERIAL_ZERO + timedelta(days=days)


def _spelt(text: str) -> datetime:
    found = _DATE.search(text)
    if found is None:
        raise NoMoment(text)
    rest = (text[: found.start()] + " " + text[found.end() :]).strip()
    at = _TIME.search(rest)
    beside = rest if at is None else (rest[: at.start()] + rest[at.end() :])
    if beside.strip() not in _BETWEEN:
        raise NoMoment(text)
    year = int(found["y"] or found["y2"])
    named = (year + 2000 if year < 100 else year, int(found["m"] or found["m2"]), int(found["d"] or found["d2"]))
    return _checked(text, lambda: datetime.combine(date(*named), _time(at) if at else time()))


def _clock(cell: Cell) -> time:
    match cell:
        case datetime():
            return cell.time()
        case time():
            return cell
        case float() if 0 <= cell < 1:  # a spreadsheet's part of a day
            return (EARLIEST + timedelta(days=cell)).time()
        case str():
            at = _TIME.fullmatch(" ".join(cell.split()))
            if at is not None:
                return _checked(cell, lambda: _time(at))
    raise NoMoment(str(cell))


def _time(at: re.Match[str]) -> time:
    hour = int(at["h"])
    if at["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(at[0])
        hour = hour % 12 + (12 if at["half"].upper() == "PM" else 0)
    return time(hour, int(at["m"]), int(at["s"] or 0))


def _to_the_second(said: datetime) -> datetime:
    """Spreadsheets keep a time as a fraction, which misses its second by a hair."""
    return (said + timedelta(milliseconds=500)).replace(microsecond=0)


def _checked(text: str, make: Callable[[], T]) -> T:
    """A thirteenth month, or a 25th hour, is no moment."""
    try:
        return make()
    except ValueError:
        raise NoMoment(text) from None
