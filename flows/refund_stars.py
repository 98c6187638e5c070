"""Give Stars back: Telegram does it at our word, and what is sent is booked when it has done so."""

from flows.messages import Say, Value
from flows.office import After, Office
from flows.premises import Premises
from flows.send_refund import book_sent
from flows.send_reply import admin_jobs
from flows.task import Task
from gateways.stars_payment import SOURCE
from sales.errors import Blocked, NotConfigured, Rejected
from sales.ids import RefundId
from sales.refund import Refund
from storage import charges, orders, refunds, work
from storage.charges import Charge
from storage.unit import Unit
from storage.work import Event, Job

TOPIC = "refund_stars"
CHANNEL = "telegram"


def refund_stars_job(refund: Refund) -> Job:
    """A job that gives back what the refund owes; without a lane, for it must not hold up what people are told."""
    return Job(TOPIC, f"refund_stars:{refund.id}", {"refund": refund.id}, order=refund.order)


async def refund_stars(office: Office, task: Task) -> After:
    """Carry out such a job; one that was done before is done, for Telegram gives a charge back once.

    What Telegram refuses is told to the admins and tried again: it stays owed until they have settled it.
    """
    refund, charge = await office.store.read(lambda unit: _owed(unit, office.premises, task))
    if refund is None or charge is None:
        return None
    try:
        await office.channel(CHANNEL).refund_stars(charge.payer, charge.ref)
    except (Blocked, Rejected) as refusal:
        reason = str(refusal)
        await office.store.write(lambda unit: _tell_of_refusal(unit, office.premises, refund, reason))
        raise NotConfigured(f"refused: {reason}") from refusal
    return lambda unit: _book(unit, office.premises, refund, charge)


def _owed(unit: Unit, premises: Premises, task: Task) -> tuple[Refund | None, Charge | None]:
    shop, number = premises.shop.id, RefundId(task.payload["refund"])
    refund = refunds.by_id(unit, shop, number)
    payable = refund if refund is not None and refund.payable else None
    return payable, charges.of_refund(unit, shop, number, SOURCE)


def _book(unit: Unit, premises: Premises, refund: Refund, charge: Charge) -> None:
    assert refund.confirmed_by is not None, "an admin has confirmed it"
    detail = {"currency": refund.amount.currency, "charge": charge.ref}
    event = Event("refund.stars_sent", refund.order, SOURCE, detail)
    if book_sent(unit, premises, refund, refund.confirmed_by, event):
        # Telegram's own answer is the end of it.
        refunds.settle(unit, premises.shop.id, refund.id, None)
        line = Say("admin-stars-returned", _facts(unit, premises, refund))
        jobs = admin_jobs(unit, premises, [line], f"stars-returned:{refund.id}", refund.order)
        work.enqueue(unit, premises.shop.id, jobs)


def _tell_of_refusal(unit: Unit, premises: Premises, refund: Refund, reason: str) -> None:
    """Once a day, as long as it is refused."""
    line = Say("admin-stars-refused", _facts(unit, premises, refund) | {"reason": reason})
    name = f"stars-refused:{refund.id}:{unit.now.date().isoformat()}"
    work.enqueue(unit, premises.shop.id, admin_jobs(unit, premises, [line], name, refund.order))


def _facts(unit: Unit, premises: Premises, refund: Refund) -> dict[str, Value]:
    code = orders.by_id(unit, premises.shop.id, refund.of_order).code
    return {"code": code, "amount": refund.amount}
