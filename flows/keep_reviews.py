"""What money leaves for a person to decide, opened and closed in the Unit that settles it."""

from collections.abc import Collection, Sequence

from flows.judge_money import Judged
from sales.ids import OrderId, ShopId
from sales.settlement import Decision
from sales.transfer import Standing
from storage import movements, pairing, reviews, work
from storage.reviews import RULE, Kind
from storage.unit import Unit
from storage.work import Event

PLACED = "placed"
"""How a review ends that another source has made needless."""

ARRIVED = "arrived"
FAILED = "failed"
"""How that of held money ends, by its gateway's own word."""

TAKEN_BACK = "taken_back"
"""How it ends when the gateway has taken the money back that waited."""


def keep_reviews(unit: Unit, shop: ShopId, judged: Sequence[Judged]) -> None:
    """Let money wait for a person that no rule can place; what needs none any more waits no more."""
    decided = [(each, each.decision) for each in judged if each.decision is not None]
    _close(unit, shop, [each.transfer for each, decision in decided if each.twin and not decision.waits], PLACED)
    for each, decision in decided:
        if each.sighting.standing is Standing.REVERSED and decision.postings:
            _close_reversed(unit, shop, each)
    for source, orders in _arrived(decided).items():
        close_held(unit, shop, orders, source, ARRIVED)
    waiting = [(each.transfer, decision.order) for each, decision in decided if decision.waits]
    if waiting:
        reviews.open_reviews(unit, shop, Kind.MONEY, waiting)


def _arrived(decided: Sequence[tuple[Judged, Decision]]) -> dict[str, set[OrderId]]:
    """Source → orders it tells of money for; only who knows payments by their numbers holds any back."""
    found: dict[str, set[OrderId]] = {}
    for each, decision in decided:
        sighting = each.sighting
        if sighting.number is not None and decision.bill is not None and sighting.standing is Standing.ARRIVED:
            found.setdefault(sighting.source, set()).add(decision.bill.order)
    return found


def close_held(unit: Unit, shop: ShopId, orders: Collection[OrderId], source: str, outcome: str) -> None:
    """A gateway has said what became of the money it held back from these orders: nobody need look at it any more."""
    _close(unit, shop, movements.held_for(unit, shop, orders, source), outcome)


def _close_reversed(unit: Unit, shop: ShopId, judged: Judged) -> None:
    found = pairing.transfer_named(unit, shop, judged.sighting.source, judged.sighting.reverses)
    if found is not None:
        _close(unit, shop, [found[0]], TAKEN_BACK)


def _close(unit: Unit, shop: ShopId, transfers: Collection[int], outcome: str) -> None:
    """Close what waits about these, which is logged with the order each was about."""
    if not transfers:
        return
    closed = [each for each in reviews.all_about(unit, shop, Kind.MONEY, transfers) if each.closed_at is None]
    reviews.close_about(unit, shop, Kind.MONEY, transfers, RULE, outcome)
    if closed:
        told = [Event("review.closed", each.order, RULE, change_of(each.id, outcome)) for each in closed]
        work.log(unit, shop, told)


def change_of(review: int, outcome: str, reason: str = "") -> dict[str, object]:
    """What the log keeps of the end of a review."""
    detail: dict[str, object] = {"review": review, "before": "waiting", "after": outcome}
    return detail | ({"reason": reason} if reason else {})
