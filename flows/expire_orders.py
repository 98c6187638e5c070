"""End what has waited too long for money; while the shop still watches, money that comes is still taken."""

from collections.abc import Sequence

from flows.ask_for_rest import rest_job
from flows.clocks import end_of_watch_job
from flows.end_watch import parts_of
from flows.links import closing_jobs
from flows.messages import Choice, Reply, Say
from flows.name_contact import contact_lines
from flows.office import After, Office
from flows.premises import Premises
from flows.send_reply import reply_job
from flows.show_card import turn_jobs
from flows.task import Task
from sales.ids import OrderId
from sales.money import Money
from sales.order import Payment
from sales.purchase import Order
from storage import buyers, money, orders, work
from storage.unit import Unit
from storage.work import Event, changed


async def expire_due(office: Office, task: Task) -> After:
    """Carry out an expiry job; all of it is one Unit with the job's own end."""
    return lambda unit: expire_order(unit, office.premises, OrderId(task.payload["order"]))


def expire_order(unit: Unit, premises: Premises, order_id: OrderId) -> None:
    """Move an open order to expired and tell the buyer; an order that is paid or cancelled stays as it is."""
    shop = premises.shop
    if not orders.move(unit, shop.id, order_id, Payment.EXPIRED):
        return
    order = orders.by_id(unit, shop.id, order_id)
    peer = buyers.peer(unit, shop.id, order.peer)
    closed = orders.close_attempts(unit, shop.id, [order_id], "expired").get(order_id, [])
    again = Choice(Say("buy-again"), token=f"again:{order.code}")
    claim = Choice(Say("claim"), token=f"claim:{order.code}")
    parts = parts_of(unit, premises, order)
    lines = [Say("order-expired", {"code": order.code, "watch": order.watch_until})]
    jobs = [*turn_jobs(peer, order_id, closed, "expired"), *closing_jobs(order_id, closed)]
    if parts:
        lines += [*_kept(unit, premises, order, parts), *contact_lines(premises)]
        jobs.append(rest_job(order.id, order.code, _currency(order, parts), f"expired:{order_id}"))
    jobs.append(reply_job(peer, Reply(tuple(lines), ((again,), (claim,))), f"expired:{order_id}", order_id))
    work.enqueue(unit, shop.id, [*jobs, end_of_watch_job(order)])
    work.log(unit, shop.id, [Event("order.expired", order_id, detail=changed(Payment.OPEN, Payment.EXPIRED))])


def _kept(unit: Unit, premises: Premises, order: Order, parts: Sequence[Money]) -> list[Say]:
    """What is kept, and what is missing beside it, currency by currency."""
    bill = money.bills(unit, premises.shop.id, [order.code])[order.code]
    return [Say("part-is-kept", {"came": part, "missing": bill.missing_in(part.currency)}) for part in parts]


def _currency(order: Order, parts: Sequence[Money]) -> str:
    """The currency to ask for the rest in: an order has one card, and its buyer can choose another way from there."""
    kept = [part.currency for part in parts]
    return order.total.currency if order.total.currency in kept else kept[0]
