"""What money leaves for a person to decide, opened and closed in the Unit that settles it."""

from collections.abc import Sequence

from flows.judge_money import Judged
from sales.ids import ShopId
from storage import reviews
from storage.reviews import Kind
from storage.unit import Unit

RULE = "rule"
PLACED = "placed"
"""How a review ends that another source has made needless."""


def keep_reviews(unit: Unit, shop: ShopId, judged: Sequence[Judged]) -> None:
    """Let money wait for a person that no rule can place; what another source has placed since waits no more."""
    decided = [(each, each.decision) for each in judged if each.decision is not None]
    placed = [each.transfer for each, decision in decided if each.twin is not None and not decision.waits]
    if placed:
        reviews.close_about(unit, shop, Kind.MONEY, placed, RULE, PLACED)
    waiting = [(each.transfer, decision.order) for each, decision in decided if decision.waits]
    if waiting:
        reviews.open_reviews(unit, shop, Kind.MONEY, waiting)
