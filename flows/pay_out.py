"""An admin has a gateway send an owed refund: it is asked by one key, however often, and by nobody else meanwhile."""

from uuid import uuid4

from flows.admins import actor
from flows.hear_given import hear_given, leave_to_person
from flows.office import After, Office
from flows.premises import Premises
from flows.task import Task
from flows.ways_out import SOURCES, charge_for, giving_of, ways_out
from gateways.giving import Given, Giver, Giving, Stage
from sales.errors import Later, NotConfigured, Rejected, Tell
from sales.ids import RefundId
from sales.payee import Payee
from sales.people import Peer
from sales.refund import Means, Refund
from storage import givings, refunds, work
from storage.givings import WHENCE_IT_CAME
from storage.unit import Unit
from storage.work import Event, Job

TOPIC = "pay_out"
SILENT = 12
"""Attempts, in about half an hour, after which a person hears that a gateway does not answer."""


def pay_out(unit: Unit, premises: Premises, admin: Peer, refund: Refund, means: Means) -> None:
    """Let that gateway send it; raises Tell when it cannot, or somebody was first."""
    shop = premises.shop.id
    # The first write is the guarded one: whoever loses the race has written nothing.
    if means not in ways_out(unit, premises, refund) or not refunds.choose_means(unit, shop, refund.id, means):
        raise Tell("refund-not-open")
    if means in SOURCES:
        _bind(unit, premises, admin, refund, means)
    key = str(uuid4())
    refunds.request(unit, shop, refund.id, key)
    detail = {"refund": refund.id, "amount": refund.amount.minor, "means": means.value}
    work.log(unit, shop, [Event("admin.refund_given", refund.order, actor(admin.channel, admin.external), detail)])
    payload = {"refund": refund.id, "key": key}
    # Without a lane: a gateway that hangs holds up nobody.
    work.enqueue(unit, shop, [Job(TOPIC, f"{TOPIC}:{refund.id}:{key}", payload, order=refund.order)])


async def send_payout(office: Office, task: Task) -> After:
    """Carry out such a job; one that has come to its end meanwhile, by a bank's word or its gateway's, is done."""
    premises, key = office.premises, str(task.payload["key"])
    number = RefundId(task.payload["refund"])
    found = await office.store.read(lambda unit: _wanted(unit, premises, number, key))
    if found is None:
        return None
    refund, giving = found
    giver = office.givers.get(refund.means)
    if giver is None:
        raise NotConfigured(f"{refund.means.value} is not configured")
    try:
        given = await _send(giver, giving, task)
    except Later:
        if task.attempts == SILENT:
            await office.store.write(lambda unit: leave_to_person(unit, premises, refund))
        raise
    return lambda unit: hear_given(unit, premises, number, key, given, giver.pace)


async def _send(giver: Giver, giving: Giving, task: Task) -> Given:
    """Ask for it; a refusal is believed only where no earlier call may have been heard.

    After one, the same refusal may mean that the money has gone: then the gateway must say that it knows of no such
    sending.
    """
    try:
        return await giver.send(giving)
    except Rejected as refusal:
        known = await _known(giver, giving, refusal) if task.repeated else None
        return known or Given(Stage.FAILED, "", str(refusal))


async def _known(giver: Giver, giving: Giving, refusal: Rejected) -> Given | None:
    try:
        return await giver.ask(giving, "")
    except Rejected:
        raise Later(f"nobody can tell whether it went: {refusal}") from refusal


def _bind(unit: Unit, premises: Premises, admin: Peer, refund: Refund, means: Means) -> None:
    """Say which payment goes back; it needs no account, and nobody has to confirm one."""
    shop = premises.shop.id
    charge = charge_for(unit, premises, refund, means)
    assert charge is not None, "it was just offered"
    givings.bind(unit, shop, refund.id, charge.transfer)
    if refund.confirmed_at is None:
        refunds.confirm(unit, shop, refund.id, Payee("", WHENCE_IT_CAME, ""), admin.id)


def _wanted(unit: Unit, premises: Premises, number: RefundId, key: str) -> tuple[Refund, Giving] | None:
    shop = premises.shop.id
    refund = refunds.by_id(unit, shop, number)
    if refund is None or not refund.under_way or refund.request_key != key:
        return None
    return refund, giving_of(unit, shop, refund)
