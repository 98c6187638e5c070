"""What buyers type of a transfer: when it was, and how its account ends."""

import re
from datetime import datetime, timedelta

from sales.latin import latin

TAIL = 4
"""How many of an account's last digits are kept, however many were typed."""
_LEAST_DIGITS, _MOST_DIGITS = 3, 19
_LONGEST = 40
_AGO = timedelta(days=90)
"""Older transfers are no longer claimed here."""
_AHEAD = timedelta(minutes=5)
"""How far a phone's clock may be ahead of ours."""
_TIME = r"(?P<hour>\d{1,2})\s*(?:[:hg]|gio)\s*(?P<minute>\d{1,2})?"
_DATE = r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>\d{4}))?"
_FORMS = tuple(re.compile(form) for form in (_TIME, rf"{_TIME}[\s,]+{_DATE}", rf"{_DATE}[\s,]+{_TIME}", _DATE))


def read_tail(text: str) -> str | None:
    """The last digits of what was typed, with blanks and dots between or not; None when it is no end of an account."""
    digits = re.sub(r"[\s.…*-]", "", text)
    if not (digits.isascii() and digits.isdigit() and _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS):
        return None
    return digits[-TAIL:]


def read_moment(text: str, now: datetime) -> datetime | None:
    """The moment that was typed, in the zone of `now`: 14:30, 14h30, 20/11, 14:30 20/11, 20/11/2026 14:30.

    A time alone was the last one that has passed, a date alone means its noon. None for what is no such moment, lies
    ahead, or is longer ago than anybody would claim.
    """
    typed = latin(text, _LONGEST).lower()
    said = next((found for form in _FORMS if (found := form.fullmatch(typed))), None)
    if said is None:
        return None
    try:
        moment = _moment({name: int(value) for name, value in said.groupdict().items() if value}, now)
    except ValueError:
        return None
    return moment if now - _AGO <= moment <= now + _AHEAD else None


def noon(now: datetime, days_ago: int) -> datetime:
    """The noon of a day, in the zone of `now`; of a day whose noon is still to come, now."""
    return min((now - timedelta(days=days_ago)).replace(hour=12, minute=0, second=0, microsecond=0), now)


def _moment(said: dict[str, int], now: datetime) -> datetime:
    """Put what was said together; raises ValueError for a day or an hour that there is not."""
    asked = now.replace(hour=said.get("hour", 12), minute=said.get("minute", 0), second=0, microsecond=0)
    if "day" not in said:
        return asked if asked <= now + _AHEAD else asked - timedelta(days=1)
    moment = asked.replace(year=said.get("year", now.year), month=said["month"], day=said["day"])
    if "year" not in said and moment.date() > now.date():
        moment = moment.replace(year=now.year - 1)
    return now if "hour" not in said and moment.date() == now.date() and moment > now else moment
