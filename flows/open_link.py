"""Ask the gateway for a payment link, outside every Unit; what it answers is kept in another, with the card.

The number of a link is ours: whatever was cut off half way is asked for again under it, and found.
"""

from flows.ask_to_pay import qr_digest
from flows.do_without_link import bear_delay, bear_refusal
from flows.find_link import open_or_find
from flows.links import Case, case_for, closing_job
from flows.office import After, Office
from flows.premises import Premises
from flows.show_card import show_card
from flows.task import Task
from gateways.gateway import Link, Links, LinkWanted
from sales.errors import Later, NotConfigured, Rejected, StoreBusy
from sales.ids import AttemptId
from sales.purchase import Order
from storage import links, work
from storage.unit import Unit
from storage.work import Event

MOST_NUMBERS = 3
"""Numbers tried in one go: each costs up to three calls, and all must end within the job's lease."""


async def open_link(office: Office, task: Task) -> After:
    """Carry out such a job; an attempt that was closed meanwhile, or is out of time, is asked for no more."""
    premises, attempt_id = office.premises, AttemptId(task.payload["attempt"])
    case = await office.store.read(lambda unit: case_for(unit, premises, attempt_id))
    if case.attempt.link_id:
        return None
    if case.over:
        # What was never asked for left no link, and the number may be somebody else's.
        return (lambda unit: _have_closed(unit, premises, case)) if task.repeated else None
    if office.links is None:
        raise NotConfigured("no gateway to ask for payment links")
    try:
        link = await _obtain(office, office.links, case, sent=task.repeated)
    except StoreBusy:
        raise
    except Later as trouble:
        return await bear_delay(office, task, case, trouble)
    except Rejected as refusal:
        return await bear_refusal(office, task, case, refusal)
    return (lambda unit: _keep(unit, premises, case, link)) if link else None


async def _obtain(office: Office, gateway: Links, case: Case, *, sent: bool) -> Link | None:
    """A link that can be shown; None when the attempt was closed while a new number was drawn for it.

    `sent`: its present number may have been sent before.
    """
    shop, attempt = office.premises.shop.id, case.attempt
    for _ in range(MOST_NUMBERS):
        wanted = LinkWanted(attempt.number, case.order.code, attempt.amount, attempt.expires_at, office.back)
        if (link := await open_or_find(gateway, wanted, sent=sent)) is not None:
            return link
        renumbered = await office.store.write(lambda unit: links.renumber(unit, shop, case.attempt.id))
        if renumbered is None:
            return None
        attempt, sent = renumbered, False
    raise Later("every number was taken")


def _keep(unit: Unit, premises: Premises, case: Case, link: Link) -> None:
    """Keep what the gateway has answered, and show the card."""
    shop, order = premises.shop.id, case.order
    attempt = links.take(unit, shop, case.attempt.id, _values(link, order))
    if attempt is None:
        _have_closed(unit, premises, case)
        return
    show_card(unit, premises, case.peer, order, attempt)
    detail = {"gateway": attempt.gateway, "number": attempt.number, "link": attempt.link_id}
    work.log(unit, shop, [Event("link.opened", order.id, attempt.gateway, detail)])


def _have_closed(unit: Unit, premises: Premises, case: Case) -> None:
    """The attempt is over: a link that was made for it all the same must not be paid."""
    work.enqueue(unit, premises.shop.id, [closing_job(case.order.id, case.attempt.id)])


def _values(link: Link, order: Order) -> dict[str, str]:
    return {
        "link_id": link.id,
        "link_url": link.url,
        "bin": link.bin,
        "account": link.account,
        "holder": link.holder,
        "memo": link.memo or order.code,
        "qr": link.qr,
        "qr_md5": qr_digest(link.qr),
    }
