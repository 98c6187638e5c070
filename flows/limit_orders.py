"""How many orders may be placed: by one buyer at a time, in an hour and in a day, and by all of them in an hour."""

from datetime import timedelta

from flows.messages import Say
from flows.premises import Premises
from flows.send_reply import admin_jobs
from sales.errors import Tell
from sales.ids import BuyerId
from storage import order_counts, work
from storage.unit import Unit

MOST_ORDERS_A_DAY = 20
"""One buyer makes no more orders than this in 24 hours, or anybody could fill the database with taps."""

MOST_ORDERS_AN_HOUR = 10
"""One buyer makes no more than this in an hour, cancelled ones too: the hour's orders are there for everybody."""

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def may_place(unit: Unit, premises: Premises, buyer: BuyerId, instead: int = 0) -> None:
    """Raise Tell when the buyer has too many open orders, of which `instead` go first, or made too many of late.

    And when all buyers together have placed as many in this hour as the shop takes.
    """
    shop = premises.shop
    if order_counts.open_count(unit, shop.id, buyer) - instead >= shop.most_open:
        raise Tell("order-too-many-open", count=shop.most_open)
    if order_counts.made_since(unit, shop.id, buyer, unit.now - DAY) >= MOST_ORDERS_A_DAY:
        raise Tell("order-too-many")
    if order_counts.made_since(unit, shop.id, buyer, unit.now - HOUR) >= MOST_ORDERS_AN_HOUR:
        raise Tell("order-too-many-this-hour")
    if order_counts.placed_since(unit, shop.id, unit.now - HOUR) >= shop.most_an_hour:
        raise Tell("shop-has-too-many-orders")


def tell_of_rush(unit: Unit, premises: Premises) -> None:
    """Once an order is the last that this hour takes, the admins hear of it, once an hour."""
    shop = premises.shop
    if order_counts.placed_since(unit, shop.id, unit.now - HOUR) >= shop.most_an_hour:
        line = Say("admin-orders-rush", {"count": shop.most_an_hour})
        name = f"orders-rush:{unit.now:%Y-%m-%dT%H}"
        work.enqueue(unit, shop.id, admin_jobs(unit, premises, [line], name))
