"""Payments that gateways are asked about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sales.ids import AttemptId
from sales.money import Money
from sales.question import Question

MADE = datetime(2026, 11, 21, 9, 0, 30, tzinfo=UTC)
ACCOUNT = "0000111122223333"


def question(number: int = 251022001, **changes: Any) -> Question:
    """An attempt of half an hour, made at MADE (four in the afternoon in Vietnam)."""
    until = MADE + timedelta(minutes=30)
    asked = Question(AttemptId(number), number, "KX7R2M9CF", Money(199_000), MADE, until, account=ACCOUNT)
    return replace(asked, **changes)
