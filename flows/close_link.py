"""Have a payment link closed whose attempt nobody shall pay any more."""

from contextlib import suppress

from flows.office import After, Office
from flows.premises import Premises
from flows.task import Task
from gateways.gateway import Link, LinkState
from sales.errors import Rejected
from sales.ids import AttemptId
from sales.purchase import Attempt
from storage import orders, work
from storage.unit import Unit
from storage.work import Event


async def close_link(office: Office, task: Task) -> After:
    """Carry out such a job; a link that was paid, is closed or unknown needs nothing.

    Without its gateway's secrets a link is left alone: it ends by itself with the attempt's time.
    """
    premises, attempt_id = office.premises, AttemptId(task.payload["attempt"])
    attempt = await office.store.read(lambda unit: orders.attempt(unit, premises.shop.id, attempt_id))
    if office.links is None:
        return None
    # Refused means paid or closed at this very moment.
    with suppress(Rejected):
        link = await office.links.ask(attempt.number)
        if link is not None and _can_be_paid(link, attempt):
            await office.links.cancel(attempt.number, attempt.state)
            return lambda unit: _note(unit, premises, attempt, link)
    return None


def _can_be_paid(link: Link, attempt: Attempt) -> bool:
    """Whether it is the link of this attempt, which is over, and still takes money."""
    ours = link.id == attempt.link_id if attempt.link_id else link.amount == attempt.amount
    return ours and link.state in (LinkState.OPEN, LinkState.UNDERPAID)


def _note(unit: Unit, premises: Premises, attempt: Attempt, link: Link) -> None:
    detail = {"gateway": attempt.gateway, "number": attempt.number, "link": link.id, "became": attempt.state}
    work.log(unit, premises.shop.id, [Event("link.closed", attempt.order, attempt.gateway, detail)])
