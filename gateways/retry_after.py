"""How long a busy server asks to be left alone."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 900.0
"""Seconds; whatever is said, the server is asked again after these."""
NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")


def pause(headers: Mapping[str, str], now: datetime, header: str = "retry-after") -> float | None:
    """Seconds to wait, or None when nothing usable is said; `header` is what the server says it by.

    `x-ratelimit-reset`, a unix time, wins over it, as in payOS's official packages.
    """
    reset, after = _number(headers.get("x-ratelimit-reset")), headers.get(header) or headers.get("retry-after")
    wait = _seconds(after, now) if reset is None else reset - now.timestamp()
    return None if wait is None else min(max(wait, 0.0), LONGEST)


def _seconds(after: str | None, now: datetime) -> float | None:
    """Retry-After is a number or a date (RFC 9110 §10.2.3)."""
    if (number := _number(after)) is not None:
        return number
    try:
        date = parsedate_to_datetime(after or "")
        return ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, OverflowError):
        return None


def _number(text: str | None) -> float | None:
    return float(text) if text and NUMBER.fullmatch(text) else None
