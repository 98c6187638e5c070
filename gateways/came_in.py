"""Which of a bank account's movements may be money for attempts that were made at a known time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import structlog

from gateways.json_text import Json
from gateways.notice_fields import VIETNAM
from sales.errors import Later
from sales.memo import fold
from sales.question import Question
from sales.transfer import Sighting

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Listed:
    """Movements as an API lists them, the newest first; `cut` when there were more than one look reads."""

    rows: Sequence[Json] = field(repr=False)
    cut: bool = False


def money_in(
    gateway: str,
    listed: Listed,
    read: Callable[[Json], Sighting | None],
    questions: Sequence[Question],
    since: datetime,
) -> list[Sighting]:
    """All money since then (UTC) that may be for these attempts, each movement once, the oldest first: ids only grow.

    A movement that cannot be read (None) is left out, as long as others can: it must not hide them. Raises Later when
    none can. A list that was cut before `since` is warned of: no later look would reach further.
    """
    found = {each.ref: each for each in map(read, listed.rows) if each is not None}
    if listed.rows and not found:
        raise Later(f"{gateway}: no movement can be read")
    if listed.cut and not any(_booked_before(each, since) for each in found.values()):
        log.warning("look.list_too_long", gateway=gateway, read=len(listed.rows), asked=len(questions))
    money = [each for each in found.values() if came_in(each, since) and concerns(each, questions)]
    return sorted(money, key=lambda each: int(each.ref))


def came_in(sighting: Sighting, since: datetime) -> bool:
    """Whether it is money that came in, and was not booked before `since` (UTC); of some only the day is known."""
    return sighting.amount >= 0 and not _booked_before(sighting, since)


def concerns(sighting: Sighting, questions: Sequence[Question]) -> bool:
    """Whether it is on an account that buyers were shown, or names one of the orders.

    A key may open all accounts of the seller's company: what moves on the others is none of the shop's business.
    """
    if any(each.account in (sighting.account, sighting.virtual_account) for each in questions):
        return True
    memo = fold(sighting.memo)
    return any(each.code in memo for each in questions)


def _booked_before(sighting: Sighting, since: datetime) -> bool:
    if sighting.booked_at is None:
        return False
    day = _day_alone(sighting.booked_at)
    return day < since.astimezone(VIETNAM).date() if day else sighting.booked_at < since


def _day_alone(booked: datetime) -> date | None:
    """The day, when no more than that is said: banks' days are written as their first moment, in either zone."""
    written = (booked.astimezone(zone) for zone in (VIETNAM, UTC))
    return next((each.date() for each in written if each.time() == time()), None)
