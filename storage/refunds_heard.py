"""What banks have told of refunds: whether the feed shows money that goes out at all."""

from dataclasses import dataclass

from sqlalchemy import func, select

from sales.ids import ShopId
from sales.refund import GONE, Means, State
from storage.schema.money import refunds, transfers
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Heard:
    """How many refunds have gone, how many of them by a bank's or gateway's word; `outgoing`: any money was told of."""

    sent: int
    settled: int
    outgoing: bool


def heard(unit: Unit, shop: ShopId, means: Means) -> Heard:
    """The same of those that go by such means."""
    query = select(refunds.c.state, func.count()).where(refunds.c.shop_id == shop, refunds.c.means == means)
    counts = {state: count for state, count in unit.conn.execute(query.group_by(refunds.c.state))}
    went_out = select(transfers.c.id).where(transfers.c.shop_id == shop, transfers.c.amount < 0).limit(1)
    outgoing = unit.conn.execute(went_out).scalar() is not None
    return Heard(sum(counts.get(state, 0) for state in GONE), counts.get(State.SETTLED, 0), outgoing)
