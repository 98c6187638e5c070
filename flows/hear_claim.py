"""A buyer says that an order is paid of which no money has been seen: the admins are told, once."""

from flows.end_watch import parts_of
from flows.messages import Say
from flows.premises import Premises
from flows.send_reply import admin_jobs
from sales.purchase import Order
from storage import work
from storage.unit import Unit


def hear_claim(unit: Unit, premises: Premises, order: Order) -> None:
    """Tell them of an order that is not paid; once a part has come, the money speaks for itself."""
    if parts_of(unit, premises, order):
        return
    line = Say("admin-says-paid", {"code": order.code, "amount": order.total})
    work.enqueue(unit, premises.shop.id, admin_jobs(unit, premises, [line], f"says-paid:{order.id}", order.id))
