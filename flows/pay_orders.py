"""Orders are paid, by whatever money: moved, their buyers thanked, their cards turned, the goods taken."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flows.grant_goods import grant_goods
from flows.links import closing_jobs
from flows.messages import Reply, Say
from flows.premises import Premises
from flows.send_reply import reply_job
from flows.show_card import turn_jobs
from gateways.registry import SOURCES, SPEAKERS
from sales.ids import OrderId
from sales.people import Peer
from storage import looks, orders, work
from storage.unit import Unit
from storage.work import Job

LAST_LOOK = timedelta(minutes=10)
"""How long after an order was paid its payments are asked for the last time."""

WATCHERS = frozenset(SOURCES)
"""Whoever tells of a bank account: the same QR can be paid there twice."""


def pay_orders(
    unit: Unit, premises: Premises, paid: Sequence[OrderId], peers: Mapping[OrderId, Peer], sources: frozenset[str]
) -> None:
    """Move the orders to paid, and all that follows; `sources` told of the money, none of a buyer's credit."""
    if not paid:
        return
    shop = premises.shop.id
    moved = orders.pay(unit, shop, paid)
    if len(moved) != len(paid):
        raise RuntimeError("an order that was locked has moved")
    # What one watcher tells of may have been paid by the QR or link of another.
    by = sources | set(SPEAKERS.values()) if sources & WATCHERS else sources
    closed = orders.close_paid(unit, shop, paid, by)
    # A second payment may be on its way, of which a lost notice, or a gateway without any, would never tell.
    looks.end(unit, shop, paid, unit.now + LAST_LOOK, sources - WATCHERS)
    jobs: list[Job] = []
    for order in moved:
        thanks = Reply((Say("payment-received", {"code": order.code}),))
        jobs.append(reply_job(peers[order.id], thanks, f"paid:{order.id}", order.id))
        jobs += turn_jobs(peers[order.id], order.id, closed.get(order.id, []), "paid")
        jobs += closing_jobs(order.id, closed.get(order.id, []))
    work.enqueue(unit, shop, [*jobs, *grant_goods(unit, premises, moved, peers)])
