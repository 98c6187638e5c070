"""Say something to one person: kept as a job first, shown by a channel later."""

from collections.abc import Sequence

from flows.admins import admins_of
from flows.channel import Address, Picture
from flows.chat_invoice import chat_invoice
from flows.messages import Reply, Rows, Say, pack, unpack
from flows.name_buyer import buyer_of
from flows.note_refund_card import noting_refund
from flows.office import After, Office
from flows.premises import Premises
from flows.task import Task
from sales.ids import AttemptId, OrderId
from sales.people import Peer
from storage import orders, work
from storage.unit import Unit
from storage.work import Job

TOPIC = "reply"


def reply_job(peer: Peer, reply: Reply, dedupe: str, order: OrderId | None = None) -> Job:
    """A job that shows `reply` to a buyer; a press is answered at once, the rest keeps its order."""
    return _job(peer.channel, peer.external, reply, dedupe, order)


def admin_jobs(
    unit: Unit,
    premises: Premises,
    lines: Sequence[Say],
    dedupe: str,
    order: OrderId | None = None,
    choices: Rows = (),
) -> list[Job]:
    """Jobs that tell every admin the same, those who joined by invitation too; of an order also who the buyer is."""
    reply = Reply((*lines, buyer_of(unit, premises, order)) if order is not None else tuple(lines), choices)
    return [
        admin_job(admin.channel, admin.external, reply, f"{dedupe}:{admin.channel}:{admin.external}", order)
        for admin in admins_of(unit, premises)
    ]


def admin_job(channel: str, to: str, reply: Reply, dedupe: str, order: OrderId | None) -> Job:
    """A job that shows `reply` to one admin."""
    return _job(channel, to, reply, dedupe, order)


async def send_reply(office: Office, task: Task) -> After:
    """Show a kept reply, with its card when it has one; a card that can no longer be paid is not shown at all."""
    reply = unpack(task.payload["reply"])
    channel, to = task.payload["channel"], task.payload["to"]
    address = await office.address(channel, to)
    if reply.invoice is not None and reply.replace is None:
        return await _show_invoice(office, task, reply, AttemptId(reply.invoice))
    if not reply.pictured or reply.replace is not None:
        message = await office.channel(channel).show(address, reply, task.key)
        return _noting(office, task, reply.page, message) if reply.replace is None else None
    picture = await _picture(office, reply, address)
    if picture is None:
        return None
    message = await office.channel(channel).show(address, reply, task.key, picture)
    if reply.refund is not None:
        return noting_refund(office.premises, task, reply.refund, message)
    return _noting(office, task, reply.card, message)


async def _show_invoice(office: Office, task: Task, reply: Reply, attempt: AttemptId) -> After:
    """Let the chat ask by itself; for an attempt that can no longer be paid nothing is shown."""
    channel, to = task.payload["channel"], task.payload["to"]
    invoice = await chat_invoice(office, attempt)
    if invoice is None:
        return None
    address = await office.address(channel, to)
    message = await office.channel(channel).show(address, reply, task.key, invoice=invoice)
    return _noting(office, task, attempt, message)


def _noting(office: Office, task: Task, attempt: int | None, message: str) -> After:
    """Remember what now asks for an attempt's money; nothing for a message that asks for none."""
    return None if attempt is None else lambda unit: _shown(unit, office.premises, task, AttemptId(attempt), message)


async def _picture(office: Office, reply: Reply, address: Address) -> Picture | None:
    if reply.refund is not None:
        return await office.refund_card(reply.refund, address)
    return await office.card(AttemptId(reply.card or 0), address)


def _shown(unit: Unit, premises: Premises, task: Task, card: AttemptId, message: str) -> None:
    """Remember which message carries the card; an older one must no longer look like the one to pay."""
    shop = premises.shop.id
    older = orders.attempt(unit, shop, card).chat_message
    orders.note_message(unit, shop, card, message)
    if older is not None and older != message:
        where = {"channel": task.payload["channel"], "to": task.payload["to"]}
        payload = {"attempt": card, "state": "moved", "message": older, **where}
        work.enqueue(unit, shop, [Job("turn_card", f"turn:{card}:moved:{older}", payload, task.lane)])


def _job(channel: str, to: str, reply: Reply, dedupe: str, order: OrderId | None) -> Job:
    payload = {"channel": channel, "to": to, "reply": pack(reply)}
    lane = f"{channel}:{to}" if reply.toast is None else None
    return Job(TOPIC, dedupe, payload, lane, order)
