"""The bank's own word about money that goes back: what went out ends a refund, what bounces opens it again."""

from collections.abc import Mapping, Sequence

from flows.end_refund import reopen_refund, settle_refund
from flows.judge_money import Judged
from flows.messages import Choice, Rows, Say
from flows.money_words import money_name
from flows.premises import Premises
from flows.refund_words import about
from flows.send_reply import admin_jobs
from sales.money import Money
from sales.refund import Refund, State
from sales.settlement import Meaning
from sales.transfer import Sighting
from storage import givings, refunds, work
from storage.unit import Unit
from storage.work import Event, changed


def hear_refunds(unit: Unit, premises: Premises, judged: Sequence[Judged]) -> None:
    """Carry out what a bank has said of refunds, in the Unit that settles it."""
    unfit = [each for each in judged if _unfit(each)]
    for each in judged:
        decision = each.decision
        if decision is None or decision.refund is None:
            continue
        if decision.meaning is Meaning.RETURNED:
            _back(unit, premises, decision.refund, each)
        elif not _gone(unit, premises, decision.refund, each):
            unfit.append(each)
    _doubt(unit, premises, unfit)


def _back(unit: Unit, premises: Premises, refund: Refund, judged: Judged) -> None:
    """What its gateway has told before is noted alone: everybody knows, and it is booked."""
    source = judged.sighting.source
    if refund.state is not State.FAILED:
        reopen_refund(unit, premises, refund, State.RETURNED, "", source)
    elif givings.seen_back(unit, premises.shop.id, refund.id):
        _log(unit, premises, refund, "refund.returned", source, changed(State.FAILED, State.RETURNED))


def _gone(unit: Unit, premises: Premises, refund: Refund, judged: Judged) -> bool:
    """Whether it has ended by this, or its gateway's word is confirmed."""
    source, transfer = judged.sighting.source, judged.transfer
    if not refund.unseen:
        return settle_refund(unit, premises, refund, transfer, source)
    confirmed = givings.seen_going(unit, premises.shop.id, refund.id, transfer)
    if confirmed:
        _log(unit, premises, refund, "refund.settled", source, {"transfer": transfer})
    return confirmed


def _log(unit: Unit, premises: Premises, refund: Refund, kind: str, source: str, more: Mapping[str, object]) -> None:
    detail = {"refund": refund.id, "amount": refund.amount.minor, "currency": refund.amount.currency, "source": source}
    work.log(unit, premises.shop.id, [Event(kind, refund.order, source, detail | dict(more))])


def _unfit(judged: Judged) -> bool:
    """Whether money went out under a refund's code, and ended none: another amount, account, or once too often."""
    decision, twin = judged.decision, judged.twin
    if decision is None:
        # Of what named a refund before, or has ended one, the admins know.
        plain = twin is not None and twin.meaning is Meaning.OUT and not twin.refunds and twin.order is None
    else:
        plain = decision.meaning is Meaning.OUT and decision.refund is None
    return plain and bool(judged.seen.refund_codes)


def _doubt(unit: Unit, premises: Premises, unfit: Sequence[Judged]) -> None:
    """Tell the admins: either too much has gone, or the refund is still owed as far as the shop knows."""
    if not unfit:
        return
    known = refunds.coded(unit, premises.shop.id, {code for each in unfit for code in each.seen.refund_codes})
    for each in unfit:
        for code in each.seen.refund_codes:
            if code in known:
                _tell(unit, premises, each.sighting, known[code])


def _tell(unit: Unit, premises: Premises, sighting: Sighting, refund: Refund) -> None:
    went = Money(abs(sighting.amount), sighting.currency)
    facts = about(unit, premises, refund) | {"went": went, "state": refund.state, "source": sighting.source}
    name = f"refund-unfit:{refund.id}:{money_name(sighting)}"
    choices: Rows = ((Choice(Say("refund-open-button"), token=f"refund-open:{refund.id}"),),) if refund.owed else ()
    jobs = admin_jobs(unit, premises, [Say("admin-refund-unfit", facts)], name, refund.order, choices)
    work.enqueue(unit, premises.shop.id, jobs)
