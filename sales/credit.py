"""Credit of a buyer: it lies on the orders it came from, and is taken from the oldest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sales.ids import OrderId
from sales.money import Money

KEPT_WHOLE = frozenset({"XTR"})
"""Currencies whose credit is never put on an order: Telegram gives Stars back only by the very payment they came by."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Credit in one currency that lies on one order.

    A negative one was taken back by a gateway after it had been spent: it counts against the others.
    """

    order: OrderId
    code: str
    amount: Money


def totals(lots: Sequence[Lot]) -> dict[str, int]:
    """Currency → minor units of all lots together; below zero when more was taken back than is left."""
    found: dict[str, int] = {}
    for lot in lots:
        found[lot.amount.currency] = found.get(lot.amount.currency, 0) + lot.amount.minor
    return {currency: minor for currency, minor in found.items() if minor}


def without(lots: Sequence[Lot], promised: Mapping[tuple[OrderId, str], int]) -> list[Lot]:
    """The lots less what is promised otherwise, by order and currency."""
    left = [_less(lot, promised.get((lot.order, lot.amount.currency), 0)) for lot in lots]
    return [lot for lot in left if lot.amount.minor]


def joined(lots: Sequence[Lot], more: Lot) -> list[Lot]:
    """The lots with one more, together with what lies on its order already."""
    name = more.order, more.amount.currency
    same = [lot for lot in lots if (lot.order, lot.amount.currency) == name]
    together = sum((lot.amount.minor for lot in same), more.amount.minor)
    return [*(lot for lot in lots if lot not in same), replace(more, amount=Money(together, more.amount.currency))]


def draw(lots: Sequence[Lot], most: Money) -> list[Lot]:
    """Take up to `most` from the lots of its currency, in their order; never more than all of them together hold."""
    mine = [lot for lot in lots if lot.amount.currency == most.currency]
    left = min(most.minor, totals(mine).get(most.currency, 0))
    taken = []
    for lot in mine:
        part = min(left, lot.amount.minor)
        if part > 0:
            taken.append(replace(lot, amount=Money(part, most.currency)))
            left -= part
    return taken


def rest(price: Money, have: Mapping[str, int], tolerance: int) -> Money:
    """What is left to pay of a price beside credit (currency → minor units); nothing where `tolerance` đồng forgive it.

    Without any credit the whole price is left.
    """
    mine = have.get(price.currency, 0)
    left = max(price.minor - mine, 0)
    forgiven = mine > 0 and price.currency == "VND" and left <= tolerance
    return Money(0 if forgiven else left, price.currency)


def _less(lot: Lot, minor: int) -> Lot:
    """A promise may be of more than credit: of what else lies on the same order."""
    left = max(lot.amount.minor - minor, min(lot.amount.minor, 0))
    return replace(lot, amount=Money(left, lot.amount.currency))
