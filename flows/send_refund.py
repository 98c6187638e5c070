"""Pay an owed refund: the admin scans a card with their bank's app and says that it is sent."""

from flows.admins import actor
from flows.messages import Choice, Reply, Say, Value
from flows.premises import Premises
from flows.send_reply import reply_job
from sales.errors import Tell
from sales.people import Peer
from sales.refund import Refund, sending
from storage import buyers, orders, refunds, work
from storage.unit import Unit
from storage.work import Event


def refund_card(refund: Refund, code: str) -> Reply:
    """The card of a refund whose account is confirmed, for an admin: the account in full."""
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
    sent = (Choice(Say("refund-sent-button"), token=f"refund-sent:{refund.mark}"),)
    other = (Choice(Say("refund-type-button"), token=f"refund-type:{refund.id}"),)
    return Reply((Say("refund-card-caption", values),), (copies, sent, other), refund=refund.mark)


def close_refund(unit: Unit, premises: Premises, admin: Peer, refund: Refund) -> None:
    """Note that the money was sent, once, and tell the buyer where it went.

    Raises Tell when it was sent before, or nobody has confirmed an account.
    """
    shop = premises.shop.id
    if not refunds.send(unit, shop, refund.id, admin.id):
        raise Tell("refund-not-open")
    refunds.post(unit, shop, refund, sending(refund.amount))
    order = orders.by_id(unit, shop, refund.order)
    detail = {"refund": refund.id, "amount": refund.amount.minor, "tail": refund.payee.tail}
    who = actor(admin.channel, admin.external)
    work.log(unit, shop, [Event("admin.refund_sent", order.id, who, detail)])
    told = Reply((tell_sent(refund, order.code),))
    buyer = buyers.peer(unit, shop, order.peer)
    work.enqueue(unit, shop, [reply_job(buyer, told, f"refund:{refund.id}:sent", order.id)])


def tell_refund(refund: Refund, code: str) -> Say:
    """How a refund stands, for its buyer."""
    if refund.sent_at is not None:
        return tell_sent(refund, code)
    return Say("order-refund-owed", {"code": code, "amount": refund.amount})


def tell_sent(refund: Refund, code: str) -> Say:
    """That it was sent, and to which account by its end."""
    where: dict[str, Value] = {"bank": refund.payee.bank, "tail": refund.payee.tail}
    return Say("order-refund-sent", {"code": code, "amount": refund.amount, **where})
