"""How a refund ends by a bank's or a gateway's word, and how it comes to be owed once more."""

from flows.messages import Choice, Reply, Rows, Say, Value
from flows.name_contact import contact_lines
from flows.name_payee import ask_payee
from flows.premises import Premises
from flows.refund_words import about, tell_refund
from flows.send_reply import admin_jobs, reply_job
from flows.turn_refund_cards import turning_jobs
from sales.ids import RefundId
from sales.people import Peer
from sales.refund import TO_AN_ACCOUNT, Refund, State, sending
from storage import buyers, givings, orders, refunds, reviews, work
from storage.reviews import RULE, Kind
from storage.unit import Unit
from storage.work import Event, Job, changed

SETTLED = "settled"
"""How the review of a refund ends that came back and has arrived after all."""


def settle_refund(unit: Unit, premises: Premises, refund: Refund, by: int | None, who: str) -> bool:
    """End it, once: `who` (a source) says that the money has gone, `by` its transfer where a bank tells.

    The buyer is told, unless an admin's or a gateway's word did so before; the admins are, and their cards turned.
    False when it is not owed to a confirmed account nor sent.
    """
    shop = premises.shop.id
    if not refunds.settle(unit, shop, refund.id, by):
        return False
    if refund.owed:
        refunds.post(unit, shop, refund, sending(refund.amount))
    reviews.close_about(unit, shop, Kind.REFUND, [refund.id], RULE, SETTLED)
    _log(unit, premises, refund, "refund.settled", who, State.SETTLED, {} if by is None else {"transfer": by})
    settled, name = _look(unit, premises, refund), f"refund:{refund.id}:settled:{_moment(unit)}"
    told = "settled" if by is not None else "arrived"
    facts = about(unit, premises, refund) | {"means": refund.means.value}
    jobs = admin_jobs(unit, premises, [Say(f"admin-refund-{told}", facts)], name, refund.order)
    jobs += turning_jobs(unit, premises, refund, _under_card(f"refund-card-{told}", unit, premises, refund), name)
    if refund.unheard and refund.order is not None:
        order = orders.by_id(unit, shop, refund.order)
        news = Reply((tell_refund(settled, order.code),))
        jobs.append(reply_job(buyers.peer(unit, shop, order.peer), news, name, order.id))
    work.enqueue(unit, shop, jobs)
    return True


def reopen_refund(unit: Unit, premises: Premises, refund: Refund, state: State, error: str, who: str) -> bool:
    """Owe it once more, once: RETURNED, for it bounced, or FAILED, for its gateway could not, which says why.

    The books are the caller's: a bank's word is a decision with postings of its own. It waits for a person until it is
    sent again; the buyer is told, and asked anew whereto. False when it had not gone.
    """
    shop = premises.shop.id
    if not refunds.come_back(unit, shop, refund.id, state, error):
        return False
    givings.free(unit, shop, refund.id)
    reviews.open_reviews(unit, shop, Kind.REFUND, [(refund.id, refund.order)])
    _log(unit, premises, refund, f"refund.{state}", who, state, {"reason": error} if error else {})
    again, name = _look(unit, premises, refund), f"refund:{refund.id}:{state}:{_moment(unit)}"
    line = Say(f"admin-refund-{state}", about(unit, premises, refund) | {"reason": error or "–"})
    open_it: Rows = ((Choice(Say("refund-open-button"), token=f"refund-open:{refund.id}"),),)
    jobs = admin_jobs(unit, premises, [line], name, refund.order, open_it)
    jobs += turning_jobs(unit, premises, refund, _under_card("refund-card-back", unit, premises, refund), name)
    news = "refund-not-gone" if refund.unheard else "refund-came-back"
    work.enqueue(unit, shop, [*jobs, *_ask_again(unit, premises, again, news, name)])
    return True


def _ask_again(unit: Unit, premises: Premises, refund: Refund, news: str, name: str) -> list[Job]:
    """The buyer hears of it, and says whereto; of money nobody could place there is nobody to ask."""
    if refund.order is None:
        return []
    order = orders.by_id(unit, premises.shop.id, refund.order)
    buyer: Peer = buyers.peer(unit, premises.shop.id, order.peer)
    line = Say(news, {"code": order.code, "amount": refund.amount})
    question = ask_payee(refund) if refund.means in TO_AN_ACCOUNT else Reply(contact_lines(premises))
    return [reply_job(buyer, Reply((line, *question.lines), question.choices), name, order.id)]


def _under_card(id_: str, unit: Unit, premises: Premises, refund: Refund) -> Say:
    where: dict[str, Value] = {"bank": refund.payee.bank, "tail": refund.payee.tail}
    return Say(id_, about(unit, premises, refund) | where | {"means": refund.means.value})


def _moment(unit: Unit) -> int:
    """Names this time of several: what came back may be sent, and come back, again."""
    return int(unit.now.timestamp() * 1000)


def _look(unit: Unit, premises: Premises, refund: Refund) -> Refund:
    found = refunds.by_id(unit, premises.shop.id, RefundId(refund.id))
    assert found is not None, "a refund is never removed"
    return found


def _log(
    unit: Unit, premises: Premises, refund: Refund, kind: str, who: str, after: State, more: dict[str, object]
) -> None:
    detail = {"refund": refund.id, "amount": refund.amount.minor, "currency": refund.amount.currency, "source": who}
    work.log(unit, premises.shop.id, [Event(kind, refund.order, who, detail | changed(refund.state, after) | more)])
