"""Give money back: an admin asks, is shown what will happen, and confirms; from then on it is owed."""

from dataclasses import dataclass

from flows.admins import actor
from flows.cancel_order import cancel_order, close_cards
from flows.messages import Reply, Say
from flows.name_payee import ask_payee
from flows.premises import Premises
from flows.send_reply import reply_job
from sales.codes import is_code
from sales.errors import Tell
from sales.ids import RefundId, ShopId
from sales.money import Money
from sales.order import Payment
from sales.payee import Payee, known_payee
from sales.people import Peer
from sales.purchase import Order
from sales.refund import LAPSE, Refund, State, owing
from sales.vietqr import LARGEST
from storage import buyers, goods, orders, refunds, work
from storage.unit import Unit
from storage.work import Event

CURRENCY = "VND"
"""The only money that can be sent by a VietQR."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """A refund beside its order, as the admin is shown it; `asked`: a QR waits for the order's money, or is made."""

    refund: Refund
    order: Order
    asked: bool

    @property
    def whole(self) -> bool:
        """Whether it gives back all that is held, and with it takes back the goods."""
        return self.refund.amount == self.refund.held

    @property
    def cancels(self) -> bool:
        """Whether the order still waits for money, and would go on asking for it."""
        return self.order.payment is Payment.OPEN

    @property
    def closes(self) -> bool:
        """Whether the order is over, and yet asks for the rest of what is given back now."""
        return self.order.payment in (Payment.EXPIRED, Payment.CANCELLED) and self.asked


def ask_refund(unit: Unit, premises: Premises, admin: Peer, code: str, minor: int | None, reason: str) -> Prospect:
    """Write down that an admin wants to give `minor` đồng back, or all that is held; nothing moves yet.

    Raises Tell for a code without an order, when nothing is held, and for more than is held or one VietQR carries.
    """
    shop = premises.shop
    order = orders.by_code(unit, shop.id, code) if is_code(code, shop.code_prefix) else None
    if order is None:
        raise Tell("refund-order-unknown", code=code)
    held = sum(refunds.held(unit, shop.id, order.id, CURRENCY).values())
    most = Money(min(held, LARGEST), CURRENCY)
    if most.minor <= 0:
        raise Tell("refund-nothing-held", code=code)
    amount = most if minor is None else Money(minor, CURRENCY)
    if amount.minor > most.minor:
        raise Tell("refund-too-much", code=code, amount=amount, most=most)
    values = {"held": held, "reason": reason, "asked_by": admin.id, "memo": f"HOAN {order.code}"}
    refund = refunds.ask(unit, shop.id, order.id, amount, values | _proposal(unit, premises, order))
    detail = {"refund": refund.id, "amount": amount.minor, "reason": reason}
    work.log(unit, shop.id, [Event("admin.refund_asked", order.id, actor(admin.channel, admin.external), detail)])
    return _prospect(unit, shop.id, refund, order)


def confirm_refund(unit: Unit, premises: Premises, admin: Peer, refund_id: RefundId) -> Prospect:
    """Make it owed, once: booked, the goods revoked when all is given back, and the buyer told and asked whereto.

    Raises Tell when it is too late, when somebody was first, or when what the admin was shown is no longer so.
    """
    shop = premises.shop.id
    refund = refunds.by_id(unit, shop, refund_id)
    if refund is None or refund.state is State.DROPPED:
        raise Tell("refund-gone")
    if refund.state is not State.ASKED:
        raise Tell("refund-confirmed-already")
    order = orders.by_id(unit, shop, refund.order)
    held = refunds.held(unit, shop, order.id, CURRENCY)
    # Two admins who ask at once are both shown all that is held: only the first of them may be right.
    if unit.now < refund.created_at + LAPSE and sum(held.values()) != refund.held.minor:
        raise Tell("refund-overtaken", code=order.code)
    if not refunds.owe(unit, shop, refund.id):
        raise Tell("refund-lapsed")
    refunds.post(unit, shop, refund, owing(held, refund.amount))
    prospect = _prospect(unit, shop, refund, order)
    _follow_up(unit, premises, admin, prospect)
    return prospect


def drop_refund(unit: Unit, premises: Premises, admin: Peer, refund: Refund) -> None:
    """Leave it at the asking; raises Tell when it was confirmed before."""
    if not refunds.drop(unit, premises.shop.id, refund.id):
        raise Tell("refund-confirmed-already")
    who, detail = actor(admin.channel, admin.external), {"refund": refund.id}
    work.log(unit, premises.shop.id, [Event("admin.refund_dropped", refund.order, who, detail)])


def _prospect(unit: Unit, shop: ShopId, refund: Refund, order: Order) -> Prospect:
    return Prospect(refund, order, orders.open_attempt(unit, shop, order.id) is not None)


def _proposal(unit: Unit, premises: Premises, order: Order) -> dict[str, object]:
    """The account that all of the order's money came from; several, or one that nobody knows, propose none.

    Anybody can send an order a little money: that must not choose where all of it goes.
    """
    payers = refunds.payers(unit, premises.shop.id, order.id)
    payees = {transfer: known_payee(each.bank, each.account, each.name) for transfer, each in payers.items()}
    one = len({(payee.bin, payee.account) for payee in payees.values()}) == 1
    transfer, payee = max(payees.items()) if one else (None, Payee())
    named = {"bin": payee.bin, "account": payee.account, "holder": payee.holder}
    return {**named, "transfer_id": transfer if payee else None}


def _follow_up(unit: Unit, premises: Premises, admin: Peer, prospect: Prospect) -> None:
    shop, refund, order = premises.shop.id, prospect.refund, prospect.order
    buyer, who = buyers.peer(unit, shop, order.peer), actor(admin.channel, admin.external)
    if prospect.cancels:
        cancel_order(unit, premises, buyer, order, who)
    elif prospect.closes:
        close_cards(unit, premises, buyer, order)
    revoked = goods.revoke(unit, shop, order.id) if prospect.whole else 0
    detail = {"refund": refund.id, "amount": refund.amount.minor, "revoked": revoked}
    work.log(unit, shop, [Event("admin.refund_owed", order.id, who, detail)])
    lines = [Say("refund-is-coming", {"code": order.code, "amount": refund.amount})]
    if revoked:
        lines.append(Say("refund-revokes", {"code": order.code}))
    question = ask_payee(refund)
    told = Reply((*lines, *question.lines), question.choices)
    work.enqueue(unit, shop, [reply_job(buyer, told, f"refund:{refund.id}:owed", order.id)])
