"""One look at an order on its way."""

from dataclasses import dataclass
from datetime import datetime

from flows.premises import Premises
from sales.money import Money
from sales.purchase import Attempt, Order
from storage import goods, money, orders
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came for it: by which source first, what it was taken for, and when the shop kept it (UTC)."""

    source: str
    amount: Money
    meaning: str
    memo: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The order as it stands; `payable` is the newest QR, `handed_over` when the worker was done (UTC)."""

    order: Order
    payable: Attempt | None
    movements: list[Movement]
    handed_over: datetime | None


def look(unit: Unit, premises: Premises, order: Order) -> Standing:
    """Read all of it at one moment."""
    shop = premises.shop.id
    rows = money.movements(unit, shop, order.id)
    told = money.told_of(unit, shop, [row.id for row in rows])
    came = [
        Movement(told[row.id][0].source, Money(row.amount, row.currency), row.meaning, row.memo, row.seen_at)
        for row in rows
    ]
    attempt = orders.open_attempt(unit, shop, order.id)
    ended = [row.ended_at for row in goods.deliveries_of(unit, shop, order.id) if row.state == "sent"]
    return Standing(
        orders.by_id(unit, shop, order.id),
        attempt if attempt is not None and attempt.state == "open" else None,
        came,
        ended[0] if ended else None,
    )
