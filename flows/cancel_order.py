"""The buyer takes an order back."""

from flows.clocks import end_of_watch_job
from flows.premises import Premises
from flows.show_card import turn_jobs
from sales.order import Payment
from sales.people import Peer
from sales.purchase import Order
from storage import orders, work
from storage.unit import Unit
from storage.work import Event


def cancel_order(unit: Unit, premises: Premises, peer: Peer, order: Order) -> bool:
    """Cancel an open order; False when it is no longer open."""
    shop = premises.shop.id
    if not orders.move(unit, shop, order.id, Payment.CANCELLED):
        return False
    closed = orders.close_attempts(unit, shop, [order.id], "cancelled").get(order.id, [])
    work.enqueue(unit, shop, [*turn_jobs(peer, order.id, closed, "cancelled"), end_of_watch_job(order)])
    work.log(unit, shop, [Event("order.cancelled", order.id, f"buyer:{peer.buyer}")])
    return True
