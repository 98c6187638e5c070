"""Payment links as jobs: one asks the gateway for a link, another has it closed."""

from collections.abc import Iterable
from dataclasses import dataclass

from flows.premises import Premises
from sales.ids import AttemptId, OrderId
from sales.people import Peer
from sales.purchase import Attempt, Order
from storage import accounts, buyers, orders
from storage.orders import Closed
from storage.unit import Unit
from storage.work import Job

OPEN = "open_link"
CLOSE = "close_link"

TOPICS = (OPEN, CLOSE)
"""Jobs that wait for the gateway: up to two minutes each, when it hangs."""


@dataclass(frozen=True, slots=True)
class Case:
    """An attempt to be paid by a link, and whose it is.

    `over`: nobody shall pay it any more. `spare`: the shop could draw a QR of its own instead.
    """

    attempt: Attempt
    order: Order
    peer: Peer
    over: bool
    spare: bool


def case_for(unit: Unit, premises: Premises, attempt_id: AttemptId) -> Case:
    """Look up what the link of an attempt is for."""
    shop = premises.shop.id
    attempt, order = orders.attempt_of(unit, shop, attempt_id)
    over = attempt.state != "asked" or attempt.expires_at <= unit.now
    spare = premises.spare is not None and accounts.shown_account(unit, shop) is not None
    return Case(attempt, order, buyers.peer(unit, shop, order.peer), over, spare)


def opening_job(order: OrderId, attempt: AttemptId) -> Job:
    """A job that asks for the attempt's link; without a lane, for a slow gateway holds up nobody."""
    return Job(OPEN, f"open_link:{attempt}", {"attempt": attempt}, order=order)


def closing_job(order: OrderId, attempt: AttemptId) -> Job:
    """A job that closes the link of a closed attempt, or what an unheard answer may have left of one."""
    return Job(CLOSE, f"close_link:{attempt}", {"attempt": attempt}, order=order)


def closing_jobs(order: OrderId, closed: Iterable[Closed]) -> list[Job]:
    """Such jobs for the attempts that have a link; a job that still asks for one closes it by itself."""
    return [closing_job(order, each.id) for each in closed if each.linked]
