"""Give back money of which nobody knows the order: an admin names the account, and nobody else is asked."""

from dataclasses import dataclass

from flows.admins import actor
from flows.name_refund import name_refund
from flows.owe_refund import asked, owe
from flows.premises import Premises
from flows.refund_terms import BY_HAND
from sales.errors import Tell
from sales.ids import RefundId
from sales.money import Money
from sales.payee import Payee, known_payee
from sales.people import Peer
from sales.posting import Account
from sales.refund import LAPSE, Means, Refund, State
from sales.vietqr import LARGEST
from storage import movements, refunds, work
from storage.movements import Movement
from storage.unit import Unit
from storage.work import Event, changed


@dataclass(frozen=True, slots=True)
class Return:
    """A refund beside the money it is of, as the admin is shown it; `left` of that lies unplaced."""

    refund: Refund
    movement: Movement
    left: Money


def ask_refund_of_transfer(unit: Unit, premises: Premises, admin: Peer, transfer: int, reason: str) -> Return:
    """Write down that an admin wants to give back what of that transfer lies unplaced; nothing moves yet.

    The payer's account, where the bank named one, is only proposed. More than one VietQR carries is given back in
    parts. Raises Tell for money that is not there, and for money whose order is known: that goes by /refund.
    """
    shop = premises.shop.id
    movement, left = _unplaced(unit, premises, transfer)
    means = Means.VIETQR if left.currency == "VND" else Means.BY_HAND
    amount = Money(min(left.minor, LARGEST) if means is Means.VIETQR else left.minor, left.currency)
    payee = _payee(movement, means)
    values = {"held": left.minor, "reason": reason, "memo": "", "asked_by": admin.id, "transfer_id": transfer}
    values |= {"means": means, "bin": payee.bin, "account": payee.account, "holder": payee.holder}
    refund = name_refund(unit, premises, refunds.ask(unit, shop, None, amount, values))
    _log(unit, premises, admin, "admin.refund_asked", refund, changed("", State.ASKED) | {"reason": reason})
    return Return(refund, movement, left)


def confirm_refund_of_transfer(unit: Unit, premises: Premises, admin: Peer, refund_id: RefundId) -> Refund:
    """Make it owed, once, and let the money wait for nobody any more; raises Tell as `confirm_refund` does."""
    shop = premises.shop.id
    refund = asked(unit, shop, refund_id)
    if refund.order is not None or refund.transfer is None:
        raise Tell("refund-gone")
    _, left = _unplaced(unit, premises, refund.transfer)
    if unit.now < refund.created_at + LAPSE and left != refund.held:
        raise Tell("refund-transfer-changed")
    owe(unit, shop, admin, refund, {Account.UNPLACED: left.minor})
    more = changed(State.ASKED, State.APPROVED) | {"reason": refund.reason}
    _log(unit, premises, admin, "admin.refund_owed", refund, more)
    return refund


def _unplaced(unit: Unit, premises: Premises, transfer: int) -> tuple[Movement, Money]:
    """The movement, and how much of it nobody has placed; raises Tell when that is nothing, or its order is known."""
    shop = premises.shop.id
    movement = movements.of_transfers(unit, shop, [transfer]).get(transfer)
    if movement is None:
        raise Tell("refund-gone")
    if movement.code is not None:
        raise Tell("refund-transfer-placed", code=movement.code)
    left = movements.unplaced(unit, shop, movement)
    if left <= 0:
        raise Tell("refund-transfer-empty")
    return movement, Money(left, movement.sighting.currency)


def _payee(movement: Movement, means: Means) -> Payee:
    payer = movement.sighting.payer
    if means is Means.VIETQR:
        return known_payee(payer.bank, payer.account, payer.name)
    return Payee("", payer.account or BY_HAND, payer.name)


def _log(unit: Unit, premises: Premises, admin: Peer, kind: str, refund: Refund, more: dict[str, str]) -> None:
    amount, who = refund.amount, actor(admin.channel, admin.external)
    detail = {"refund": refund.id, "transfer": refund.transfer, "amount": amount.minor, "currency": amount.currency}
    work.log(unit, premises.shop.id, [Event(kind, None, who, detail | more)])
