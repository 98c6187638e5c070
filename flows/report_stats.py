"""The shop's figures for whoever runs it: how a span of time went, and what waits for a person now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.premises import Premises
from sales.money import Money
from sales.order import Payment
from storage import stats
from storage.stats import Problems, Waits
from storage.unit import Unit

TODAY = "today"
SPANS: dict[str, int | None] = {TODAY: 1, "7d": 7, "30d": 30, "all": None}
"""Days of the shop's calendar, today included; None is everything."""


@dataclass(frozen=True, slots=True)
class Stats:
    """A span and its figures.

    `orders`: those placed in the span, by the payment state they have now. `received`: money that came in, a sum for
    each currency, and `returned` what was sent back. `sent` and `failed`: deliveries that ended. `waits`: from payment
    to goods. `problems`: as of now. `since` is where the span begins (UTC), None with the shop.
    """

    span: str
    since: datetime | None
    orders: dict[Payment, int]
    received: tuple[Money, ...]
    sent: int
    failed: int
    waits: Waits
    problems: Problems
    returned: tuple[Money, ...] = ()

    @property
    def placed(self) -> int:
        """Orders placed in the span."""
        return sum(self.orders.values())


def report_stats(unit: Unit, premises: Premises, span: str) -> Stats:
    """Count; `span` is one of SPANS."""
    shop = premises.shop
    since = begins(span, unit.now, shop.zone)
    placed = stats.placed(unit, shop.id, since)
    ended = stats.delivered(unit, shop.id, since)
    return Stats(
        span,
        since,
        {payment: placed.get(payment, 0) for payment in Payment},
        _sums(stats.received(unit, shop.id, since)),
        ended.get("sent", 0),
        ended.get("failed", 0),
        stats.waits(unit, shop.id, since),
        stats.problems(unit, shop.id),
        _sums(stats.returned(unit, shop.id, since)),
    )


def _sums(minors: Mapping[str, int]) -> tuple[Money, ...]:
    return tuple(Money(minor, currency) for currency, minor in sorted(minors.items()))


def begins(span: str, now: datetime, zone: str) -> datetime | None:
    """The first moment of a span: midnight by the clocks of `zone` (IANA name), so many days back."""
    days = SPANS[span]
    if days is None:
        return None
    first = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=days - 1)
    return datetime.combine(first, time.min, ZoneInfo(zone)).astimezone(now.tzinfo)
