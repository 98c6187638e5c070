"""What asks for money: a QR card, a page to pay on, or an invoice of the chat's own; and what becomes of it."""

from collections.abc import Iterable
from dataclasses import replace

from flows.chat_invoice import is_receipt
from flows.messages import Choice, Reply, Rows, Say, Value
from flows.office import After, Office
from flows.premises import Premises
from flows.send_reply import reply_job
from flows.task import Task
from flows.ways import order_ways
from sales.banks import bank_by_bin
from sales.ids import AttemptId, OrderId
from sales.order import Payment
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
    reply = _asking_reply(order, attempt, card_buttons(unit, premises, peer.channel, order, attempt))
    work.enqueue(unit, premises.shop.id, [reply_job(peer, reply, f"card:{attempt.id}:{occasion}", order.id)])


def card_buttons(unit: Unit, premises: Premises, channel: str, order: Order, attempt: Attempt) -> Rows:
    """What stands under the card of an attempt."""
    return _buttons(order, attempt, choice=len(order_ways(unit, premises, order, channel)) > 1)


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
    """Change the message that carries a card; a card that was never shown, and a receipt, need no turning."""
    shop, attempt_id = office.premises.shop.id, AttemptId(task.payload["attempt"])
    attempt, order = await office.store.read(lambda unit: orders.attempt_of(unit, shop, attempt_id))
    receipt = await office.store.read(lambda unit: is_receipt(unit, shop, attempt, order))
    message = task.payload.get("message", attempt.chat_message)
    if message is not None and not receipt:
        channel, to = task.payload["channel"], task.payload["to"]
        reply = replace(_turned(order, attempt, task.payload["state"]), replace=message)
        await office.channel(channel).show(await office.address(channel, to), reply, task.key)
    return None


def _turned(order: Order, attempt: Attempt, state: str) -> Reply:
    """What becomes of the message; a chat's own invoice goes, for it cannot be turned and would still take money."""
    if attempt.in_chat:
        return _bare(attempt)
    say = Say(f"card-{state}", {"code": order.code, "amount": attempt.amount})
    return replace(_bare(attempt), lines=(say,), choices=_after_buttons(order.code))


def _bare(attempt: Attempt) -> Reply:
    """A message of the kind that asks for this attempt, without its words."""
    if attempt.in_chat:
        return Reply(invoice=attempt.id)
    return Reply(card=attempt.id) if attempt.qr else Reply(page=attempt.id)


def _asking_reply(order: Order, attempt: Attempt, buttons: Rows) -> Reply:
    bank = bank_by_bin(attempt.bin)
    values: dict[str, Value] = {
        "code": order.code,
        "gateway": attempt.gateway,
        "amount": attempt.amount,
        "memo": attempt.memo,
        "until": attempt.expires_at,
        "bank": bank.short_name if bank else attempt.bin,
        "account": attempt.account,
        "holder": attempt.holder,
    }
    return replace(_bare(attempt), lines=(Say(_caption(attempt), values),), choices=buttons)


def _caption(attempt: Attempt) -> str:
    if attempt.in_chat:
        return "invoice-caption"
    if not attempt.qr:
        return "pay-on-page"
    return "card-caption" if attempt.bin else "card-caption-khqr"


def _buttons(order: Order, attempt: Attempt, *, choice: bool) -> Rows:
    page = ((Choice(Say("open-pay-page"), url=attempt.link_url),),) if attempt.link_url else ()
    other = ((Choice(Say("other-way"), token=f"ways:{order.code}"),),) if choice else ()
    # An order whose time is over cannot be taken back any more.
    cancel = (Choice(Say("cancel"), token=f"cancel:{order.code}"),) if order.payment is Payment.OPEN else ()
    return (
        *((_copies(attempt),) if attempt.bin else ()),
        *page,
        *(() if attempt.in_chat else ((Choice(Say("paid"), token=f"paid:{order.code}"),),)),
        *other,
        (*cancel, Choice(Say("my-orders"), token="orders")),
    )


def _copies(attempt: Attempt) -> tuple[Choice, ...]:
    """What somebody types who does not scan."""
    return (
        Choice(Say("copy-account"), copy=attempt.account),
        Choice(Say("copy-amount"), copy=str(attempt.amount.minor)),
        Choice(Say("copy-memo"), copy=attempt.memo),
    )


def _after_buttons(code: str) -> Rows:
    return ((Choice(Say("see-order"), token=f"order:{code}"), Choice(Say("my-orders"), token="orders")),)
