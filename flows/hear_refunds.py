"""The bank's own word about money that goes back: what went out ends a refund, what bounces opens it again."""

from collections.abc import Sequence

from flows.judge_money import Judged
from flows.premises import Premises
from sales.refund import Refund, State, sending
from sales.settlement import Meaning
from storage import refunds, reviews
from storage.reviews import Kind
from storage.unit import Unit


def hear_refunds(unit: Unit, premises: Premises, judged: Sequence[Judged]) -> None:
    """Carry out what a bank has said of refunds, in the Unit that settles it."""
    for each in judged:
        decision = each.decision
        if decision is None or decision.refund is None:
            continue
        if decision.meaning is Meaning.RETURNED:
            _came_back(unit, premises, decision.refund)
        else:
            _went_out(unit, premises, decision.refund, each.transfer)


def _went_out(unit: Unit, premises: Premises, refund: Refund, transfer: int) -> None:
    shop = premises.shop.id
    if refunds.settle(unit, shop, refund.id, transfer) and refund.owed:
        refunds.post(unit, shop, refund, sending(refund.amount))


def _came_back(unit: Unit, premises: Premises, refund: Refund) -> None:
    shop = premises.shop.id
    if refunds.come_back(unit, shop, refund.id, State.RETURNED, ""):
        reviews.open_reviews(unit, shop, Kind.REFUND, [(refund.id, refund.order)])
