"""The QR card: handed out, and turned when the order is paid, cancelled, lapsed or partly paid."""

from collections.abc import Iterable

from flows.messages import Choice, Reply, Rows, Say, Value
from flows.office import After, Office
from flows.premises import Premises
from flows.send_reply import reply_job
from flows.task import Task
from sales.ids import AttemptId, OrderId
from sales.people import Peer
from sales.purchase import Attempt, Order
from sales.shop import BankAccount
from storage import orders, shops, work
from storage.unit import Unit
from storage.work import Job

TOPIC = "turn_card"


def show_card(
    unit: Unit, premises: Premises, peer: Peer, order: Order, attempt: Attempt, occasion: str = "first"
) -> None:
    """Put the card of an attempt before the buyer, once an occasion: where to pay, how much, with which memo.

    The account is the one inside the attempt's QR, whichever the shop shows by now.
    """
    shop = premises.shop.id
    assert attempt.bank_account is not None, "every attempt so far is paid to a bank account"
    account = shops.account(unit, shop, attempt.bank_account)
    work.enqueue(unit, shop, [_card_job(peer, order, attempt, account, f"card:{attempt.id}:{occasion}")])


def turn_jobs(peer: Peer, order: OrderId, attempts: Iterable[AttemptId], state: str) -> list[Job]:
    """Jobs that turn the order's cards into what has become of it: paid, cancelled, expired or replaced."""
    return [
        Job(
            TOPIC,
            f"turn:{attempt}:{state}",
            {"attempt": attempt, "state": state, "channel": peer.channel, "to": peer.external},
            peer.lane,
            order,
        )
        for attempt in attempts
    ]


async def turn_card(office: Office, task: Task) -> After:
    """Change the message that carries a card; a card that was never shown needs no turning."""
    shop = office.premises.shop.id
    attempt = await office.store.read(lambda unit: orders.attempt(unit, shop, AttemptId(task.payload["attempt"])))
    message = task.payload.get("message", attempt.chat_message)
    if message is not None:
        channel, to = task.payload["channel"], task.payload["to"]
        say = Say(f"card-{task.payload['state']}", {"code": attempt.memo, "amount": attempt.amount})
        reply = Reply((say,), _after_buttons(attempt.memo), card=attempt.id, replace=message)
        await office.channel(channel).show(await office.address(channel, to), reply, task.key)
    return None


def _card_job(peer: Peer, order: Order, attempt: Attempt, account: BankAccount, dedupe: str) -> Job:
    values: dict[str, Value] = {
        "code": order.code,
        "amount": attempt.amount,
        "until": attempt.expires_at,
        "holder": account.holder,
    }
    reply = Reply((Say("card-caption", values),), _buttons(order, attempt, account), card=attempt.id)
    return reply_job(peer, reply, dedupe, order.id)


def _buttons(order: Order, attempt: Attempt, account: BankAccount) -> Rows:
    return (
        (
            Choice(Say("copy-account"), copy=account.account),
            Choice(Say("copy-amount"), copy=str(attempt.amount.minor)),
            Choice(Say("copy-memo"), copy=attempt.memo),
        ),
        (Choice(Say("paid"), token=f"paid:{order.code}"),),
        (
            Choice(Say("cancel"), token=f"cancel:{order.code}"),
            Choice(Say("my-orders"), token="orders"),
        ),
    )


def _after_buttons(code: str) -> Rows:
    return ((Choice(Say("see-order"), token=f"order:{code}"), Choice(Say("my-orders"), token="orders")),)
