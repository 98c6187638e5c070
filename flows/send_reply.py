"""Say something to one person: kept as a job first, shown by a channel later."""

from collections.abc import Sequence

from flows.messages import Reply, Say, pack, unpack
from flows.office import After, Office
from flows.premises import Premises
from flows.task import Task
from sales.ids import AttemptId, OrderId
from sales.people import Peer
from storage import orders
from storage.unit import Unit
from storage.work import Job

TOPIC = "reply"


def reply_job(peer: Peer, reply: Reply, dedupe: str, order: OrderId | None = None) -> Job:
    """A job that shows `reply` to a buyer; a press is answered at once, the rest keeps its order."""
    return _job(peer.channel, peer.external, reply, dedupe, order)


def admin_jobs(premises: Premises, lines: Sequence[Say], dedupe: str, order: OrderId | None = None) -> list[Job]:
    """Jobs that tell every admin the same."""
    reply = Reply(tuple(lines))
    return [
        _job(admin.channel, admin.external, reply, f"{dedupe}:{admin.channel}:{admin.external}", order)
        for admin in premises.admins
    ]


async def send_reply(office: Office, task: Task) -> After:
    """Show a kept reply, with its card when it has one; remembers which message carries the card."""
    reply = unpack(task.payload["reply"])
    channel, to = task.payload["channel"], task.payload["to"]
    address = await office.address(channel, to)
    picture = None
    if reply.card is not None and reply.replace is None:
        picture = await office.picture(AttemptId(reply.card), address)
    message = await office.channel(channel).show(address, reply, task.key, picture)

    def after(unit: Unit) -> None:
        if picture is not None and reply.card is not None:
            orders.note_message(unit, office.premises.shop.id, AttemptId(reply.card), message)

    return after


def _job(channel: str, to: str, reply: Reply, dedupe: str, order: OrderId | None) -> Job:
    payload = {"channel": channel, "to": to, "reply": pack(reply)}
    lane = f"{channel}:{to}" if reply.toast is None else None
    return Job(TOPIC, dedupe, payload, lane, order)
