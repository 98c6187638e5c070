"""One reminder before an order lapses: how long is left, what is missing, and the buttons to pay it."""

from flows.held_money import held_money
from flows.messages import Choice, Reply, Rows, Say, Value
from flows.office import After, Office
from flows.premises import Premises
from flows.send_reply import reply_job
from flows.show_card import card_buttons
from flows.task import Task
from sales.ids import OrderId
from sales.order import Payment
from sales.purchase import Attempt, Order
from storage import buyers, money, orders, work
from storage.unit import Unit


async def remind_due(office: Office, task: Task) -> After:
    """Carry out a reminder job; all of it is one Unit with the job's own end."""
    return lambda unit: remind_order(unit, office.premises, OrderId(task.payload["order"]))


def remind_order(unit: Unit, premises: Premises, order_id: OrderId) -> None:
    """Remind the buyer of an order that still waits; nobody of one that is over, or whose money a gateway holds."""
    shop = premises.shop.id
    order = orders.by_id(unit, shop, order_id)
    attempt = orders.open_attempt(unit, shop, order_id)
    if order.payment is not Payment.OPEN or unit.now >= order.pay_until:
        return
    if attempt is not None and held_money(unit, premises, order, attempt) is not None:
        return
    peer = buyers.peer(unit, shop, order.peer)
    missing = money.bills(unit, shop, [order.code])[order.code].missing
    values: dict[str, Value] = {"code": order.code, "missing": missing, "left": order.pay_until - unit.now}
    choices = _choices(unit, premises, peer.channel, order, attempt)
    reminder = Reply((Say("order-reminder", values),), choices)
    work.enqueue(unit, shop, [reply_job(peer, reminder, f"reminder:{order_id}", order_id)])


def _choices(unit: Unit, premises: Premises, channel: str, order: Order, attempt: Attempt | None) -> Rows:
    """Those of its card; while there is none to pay by, the order itself and its end."""
    if attempt is not None and attempt.payable(order, unit.now):
        return card_buttons(unit, premises, channel, order, attempt)
    see, cancel = Say("see-order"), Say("cancel")
    return ((Choice(see, token=f"order:{order.code}"), Choice(cancel, token=f"cancel:{order.code}")),)
