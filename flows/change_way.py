"""A buyer pays an order in another way: a new attempt takes the place of the one before."""

from flows.ask_to_pay import ask_to_pay, way_of
from flows.links import closing_jobs
from flows.premises import Premises
from flows.show_card import turn_jobs
from sales.errors import Tell
from sales.people import Peer
from sales.purchase import Order
from sales.way import Way
from storage import money, orders, work
from storage.unit import Unit
from storage.work import Event

MOST_ATTEMPTS = 20
"""One order is asked for no more often than this, or anybody could fill the database with taps."""


def change_way(unit: Unit, premises: Premises, peer: Peer, order: Order, way: Way, actor: str) -> bool:
    """Ask for what is missing of an order by `way`; False when it is asked for that way already, or cannot be paid.

    An order whose time is over can be paid as long as it is watched. `actor` names who did it for the event log. Money
    that still comes the old way counts all the same. Raises Tell, before anything is written, when it was changed too
    often.
    """
    shop = premises.shop.id
    bill = money.bills(unit, shop, [order.code])[order.code]
    asked = orders.open_attempt(unit, shop, order.id)
    if not orders.by_id(unit, shop, order.id).payable(unit.now) or not bill.takes(way.currency):
        return False
    missing = bill.missing_in(way.currency)
    # A page may have been left for good, and its gateway may not open it a second time.
    if asked is not None and not asked.on_page and (way_of(premises, asked), asked.amount) == (way, missing):
        return False
    if len(orders.attempts_of(unit, shop, order.id)) >= MOST_ATTEMPTS:
        raise Tell("way-too-often", code=order.code)
    replaced = orders.close_attempts(unit, shop, [order.id], "replaced").get(order.id, [])
    work.enqueue(unit, shop, [*turn_jobs(peer, order.id, replaced, "changed"), *closing_jobs(order.id, replaced)])
    orders.price_at(unit, shop, order.id, bill.price_in(way.currency))
    ask_to_pay(unit, premises, peer, orders.by_id(unit, shop, order.id), missing, bill.until, way)
    work.log(unit, shop, [Event("order.way", order.id, actor, {"way": way.key})])
    return True
