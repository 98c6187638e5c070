"""The end of an unpaid order's watch: money for it is late from now on; what was paid on it is its buyer's choice."""

from flows.credit import give_back
from flows.credit_choices import credit_choices
from flows.links import closing_jobs
from flows.messages import Reply, Say, Value
from flows.office import After, Office
from flows.premises import Premises
from flows.send_reply import admin_jobs, reply_job
from flows.task import Task
from sales.ids import OrderId
from sales.money import Money
from sales.order import Payment
from sales.purchase import Order
from storage import buyers, looks, money, orders, work
from storage.unit import Unit


async def end_watch_due(office: Office, task: Task) -> After:
    """Carry out such a job; all of it is one Unit with the job's own end."""
    return lambda unit: end_watch(unit, office.premises, OrderId(task.payload["order"]))


def end_watch(unit: Unit, premises: Premises, order_id: OrderId) -> None:
    """Close what is still open of the order's QR codes, and give credit back; buyer and admins hear of parts held."""
    shop = premises.shop.id
    order = orders.by_id(unit, shop, order_id)
    if order.payment is Payment.PAID:
        return
    closed = orders.close_attempts(unit, shop, [order_id], "expired").get(order_id, [])
    work.enqueue(unit, shop, closing_jobs(order_id, closed))
    looks.stop(unit, shop, [order_id])
    peer = buyers.peer(unit, shop, order.peer)
    give_back(unit, premises, peer, order)
    for held in parts_of(unit, premises, order):
        values: dict[str, Value] = {"code": order.code, "came": held}
        told = Reply((Say("part-is-held", values),), credit_choices(order.code, held.currency))
        name = f"held:{order_id}:{held.currency}"
        jobs = admin_jobs(unit, premises, [Say("admin-part-held", values)], name, order_id)
        work.enqueue(unit, shop, [reply_job(peer, told, name, order_id), *jobs])


def parts_of(unit: Unit, premises: Premises, order: Order) -> list[Money]:
    """What short payments have left on an order, currency by currency."""
    parts = money.deposits(unit, premises.shop.id, [order.id]).get(order.id, {})
    return [Money(minor, currency) for currency, minor in sorted(parts.items())]
