"""What banks have told of refunds of late: whether the feed shows money that goes out."""

from dataclasses import dataclass
from datetime import datetime

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


def heard(unit: Unit, shop: ShopId, means: Means, since: datetime) -> Heard:
    """The same of those that went by such means since then, and of money that was told of since then."""
    mine = (refunds.c.shop_id == shop) & (refunds.c.means == means)
    gone = func.coalesce(refunds.c.sent_at, refunds.c.settled_at) >= since
    query = select(refunds.c.state, func.count()).where(mine, gone).group_by(refunds.c.state)
    counts = {state: count for state, count in unit.conn.execute(query)}
    lately = (transfers.c.shop_id == shop) & (transfers.c.amount < 0) & (transfers.c.seen_at >= since)
    went_out = select(transfers.c.id).where(lately).limit(1)
    outgoing = unit.conn.execute(went_out).scalar() is not None
    return Heard(sum(counts.get(state, 0) for state in GONE), counts.get(State.SETTLED, 0), outgoing)
