"""When a gateway makes no payment link: tell the buyer, and draw the shop's own QR where it can."""

from flows.ask_to_pay import show_own_qr
from flows.links import Errand, closing_job
from flows.messages import Reply, Say, Value
from flows.name_contact import contact_lines
from flows.office import After, Office
from flows.premises import Premises
from flows.send_reply import admin_jobs, reply_job
from flows.task import Task
from sales.errors import Later, NotConfigured, Rejected
from storage import links, work
from storage.unit import Unit
from storage.work import Event, Job

PATIENT_TRIES = 3
"""Tries without an answer before the shop draws its own QR instead."""


async def bear_delay(office: Office, task: Task, errand: Errand, trouble: Later) -> After:
    """No answer: the buyer hears once that it takes longer, and `trouble` is raised to try again."""
    premises, reason = office.premises, str(trouble)
    if errand.spare and task.attempts >= PATIENT_TRIES:
        return lambda unit: _draw_own(unit, premises, errand, reason)
    late = _word(errand, "qr-is-late")
    await office.store.write(lambda unit: work.enqueue(unit, premises.shop.id, [late]))
    raise trouble


async def bear_refusal(office: Office, errand: Errand, refusal: Rejected) -> After:
    """The gateway will not: the admins hear of it once a day.

    Without a QR of the shop's own the buyer hears of it, too, and NotConfigured is raised: once the seller has
    mended it, the link is made after all.
    """
    premises, reason = office.premises, str(refusal)
    await office.store.write(lambda unit: _tell_of_refusal(unit, premises, errand, reason))
    if errand.spare:
        return lambda unit: _draw_own(unit, premises, errand, reason)
    raise NotConfigured(f"refused: {reason}") from refusal


def _draw_own(unit: Unit, premises: Premises, errand: Errand, reason: str) -> None:
    """Let a QR of the shop's own take the place of the link, unless the attempt was closed meanwhile."""
    shop, attempt, order = premises.shop.id, errand.attempt, errand.order
    # A call that was never answered may have made the link all the same.
    work.enqueue(unit, shop, [closing_job(order.id, attempt.id)])
    if premises.spare is not None and links.give_up(unit, shop, attempt.id):
        work.log(unit, shop, [_failed(errand, reason)])
        show_own_qr(unit, premises, premises.spare, errand.peer, order, attempt.amount, attempt.expires_at)


def _tell_of_refusal(unit: Unit, premises: Premises, errand: Errand, reason: str) -> None:
    values: dict[str, Value] = {"gateway": errand.attempt.gateway, "code": errand.order.code, "reason": reason}
    day = unit.now.date().isoformat()
    jobs = admin_jobs(unit, premises, [Say("admin-link-refused", values)], f"link-refused:{day}", errand.order.id)
    if not errand.spare:
        jobs.append(_word(errand, "qr-cannot-be-made", *contact_lines(premises)))
        work.log(unit, premises.shop.id, [_failed(errand, reason)])
    work.enqueue(unit, premises.shop.id, jobs)


def _word(errand: Errand, message: str, *more: Say) -> Job:
    """One word to the buyer, said once for an attempt."""
    reply = Reply((Say(message, {"code": errand.order.code}), *more))
    return reply_job(errand.peer, reply, f"{message}:{errand.attempt.id}", errand.order.id)


def _failed(errand: Errand, reason: str) -> Event:
    return Event("link.failed", errand.order.id, errand.attempt.gateway, {"reason": reason})
