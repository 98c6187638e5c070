"""The bank's own word about money that goes back: what went out ends a refund, what bounces opens it again."""

from collections.abc import Sequence

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
from storage import refunds, work
from storage.unit import Unit


def hear_refunds(unit: Unit, premises: Premises, judged: Sequence[Judged]) -> None:
    """Carry out what a bank has said of refunds, in the Unit that settles it."""
    _doubt(unit, premises, [each for each in judged if _unfit(each)])
    for each in judged:
        decision, who = each.decision, each.sighting.source
        if decision is None or decision.refund is None:
            continue
        if decision.meaning is Meaning.RETURNED:
            reopen_refund(unit, premises, decision.refund, State.RETURNED, "", who)
        else:
            settle_refund(unit, premises, decision.refund, each.transfer, who)


def _unfit(judged: Judged) -> bool:
    """Whether money went out under a refund's code, and ended none: another amount, account, or once too often."""
    decision = judged.decision
    if decision is None or decision.meaning is not Meaning.OUT:
        return False
    return bool(judged.seen.refund_codes) and decision.refund is None


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
