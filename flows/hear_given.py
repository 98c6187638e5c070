"""A gateway's word about money that it gives back: booked once, told to whom it concerns, and asked for again."""

from datetime import datetime, timedelta

from flows.end_refund import reopen_refund, settle_refund
from flows.messages import Choice, Say
from flows.premises import Premises
from flows.refund_words import about
from flows.send_reply import admin_jobs
from gateways.giving import Given, Stage
from sales.ids import RefundId
from sales.pace import Pace, next_after
from sales.refund import GONE, Refund, State, coming_back, sending
from storage import givings, refunds, reviews, work
from storage.reviews import Kind
from storage.unit import Unit
from storage.work import Event, changed

AFTERWARDS = timedelta(days=1)
"""How often it is asked about once it has arrived, for a bank may send it back."""
WATCHED = timedelta(days=7)
"""For how long."""


def hear_given(unit: Unit, premises: Premises, number: RefundId, key: str, given: Given, pace: Pace) -> None:
    """Carry out what a gateway says of the sending of that key; of one that has come back since, nothing."""
    refund = refunds.by_id(unit, premises.shop.id, number)
    if refund is None or refund.request_key != key:
        return
    if given.stage is Stage.FAILED:
        _failed(unit, premises, refund, given)
    elif given.stage is Stage.ARRIVED and refund.state is not State.SETTLED:
        if settle_refund(unit, premises, refund, None, refund.means.value):
            arrived = refunds.by_id(unit, premises.shop.id, number)
            assert arrived is not None, "a refund is never removed"
            look_later(unit, premises, arrived, given.ref, pace)
    elif refund.owed:
        _taken(unit, premises, refund, given, pace)
    else:
        look_later(unit, premises, refund, given.ref, pace)


def look_later(unit: Unit, premises: Premises, refund: Refund, ref: str, pace: Pace) -> None:
    """Say when it is asked about next; one that nobody can tell the end of is left to a person."""
    since = refund.settled_at or refund.sent_at or unit.now
    if refund.state is State.SETTLED:
        wait = AFTERWARDS if unit.now - since < WATCHED else None
    else:
        wait = next_after(pace, unit.now - since)
    givings.note_ref(unit, premises.shop.id, refund.id, refund.request_key, ref, _after(unit.now, wait))
    if wait is None and refund.state is State.SENT:
        leave_to_person(unit, premises, refund)


def leave_to_person(unit: Unit, premises: Premises, refund: Refund) -> None:
    """Let it wait for a person, for its gateway does not say what became of it."""
    reviews.open_reviews(unit, premises.shop.id, Kind.REFUND, [(refund.id, refund.order)])
    _tell_admins(unit, premises, refund, "admin-payout-silent")


def _taken(unit: Unit, premises: Premises, refund: Refund, given: Given, pace: Pace) -> None:
    shop = premises.shop.id
    look_at = _after(unit.now, next_after(pace, timedelta())) or unit.now
    if givings.take(unit, shop, refund.id, refund.request_key, given.ref, look_at):
        refunds.post(unit, shop, refund, sending(refund.amount))
        _log(unit, premises, refund, "refund.gateway_sent", given, changed(refund.state, State.SENT))


def _failed(unit: Unit, premises: Premises, refund: Refund, given: Given) -> None:
    """Owe it as before, or once more when it had gone."""
    shop = premises.shop.id
    if refund.state in GONE:
        if reopen_refund(unit, premises, refund, State.FAILED, given.reason, refund.means.value):
            refunds.post(unit, shop, refund, coming_back(refund.amount))
    elif givings.refuse(unit, shop, refund.id, refund.request_key, given.reason):
        _log(unit, premises, refund, "refund.gateway_refused", given, {})
        reviews.open_reviews(unit, shop, Kind.REFUND, [(refund.id, refund.order)])
        _tell_admins(unit, premises, refund, "admin-payout-refused", given.reason)


def _tell_admins(unit: Unit, premises: Premises, refund: Refund, message: str, reason: str = "") -> None:
    facts = about(unit, premises, refund) | {"means": refund.means.value, "reason": reason}
    name = f"{message}:{refund.id}:{refund.request_key}"
    open_it = ((Choice(Say("refund-open-button"), token=f"refund-open:{refund.id}"),),)
    jobs = admin_jobs(unit, premises, [Say(message, facts)], name, refund.order, open_it)
    work.enqueue(unit, premises.shop.id, jobs)


def _log(unit: Unit, premises: Premises, refund: Refund, kind: str, given: Given, more: dict[str, str]) -> None:
    detail = {"refund": refund.id, "amount": refund.amount.minor, "ref": given.ref}
    reason = {"reason": given.reason} if given.reason else {}
    work.log(unit, premises.shop.id, [Event(kind, refund.order, refund.means.value, detail | more | reason)])


def _after(now: datetime, wait: timedelta | None) -> datetime | None:
    return None if wait is None else now + wait
