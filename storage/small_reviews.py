"""Reviews of money that is less than some amount."""

from dataclasses import dataclass

from sqlalchemy import select

from sales.ids import ShopId
from sales.money import Money
from storage.reviews import Kind
from storage.schema.money import reviews, transfers
from storage.unit import Unit

MOST = 200
"""That are read at once."""


@dataclass(frozen=True, slots=True)
class Small:
    """A review that waits, and how much it is about."""

    review: int
    amount: Money


def waiting(unit: Unit, shop: ShopId, floor: Money, last: int | None = None) -> list[Small]:
    """Those that wait and are about money that came, less than `floor`, up to the id `last`; the oldest first."""
    query = select(reviews.c.id, transfers.c.amount).join(transfers, transfers.c.id == reviews.c.transfer_id)
    query = query.where(reviews.c.shop_id == shop, reviews.c.kind == Kind.MONEY, reviews.c.closed_at.is_(None))
    query = query.where(transfers.c.currency == floor.currency, transfers.c.amount > 0)
    query = query.where(transfers.c.amount < floor.minor)
    if last is not None:
        query = query.where(reviews.c.id <= last)
    rows = unit.conn.execute(query.order_by(reviews.c.id).limit(MOST))
    return [Small(row.id, Money(row.amount, floor.currency)) for row in rows]
