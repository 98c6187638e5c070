"""Ask the gateway for a payment link, outside every Unit; what it answers is kept in another, with the card.

The number of a link is ours: whatever was cut off half way is asked for again under it, and found.
"""

from flows.ask_to_pay import qr_digest
from flows.do_without_link import bear_delay, bear_refusal
from flows.find_link import open_or_find
from flows.links import Errand, closing_job, errand_for
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
    errand = await office.store.read(lambda unit: errand_for(unit, premises, attempt_id))
    if errand.attempt.link_id:
        return None
    if errand.over:
        return lambda unit: _have_closed(unit, premises, errand)
    if office.links is None:
        raise NotConfigured("no gateway to ask for payment links")
    try:
        link = await _obtain(office, office.links, errand)
    except StoreBusy:
        raise
    except Later as trouble:
        return await bear_delay(office, task, errand, trouble)
    except Rejected as refusal:
        return await bear_refusal(office, errand, refusal)
    return lambda unit: _keep(unit, premises, errand, link)


async def _obtain(office: Office, gateway: Links, errand: Errand) -> Link | None:
    """A link that can be shown; None when the attempt was closed while a new number was drawn for it."""
    shop, attempt = office.premises.shop.id, errand.attempt
    for _ in range(MOST_NUMBERS):
        wanted = LinkWanted(attempt.number, errand.order.code, attempt.amount, attempt.expires_at, office.back)
        if (link := await open_or_find(gateway, wanted)) is not None:
            return link
        renumbered = await office.store.write(lambda unit: links.renumber(unit, shop, errand.attempt.id))
        if renumbered is None:
            return None
        attempt = renumbered
    raise Later("every number was taken")


def _keep(unit: Unit, premises: Premises, errand: Errand, link: Link | None) -> None:
    """Keep what the gateway has answered, and show the card."""
    shop, order = premises.shop.id, errand.order
    attempt = link and links.take(unit, shop, errand.attempt.id, _values(link, order))
    if not attempt:
        _have_closed(unit, premises, errand)
        return
    show_card(unit, premises, errand.peer, order, attempt)
    detail = {"gateway": attempt.gateway, "number": attempt.number, "link": attempt.link_id}
    work.log(unit, shop, [Event("link.opened", order.id, attempt.gateway, detail)])


def _have_closed(unit: Unit, premises: Premises, errand: Errand) -> None:
    """The attempt is over: a link that was made for it all the same must not be paid."""
    work.enqueue(unit, premises.shop.id, [closing_job(errand.order.id, errand.attempt.id)])


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
