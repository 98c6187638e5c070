"""An open order is taken back: by its buyer, or by an admin who gives its money back."""

from flows.clocks import end_of_watch_job
from flows.credit import give_back
from flows.links import closing_jobs
from flows.premises import Premises
from flows.show_card import turn_jobs
from sales.order import Payment
from sales.people import Peer
from sales.purchase import Order
from storage import orders, work
from storage.unit import Unit
from storage.work import Event, changed


def cancel_order(unit: Unit, premises: Premises, peer: Peer, order: Order, actor: str) -> bool:
    """Cancel an open order of `peer`, and give back the credit on it; False when it is no longer open.

    `actor` names who did it for the event log.
    """
    shop = premises.shop.id
    if not orders.move(unit, shop, order.id, Payment.CANCELLED):
        return False
    close_cards(unit, premises, peer, order)
    give_back(unit, premises, peer, order, actor)
    work.enqueue(unit, shop, [end_of_watch_job(order)])
    work.log(unit, shop, [Event("order.cancelled", order.id, actor, changed(Payment.OPEN, Payment.CANCELLED))])
    return True


def close_cards(unit: Unit, premises: Premises, peer: Peer, order: Order) -> None:
    """Close whatever QR of the order of `peer` could still be paid, with the links behind them."""
    shop = premises.shop.id
    closed = orders.close_attempts(unit, shop, [order.id], "cancelled").get(order.id, [])
    work.enqueue(unit, shop, [*turn_jobs(peer, order.id, closed, "cancelled"), *closing_jobs(order.id, closed)])
