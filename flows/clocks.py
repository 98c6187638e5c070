"""The clocks of an order: jobs that wait for the last part of its payment window, its end, and that of its watch."""

from datetime import timedelta

from sales.purchase import Order
from storage.work import Job

EXPIRE = "expire_order"
END_WATCH = "end_watch"
REMIND = "remind_order"

LEAST_LEFT = timedelta(minutes=2)
"""Less than this is too little to pay in."""


def expiry_job(order: Order) -> Job:
    """A job that ends the order's payment window at its time."""
    return Job(EXPIRE, f"expire:{order.id}", {"order": order.id}, order=order.id, run_at=order.pay_until)


def end_of_watch_job(order: Order) -> Job:
    """A job that ends the watch at its time; wanted once an order has expired or was cancelled."""
    return Job(END_WATCH, f"watch:{order.id}", {"order": order.id}, order=order.id, run_at=order.watch_until)


def reminder_jobs(order: Order) -> list[Job]:
    """A job that reminds its buyer when a third of the window is left; none where that would be at once or too late."""
    window = order.pay_until - order.created_at
    left = max(window / 3, LEAST_LEFT)
    if left >= window:
        return []
    when = order.pay_until - left
    return [Job(REMIND, f"remind:{order.id}", {"order": order.id}, order=order.id, run_at=when)]
