"""The clocks of an order: jobs that wait for the end of its payment window and of its watch."""

from sales.purchase import Order
from storage.work import Job

EXPIRE = "expire_order"
END_WATCH = "end_watch"


def expiry_job(order: Order) -> Job:
    """A job that ends the order's payment window at its time."""
    return Job(EXPIRE, f"expire:{order.id}", {"order": order.id}, order=order.id, run_at=order.pay_until)


def end_of_watch_job(order: Order) -> Job:
    """A job that ends the watch at its time; wanted once an order has expired or was cancelled."""
    return Job(END_WATCH, f"watch:{order.id}", {"order": order.id}, order=order.id, run_at=order.watch_until)
