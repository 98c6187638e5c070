"""How gateways knock: what they take for delivered, and when they come again."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

REPEATS = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 3, 5, 8, 13, 21, 34))
"""Casso's spacing is Fibonacci's over a day; here in seconds of the street's clock, so that one can watch."""
SEPAY_MINUTES = (0, 1, 2, 4, 7, 12, 20, 33)
"""SePay's eight deliveries, counted from the first, in minutes of the street's clock."""


@dataclass(frozen=True, slots=True)
class Manners:
    """`repeats`: pauses between one delivery and the next. `content(status, body)`: whether it needs no repeat.

    `method`: VNPay gets, all others post.
    """

    repeats: tuple[timedelta, ...]
    content: Callable[[int, bytes], bool]
    method: str = "POST"


def _answered(status: int, _: bytes) -> bool:
    """Whether the door has answered, be it with a refusal, and has no trouble of its own."""
    return 0 < status < 500


def _succeeded(status: int, body: bytes) -> bool:
    """SePay takes 200 or 201 with `{"success": true}` for delivered, and repeats all else, a refusal too."""
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return status in (200, 201) and isinstance(told, dict) and told.get("success") is True


BY_STATUS = Manners(REPEATS, _answered)
SEPAY = Manners(
    tuple(timedelta(minutes=after - before) for before, after in pairwise(SEPAY_MINUTES)),
    _succeeded,
)
MANNERS = {"sepay": SEPAY}
"""Gateway → how it knocks, where it is not BY_STATUS."""
