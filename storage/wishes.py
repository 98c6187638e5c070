"""What buyers wish to have back: refunds that are asked for and wait for an admin's word in the review queue."""

from datetime import datetime

from sqlalchemy import func, select

from sales.ids import BuyerId, ShopId
from sales.refund import Refund, State
from storage.refunds import refund_of, wished
from storage.schema.money import refunds
from storage.schema.orders import orders
from storage.schema.people import peers
from storage.unit import Unit


def of_buyer(unit: Unit, shop: ShopId, buyer: BuyerId) -> list[Refund]:
    """All that a buyer wishes, oldest first."""
    query = select(refunds).join(orders, orders.c.id == refunds.c.order_id).where(orders.c.buyer_id == buyer)
    query = query.where(refunds.c.shop_id == shop, refunds.c.state == State.ASKED, wished())
    return [refund_of(row) for row in unit.conn.execute(query.order_by(refunds.c.id))]


def made_since(unit: Unit, shop: ShopId, buyer: BuyerId, since: datetime) -> int:
    """How many the buyer has made since then, whatever became of them."""
    made = select(func.count()).select_from(refunds.join(orders, orders.c.id == refunds.c.order_id))
    made = made.join(peers, (peers.c.id == refunds.c.asked_by) & (peers.c.buyer_id == orders.c.buyer_id))
    mine = (refunds.c.shop_id == shop) & (orders.c.buyer_id == buyer) & (refunds.c.created_at >= since)
    return int(unit.conn.execute(made.where(mine)).scalar_one())


def is_wish(unit: Unit, shop: ShopId, refund: Refund) -> bool:
    """Whether a refund is a buyer's wish that nobody has decided yet."""
    same = (refunds.c.shop_id == shop) & (refunds.c.id == refund.id) & (refunds.c.state == State.ASKED)
    return unit.conn.execute(select(refunds.c.id).where(same, wished())).scalar() is not None
