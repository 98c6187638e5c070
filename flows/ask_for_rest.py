"""Ask for what a short payment has left open: one QR for exactly the rest, as it stands when the job runs.

A payment link that was paid in part is closed, and one for the rest takes its place.

It is a job of its own so that money is settled even when no QR can be made, for instance for want of an account.
"""

from flows.ask_to_pay import ask_to_pay, way_of
from flows.links import closing_jobs
from flows.office import After, Office
from flows.premises import Premises
from flows.show_card import turn_jobs
from flows.task import Task
from flows.ways import order_ways
from sales.ids import OrderId
from sales.order import Bill, Payment
from sales.way import Way
from storage import buyers, money, orders, work
from storage.unit import Unit
from storage.work import Job

TOPIC = "ask_for_rest"


def rest_job(order: OrderId, code: str, currency: str, occasion: str) -> Job:
    """A job that asks for the rest in that currency; without a lane, for it must not hold up what else is told."""
    return Job(TOPIC, f"rest:{occasion}", {"code": code, "currency": currency}, order=order)


async def ask_for_rest(office: Office, task: Task) -> After:
    """Carry out such a job; all of it is one Unit with the job's own end."""
    # Jobs that an earlier version has left knew one currency only.
    code, currency = task.payload["code"], task.payload.get("currency", "VND")
    return lambda unit: hand_out_rest(unit, office.premises, code, currency)


def hand_out_rest(unit: Unit, premises: Premises, code: str, currency: str) -> None:
    """Replace the order's card by one for what is missing; nothing to do when it is paid or asked for already.

    Neither when the order was cancelled meanwhile, or what had come for it was given back.
    Raises NotConfigured as `ask_to_pay` does.
    """
    shop = premises.shop.id
    bill = money.bills(unit, shop, [code])[code]
    if not _wanted(unit, bill, currency):
        return
    missing, asked = bill.missing_in(currency), orders.open_attempt(unit, shop, bill.order)
    # With nothing left on it in this currency, only a card that asks for too little of it is replaced.
    if not bill.deposited_in(currency).minor and (asked is None or asked.amount.currency != currency):
        return
    if asked and asked.amount == missing:
        return
    order = orders.by_id(unit, shop, bill.order)
    peer = buyers.peer(unit, shop, order.peer)
    replaced = orders.close_attempts(unit, shop, [order.id], "replaced").get(order.id, [])
    work.enqueue(unit, shop, [*turn_jobs(peer, order.id, replaced, "replaced"), *closing_jobs(order.id, replaced)])
    orders.price_at(unit, shop, order.id, bill.price_in(currency))
    ask_to_pay(unit, premises, peer, order, missing, bill.until, _way(unit, premises, bill, currency))


def _wanted(unit: Unit, bill: Bill, currency: str) -> bool:
    over = bill.state is Payment.PAID or bill.is_over(unit.now)
    return bill.takes(currency) and not over


def _way(unit: Unit, premises: Premises, bill: Bill, currency: str) -> Way | None:
    """The way the buyer went last in that currency, as long as it is there."""
    gone = (way_of(premises, each) for each in reversed(orders.attempts_of(unit, premises.shop.id, bill.order)))
    last = next((way for way in gone if way.currency == currency), None)
    order = orders.by_id(unit, premises.shop.id, bill.order)
    peer = buyers.peer(unit, premises.shop.id, order.peer)
    return last if last in order_ways(unit, premises, order, peer.channel) else None
