"""When a gateway makes no payment link: tell the buyer, and draw the shop's own QR where it can."""

from flows.ask_to_pay import Wanted, show_own_qr
from flows.links import Case, closing_job
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


async def bear_delay(office: Office, task: Task, case: Case, trouble: Later) -> After:
    """No answer: the buyer hears once that it takes longer, and `trouble` is raised to try again."""
    premises, reason = office.premises, str(trouble)
    if case.spare and task.attempts >= PATIENT_TRIES:
        return lambda unit: _draw_own(unit, premises, case, reason, sent=True)
    late = _word(case, "qr-is-late")
    await office.store.write(lambda unit: work.enqueue(unit, premises.shop.id, [late]))
    raise trouble


async def bear_refusal(office: Office, task: Task, case: Case, refusal: Rejected) -> After:
    """The gateway will not: the admins hear of it once a day.

    Without a QR of the shop's own the buyer hears of it, too, and NotConfigured is raised: once the seller has
    mended it, the link is made after all.
    """
    premises, reason = office.premises, str(refusal)
    await office.store.write(lambda unit: _tell_of_refusal(unit, premises, case, reason))
    if case.spare:
        return lambda unit: _draw_own(unit, premises, case, reason, sent=task.repeated)
    raise NotConfigured(f"refused: {reason}") from refusal


def _draw_own(unit: Unit, premises: Premises, case: Case, reason: str, *, sent: bool) -> None:
    """Let a QR of the shop's own take the place of the link, unless the attempt was closed meanwhile."""
    shop, attempt, order = premises.shop.id, case.attempt, case.order
    if sent:
        # A call that was never answered may have made the link all the same.
        work.enqueue(unit, shop, [closing_job(order.id, attempt.id)])
    if premises.spare is not None and links.give_up(unit, shop, attempt.id):
        work.log(unit, shop, [_failed(case, reason)])
        show_own_qr(unit, premises, Wanted(case.peer, order, attempt.amount, attempt.expires_at))


def _tell_of_refusal(unit: Unit, premises: Premises, case: Case, reason: str) -> None:
    values: dict[str, Value] = {"gateway": case.attempt.gateway, "code": case.order.code, "reason": reason}
    day = unit.now.date().isoformat()
    jobs = admin_jobs(unit, premises, [Say("admin-link-refused", values)], f"link-refused:{day}", case.order.id)
    if not case.spare:
        jobs.append(_word(case, "qr-cannot-be-made", *contact_lines(premises)))
        work.log(unit, premises.shop.id, [_failed(case, reason)])
    work.enqueue(unit, premises.shop.id, jobs)


def _word(case: Case, message: str, *more: Say) -> Job:
    """One word to the buyer, said once for an attempt."""
    reply = Reply((Say(message, {"code": case.order.code}), *more))
    return reply_job(case.peer, reply, f"{message}:{case.attempt.id}", case.order.id)


def _failed(case: Case, reason: str) -> Event:
    return Event("link.failed", case.order.id, case.attempt.gateway, {"reason": reason})
