"""Which of a bank account's movements may be money for attempts that were made at a known time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from gateways.notice_fields import VIETNAM
from sales.memo import fold
from sales.question import Question
from sales.transfer import Sighting


def came_in(sighting: Sighting, since: datetime) -> bool:
    """Whether it is money that came in, and was not booked before `since` (UTC); of some only the day is known."""
    if sighting.amount < 0:
        return False
    if sighting.booked_at is None:
        return True
    day = _day_alone(sighting.booked_at)
    return day >= since.astimezone(VIETNAM).date() if day else sighting.booked_at >= since


def concerns(sighting: Sighting, questions: Sequence[Question]) -> bool:
    """Whether it is on an account that buyers were shown, or names one of the orders.

    A key may open all accounts of the seller's company: what moves on the others is none of the shop's business.
    """
    if any(each.account in (sighting.account, sighting.virtual_account) for each in questions):
        return True
    memo = fold(sighting.memo)
    return any(each.code in memo for each in questions)


def _day_alone(booked: datetime) -> date | None:
    """The day, when no more than that is said: banks' days are written as their first moment, in either zone."""
    written = (booked.astimezone(zone) for zone in (VIETNAM, UTC))
    return next((each.date() for each in written if each.time() == time()), None)
