"""How many orders were made or wait: what limits the next one."""

from datetime import datetime

from sqlalchemy import func, select

from sales.ids import BuyerId, ShopId
from sales.order import Payment
from storage.schema.orders import orders
from storage.unit import Unit


def open_count(unit: Unit, shop: ShopId, buyer: BuyerId) -> int:
    """How many orders of the buyer wait for money."""
    mine = (orders.c.shop_id == shop) & (orders.c.buyer_id == buyer) & (orders.c.payment == Payment.OPEN)
    return int(unit.conn.execute(select(func.count()).select_from(orders).where(mine)).scalar_one())


def made_since(unit: Unit, shop: ShopId, buyer: BuyerId, since: datetime) -> int:
    """How many orders the buyer has made since then."""
    mine = (orders.c.shop_id == shop) & (orders.c.buyer_id == buyer) & (orders.c.created_at >= since)
    return int(unit.conn.execute(select(func.count()).select_from(orders).where(mine)).scalar_one())


def placed_since(unit: Unit, shop: ShopId, since: datetime) -> int:
    """How many orders all buyers together have made since then; those that were cancelled are as if never made."""
    made = (orders.c.shop_id == shop) & (orders.c.created_at >= since) & (orders.c.payment != Payment.CANCELLED)
    return int(unit.conn.execute(select(func.count()).select_from(orders).where(made)).scalar_one())
