"""Pay an owed refund: the admin scans a card with their bank's app and says that it is sent."""

from dataclasses import replace

from flows.admins import actor
from flows.messages import Choice, Reply, Rows, Say, Value
from flows.premises import Premises
from flows.refund_words import kind_of, tell_sent
from flows.send_reply import reply_job
from sales.errors import Tell
from sales.ids import PeerId
from sales.people import Peer
from sales.purchase import Order
from sales.refund import TO_AN_ACCOUNT, Means, Refund, State, sending
from storage import buyers, orders, refunds, reviews, work
from storage.reviews import Kind
from storage.unit import Unit
from storage.work import Event, changed

SENT = "sent"
"""How the review of a refund ends that came back and is sent once more."""


def refund_card(refund: Refund, code: str, more: Rows = ()) -> Reply:
    """The card of a refund whose account is confirmed, for an admin: the account in full, and `more` ways to send it.

    Stars go back by themselves, and what goes by hand has no QR; neither has what a gateway is asked to send.
    """
    if refund.under_way:
        return note_under_way(refund, code)
    if refund.means is Means.STARS:
        return Reply((Say("refund-stars-under-way", {"code": code, "amount": refund.amount}),))
    if refund.means is Means.BY_HAND:
        return _card_by_hand(refund, code)
    values: dict[str, Value] = {
        **kind_of(refund, code),
        "amount": refund.amount,
        "bank": refund.payee.bank,
        "account": refund.payee.account,
        "holder": refund.payee.holder,
        "memo": refund.memo,
    }
    copies = (
        Choice(Say("copy-account"), copy=refund.payee.account),
        Choice(Say("copy-amount"), copy=str(refund.amount.minor)),
        Choice(Say("copy-memo"), copy=refund.memo),
    )
    sent = (_sent_button(refund),)
    other = (Choice(Say("refund-type-button"), token=f"refund-type:{refund.id}"),)
    return Reply((Say("refund-card-caption", values),), (copies, sent, *more, other), refund=refund.mark)


def close_refund(unit: Unit, premises: Premises, admin: Peer, refund: Refund) -> None:
    """Note that the money was sent, once, and tell the buyer where it went.

    Raises Tell when it was sent before, or nobody has confirmed an account. Of Stars nobody's word counts.
    """
    if refund.means is Means.STARS:
        raise Tell("refund-not-open")
    detail: dict[str, object] = {"tail": refund.payee.tail}
    if refund.means is Means.BY_HAND:
        detail["currency"] = refund.amount.currency
    event = Event("admin.refund_sent", refund.order, actor(admin.channel, admin.external), detail)
    if not book_sent(unit, premises, refund, admin.id, event):
        raise Tell("refund-not-open")


def book_sent(unit: Unit, premises: Premises, refund: Refund, by: PeerId, event: Event) -> bool:
    """Book an owed refund as sent, once, and tell the buyer; False when it is not owed.

    `event` is logged with the refund and its amount beside its own detail.
    """
    shop = premises.shop.id
    if not refunds.send(unit, shop, refund.id, by):
        return False
    refunds.post(unit, shop, refund, sending(refund.amount))
    reviews.close_about(unit, shop, Kind.REFUND, [refund.id], event.actor, SENT)
    about = {"refund": refund.id, "amount": refund.amount.minor, **changed(refund.state, State.SENT)}
    work.log(unit, shop, [replace(event, detail=about | dict(event.detail))])
    if refund.order is not None:
        _tell_buyer(unit, premises, orders.by_id(unit, shop, refund.order), refund)
    return True


def _tell_buyer(unit: Unit, premises: Premises, order: Order, refund: Refund) -> None:
    """Once for each sending: what came back is sent again."""
    shop, told = premises.shop.id, Reply((tell_sent(refund, order.code),))
    name = f"refund:{refund.id}:sent:{int(unit.now.timestamp() * 1000)}"
    work.enqueue(unit, shop, [reply_job(buyers.peer(unit, shop, order.peer), told, name, order.id)])


def note_sent(refund: Refund, code: str, message: str | None) -> Reply:
    """What an admin's card becomes once the money is sent."""
    values = {**tell_sent(refund, code).values, **kind_of(refund, code)}
    if refund.means in TO_AN_ACCOUNT:
        return Reply((Say("refund-card-sent", values),), replace=message, refund=refund.mark)
    return Reply((Say("refund-card-sent-by-hand", values),), replace=message)


def note_under_way(refund: Refund, code: str) -> Reply:
    """That a gateway has been asked to send it: nobody else may meanwhile."""
    values: dict[str, Value] = {"code": code, "amount": refund.amount, "means": refund.means.value}
    return Reply((Say("refund-under-way", values),))


def _card_by_hand(refund: Refund, code: str) -> Reply:
    values: dict[str, Value] = {
        **kind_of(refund, code),
        "amount": refund.amount,
        "account": refund.payee.account,
        "holder": refund.payee.holder,
    }
    return Reply((Say("refund-by-hand", values),), ((_sent_button(refund),),))


def _sent_button(refund: Refund) -> Choice:
    return Choice(Say("refund-sent-button"), token=f"refund-sent:{refund.mark}")
