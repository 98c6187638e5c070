"""Pair what different sources say of the same money: pure rules, one to one, never inside one source.

A second notice of one source about an equal amount is a second payment, however alike they look. A notice of
another source about an equal amount on the same account is most likely the same money seen again; what speaks
against it is that the two name different orders or refunds, or moments too far apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sales.ids import OrderId
from sales.settlement import Meaning
from sales.transfer import Sighting

LOOK_BACK = timedelta(days=3)
"""How long after the money has moved another source may still tell of it: gateways repeat for a day."""

SAME_MOMENT = timedelta(minutes=30)
"""How far apart two sources may book one movement, when both give a time of day and nothing else speaks for it."""

SAME_DAY = timedelta(hours=30)
"""The same when one gives only a date, or when order or number speak for it."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a source says a movement is for: orders, by number or by memo, and refunds, by the codes in its memo."""

    orders: frozenset[OrderId] = frozenset()
    refunds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lone:
    """A transfer that not every source has told of yet.

    `booked_at` is the bank's moment (UTC), `seen_at` when the shop first heard of it; `references` are the bank's
    numbers as its sources gave them; `meaning` is what it was decided to mean, for `order` where that is known.
    `refunds` are the codes of those it was said to be going back for, or to have bounced from.
    """

    transfer: int
    account: int
    amount: int
    currency: str
    sources: frozenset[str]
    references: frozenset[str]
    meaning: Meaning
    order: OrderId | None
    booked_at: datetime | None
    seen_at: datetime
    refunds: frozenset[str] = frozenset()

    @property
    def goes_back(self) -> bool:
        """Whether it is money of a refund: then it is no payment of its order."""
        return self.meaning in (Meaning.OUT, Meaning.RETURNED)


def pair(sighting: Sighting, account: int, named: Named, lone: Iterable[Lone], now: datetime) -> Lone | None:
    """Find the transfer that `sighting` tells of once more, or None when it is news.

    `account`: our id of the account it moved on; `named`: what `sighting` says it is for.
    """
    alike = [each for each in lone if _alike(sighting, account, each)]
    fitting = [each for each in alike if _may_be(sighting, named, each, now)]
    return min(fitting, key=lambda each: _distance(sighting, named, each, now), default=None)


def in_doubt(sighting: Sighting, account: int, named: Named, lone: Iterable[Lone], now: datetime) -> bool:
    """Whether news may after all be the money of a transfer that was decided to be for another order or refund.

    Whoever pays writes the memo: one who pays order B by its link and writes A into the memo makes one source name B
    and the other A. Such money waits until the other source has told of it as well, or a person decides.
    """
    near = (each for each in lone if _alike(sighting, account, each) and _differ(named, each))
    return any(_apart(sighting, each, now) <= _weak(sighting, each) for each in near)


def _alike(sighting: Sighting, account: int, lone: Lone) -> bool:
    if sighting.source in lone.sources:
        return False
    return (lone.account, lone.amount, lone.currency) == (account, sighting.amount, sighting.currency)


def _may_be(sighting: Sighting, named: Named, lone: Lone, now: datetime) -> bool:
    if _differ(named, lone):  # whatever else agrees: some banks give equal numbers to different payments
        return False
    vouched = _same_reference(sighting, lone) or _agree(named, lone)
    return _apart(sighting, lone, now) <= (_strong if vouched else _weak)(sighting, lone)


def _agree(named: Named, lone: Lone) -> bool:
    """Whether both name the same order or refund."""
    return bool(named.refunds & lone.refunds) or (lone.order in named.orders and not lone.goes_back)


def _differ(named: Named, lone: Lone) -> bool:
    """Whether both name something and none of it is the same; a refund's money is none of its order's payments.

    Of a refund's money the code may be known to another source only.
    """
    if _agree(named, lone) or not (lone.refunds or lone.order is not None):
        return False
    return bool(named.orders) or bool(named.refunds and (lone.refunds or not lone.goes_back))


def _weak(sighting: Sighting, lone: Lone) -> timedelta:
    return SAME_MOMENT if _both_timed(sighting, lone) else SAME_DAY


def _strong(sighting: Sighting, lone: Lone) -> timedelta:
    return SAME_DAY if _both_timed(sighting, lone) else LOOK_BACK


def _distance(sighting: Sighting, named: Named, lone: Lone, now: datetime) -> tuple[bool, bool, timedelta, int]:
    """The bank's own number weighs most, then the order or refund, then the time; of equals the oldest."""
    return (
        not _same_reference(sighting, lone),
        not _agree(named, lone),
        _apart(sighting, lone, now),
        lone.transfer,
    )


def _same_reference(sighting: Sighting, lone: Lone) -> bool:
    return bool(sighting.reference) and sighting.reference in lone.references


def _both_timed(sighting: Sighting, lone: Lone) -> bool:
    return timed(sighting.booked_at) and timed(lone.booked_at)


def timed(moment: datetime | None) -> bool:
    """Whether it is a time of day: midnight in Vietnam (17:00 UTC) is how sources write a date alone."""
    return moment is not None and (moment.hour, moment.minute, moment.second) != (17, 0, 0)


def _apart(sighting: Sighting, lone: Lone, now: datetime) -> timedelta:
    return abs((sighting.booked_at or now) - (lone.booked_at or lone.seen_at))


def sources_without(source: str, all_sources: Sequence[str]) -> tuple[str, ...]:
    """All that `told_by` may say of a transfer that `source` has not told of (see `told_by`)."""
    others = sorted(set(all_sources) - {source})
    found = [""]
    for other in others:
        found += [f"{each} {other}".strip() for each in found]
    return tuple(each for each in found if each)


def told_by(sources: Iterable[str]) -> str:
    """Write a set of sources as one text, to find transfers by."""
    return " ".join(sorted(set(sources)))
