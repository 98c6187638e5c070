"""End what has waited too long for money; while the shop still watches, money that comes is still taken."""

from flows.ask_for_rest import rest_job
from flows.clocks import end_of_watch_job
from flows.end_watch import held_for
from flows.links import closing_jobs
from flows.messages import Choice, Reply, Say
from flows.name_contact import contact_lines
from flows.office import After, Office
from flows.premises import Premises
from flows.send_reply import reply_job
from flows.show_card import turn_jobs
from flows.task import Task
from sales.ids import OrderId
from sales.order import Payment
from storage import buyers, orders, work
from storage.unit import Unit
from storage.work import Event


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
    held = held_for(unit, premises, order)
    lines = [Say("order-expired", {"code": order.code, "watch": order.watch_until})]
    jobs = [*turn_jobs(peer, order_id, closed, "expired"), *closing_jobs(order_id, closed)]
    if held.minor:
        lines += [Say("part-is-kept", {"came": held, "missing": order.total - held}), *contact_lines(premises)]
        jobs.append(rest_job(order.id, order.code, held.currency, f"expired:{order_id}"))
    jobs.append(reply_job(peer, Reply(tuple(lines), ((again,),)), f"expired:{order_id}", order_id))
    work.enqueue(unit, shop.id, [*jobs, end_of_watch_job(order)])
    work.log(unit, shop.id, [Event("order.expired", order_id)])
