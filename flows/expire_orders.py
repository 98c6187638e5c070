"""End what has waited too long for money; while the shop still watches, money that comes is still taken."""

from flows.messages import Choice, Reply, Say
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
from storage.work import Event, Job

TOPIC = "expire_order"


def expiry_job(order: Order) -> Job:
    """A job that ends the order's payment window at its time."""
    return Job(TOPIC, f"expire:{order.id}", {"order": order.id}, order=order.id, run_at=order.pay_until)


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
    told = Reply(_end_of_time(unit, premises, order), ((again,),))
    jobs = [*turn_jobs(peer, order_id, closed, "expired"), reply_job(peer, told, f"expired:{order_id}", order_id)]
    work.enqueue(unit, shop.id, jobs)
    work.log(unit, shop.id, [Event("order.expired", order_id)])


def _end_of_time(unit: Unit, premises: Premises, order: Order) -> tuple[Say, ...]:
    """Say that the time is over; somebody who has paid a part hears where that is."""
    over = Say("order-expired", {"code": order.code, "watch": order.watch_until})
    part = money.deposits(unit, premises.shop.id, [order.id]).get(order.id, 0)
    if not part:
        return (over,)
    came = Money(part, order.total.currency)
    return over, Say("part-is-kept", {"came": came, "missing": order.total - came})
