"""Money so small that nobody pays a price with it: it waits for a person like any, but does not ring for each.

Anybody can send a bank account a đồng, thirty times a minute; the admins hear of it once an hour.
"""

from collections.abc import Sequence

from flows.judge_money import Judged
from flows.messages import Choice, Rows, Say
from flows.premises import Premises
from flows.send_reply import admin_jobs
from sales.money import Money
from sales.settlement import Decision
from sales.transfer import Sighting
from storage import small_reviews, work
from storage.unit import Unit

FLOOR = Money(1_000)
"""Less than this is small. Other currencies come by ways that nobody can send a little through."""


def is_small(sighting: Sighting, decision: Decision | None) -> bool:
    """Whether this is small money that waits for a person."""
    little = sighting.currency == FLOOR.currency and 0 < sighting.amount < FLOOR.minor
    return little and decision is not None and decision.waits


def tell_of_small(unit: Unit, premises: Premises, judged: Sequence[Judged]) -> None:
    """Tell the admins, once an hour, that such money waits, whose reviews are open by now."""
    if not any(is_small(each.sighting, each.decision) for each in judged):
        return
    count = len(small_reviews.waiting(unit, premises.shop.id, FLOOR))
    line, name = Say("admin-small-money", {"count": count, "floor": FLOOR}), f"small-money:{unit.now:%Y-%m-%dT%H}"
    work.enqueue(unit, premises.shop.id, admin_jobs(unit, premises, [line], name, choices=small_rows(count)))


def small_rows(count: int) -> Rows:
    """A button that puts aside so many small amounts at once; none for a single one, which has buttons of its own."""
    to_list = Choice(Say("reviews-all"), token="reviews:0")
    return ((to_list,), *small_button(count))


def small_button(count: int) -> Rows:
    """The same without the way to the list."""
    return ((Choice(Say("reviews-small", {"count": count}), token="review-small"),),) if count > 1 else ()
