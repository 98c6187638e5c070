"""Time as a value handed in: the house never asks the system behind a rule's back."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Answers the present moment as an aware datetime in UTC."""


def utc_now() -> datetime:
    """Read the system's clock."""
    return datetime.now(UTC)
