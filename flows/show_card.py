"""The QR card: handed out, and turned when the order is paid, cancelled, lapsed or partly paid."""

from collections.abc import Iterable

from flows.messages import Choice, Reply, Rows, Say, Value
from flows.office import After, Office
from flows.premises import Premises
from flows.send_reply import reply_job
from flows.task import Task
from sales.banks import bank_by_bin
from sales.ids import AttemptId, OrderId
from sales.people import Peer
from sales.purchase import Attempt, Order
from storage import orders, work
from storage.orders import Closed
from storage.unit import Unit
from storage.work import Job

TOPIC = "turn_card"


def show_card(
    unit: Unit, premises: Premises, peer: Peer, order: Order, attempt: Attempt, occasion: str = "first"
) -> None:
    """Put the card of an attempt before the buyer, once an occasion: where to pay, how much, with which memo.

    The account is the one inside the attempt's QR, whichever the shop shows by now.
    """
    work.enqueue(unit, premises.shop.id, [_card_job(peer, order, attempt, f"card:{attempt.id}:{occasion}")])


def turn_jobs(peer: Peer, order: OrderId, attempts: Iterable[Closed], state: str) -> list[Job]:
    """Jobs that turn the order's cards into what has become of it: paid, cancelled, expired or replaced."""
    return [
        Job(
            TOPIC,
            f"turn:{attempt.id}:{state}",
            {"attempt": attempt.id, "state": state, "channel": peer.channel, "to": peer.external},
            peer.lane,
            order,
        )
        for attempt in attempts
    ]


async def turn_card(office: Office, task: Task) -> After:
    """Change the message that carries a card; a card that was never shown needs no turning."""
    attempt_id = AttemptId(task.payload["attempt"])
    attempt, order = await office.store.read(lambda unit: orders.attempt_of(unit, office.premises.shop.id, attempt_id))
    message = task.payload.get("message", attempt.chat_message)
    if message is not None:
        channel, to = task.payload["channel"], task.payload["to"]
        say = Say(f"card-{task.payload['state']}", {"code": order.code, "amount": attempt.amount})
        reply = Reply((say,), _after_buttons(order.code), card=attempt.id, replace=message)
        await office.channel(channel).show(await office.address(channel, to), reply, task.key)
    return None


def _card_job(peer: Peer, order: Order, attempt: Attempt, dedupe: str) -> Job:
    bank = bank_by_bin(attempt.bin)
    values: dict[str, Value] = {
        "code": order.code,
        "amount": attempt.amount,
        "memo": attempt.memo,
        "until": attempt.expires_at,
        "bank": bank.short_name if bank else attempt.bin,
        "account": attempt.account,
        "holder": attempt.holder,
    }
    reply = Reply((Say("card-caption", values),), _buttons(order, attempt), card=attempt.id)
    return reply_job(peer, reply, dedupe, order.id)


def _buttons(order: Order, attempt: Attempt) -> Rows:
    page = ((Choice(Say("open-pay-page"), url=attempt.link_url),),) if attempt.link_url else ()
    return (
        (
            Choice(Say("copy-account"), copy=attempt.account),
            Choice(Say("copy-amount"), copy=str(attempt.amount.minor)),
            Choice(Say("copy-memo"), copy=attempt.memo),
        ),
        *page,
        (Choice(Say("paid"), token=f"paid:{order.code}"),),
        (
            Choice(Say("cancel"), token=f"cancel:{order.code}"),
            Choice(Say("my-orders"), token="orders"),
        ),
    )


def _after_buttons(code: str) -> Rows:
    return ((Choice(Say("see-order"), token=f"order:{code}"), Choice(Say("my-orders"), token="orders")),)
