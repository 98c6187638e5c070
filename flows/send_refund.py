"""Pay an owed refund: the admin scans a card with their bank's app and says that it is sent."""

from dataclasses import replace

from flows.admins import actor
from flows.messages import Choice, Reply, Say, Value
from flows.premises import Premises
from flows.send_reply import reply_job
from sales.errors import Tell
from sales.ids import PeerId
from sales.people import Peer
from sales.refund import Means, Refund, sending
from storage import buyers, orders, refunds, work
from storage.unit import Unit
from storage.work import Event


def refund_card(refund: Refund, code: str) -> Reply:
    """The card of a refund whose account is confirmed, for an admin: the account in full.

    Stars go back by themselves, and what goes by hand has no QR.
    """
    if refund.means is Means.STARS:
        return Reply((Say("refund-stars-under-way", {"code": code, "amount": refund.amount}),))
    if refund.means is Means.BY_HAND:
        return _card_by_hand(refund, code)
    values: dict[str, Value] = {
        "code": code,
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
    return Reply((Say("refund-card-caption", values),), (copies, sent, other), refund=refund.mark)


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
    order = orders.by_id(unit, shop, refund.of_order)
    about = {"refund": refund.id, "amount": refund.amount.minor}
    work.log(unit, shop, [replace(event, detail=about | dict(event.detail))])
    told = Reply((tell_sent(refund, order.code),))
    buyer = buyers.peer(unit, shop, order.peer)
    work.enqueue(unit, shop, [reply_job(buyer, told, f"refund:{refund.id}:sent", order.id)])
    return True


def note_sent(refund: Refund, code: str, message: str | None) -> Reply:
    """What an admin's card becomes once the money is sent."""
    if refund.means is Means.VIETQR:
        note = Say("refund-card-sent", tell_sent(refund, code).values)
        return Reply((note,), replace=message, refund=refund.mark)
    return Reply((Say("refund-card-sent-by-hand", tell_sent(refund, code).values),), replace=message)


def tell_refund(refund: Refund, code: str) -> Say:
    """How a refund stands, for its buyer."""
    if refund.sent_at is not None:
        return tell_sent(refund, code)
    return Say("order-refund-owed", {"code": code, "amount": refund.amount})


def tell_sent(refund: Refund, code: str) -> Say:
    """That it was sent, and of a bank transfer to which account, by its end."""
    if refund.means is not Means.VIETQR:
        return Say(f"order-refund-sent-{refund.means.value}", {"code": code, "amount": refund.amount})
    where: dict[str, Value] = {"bank": refund.payee.bank, "tail": refund.payee.tail}
    return Say("order-refund-sent", {"code": code, "amount": refund.amount, **where})


def _card_by_hand(refund: Refund, code: str) -> Reply:
    values: dict[str, Value] = {
        "code": code,
        "amount": refund.amount,
        "account": refund.payee.account,
        "holder": refund.payee.holder,
    }
    return Reply((Say("refund-by-hand", values),), ((_sent_button(refund),),))


def _sent_button(refund: Refund) -> Choice:
    return Choice(Say("refund-sent-button"), token=f"refund-sent:{refund.mark}")
