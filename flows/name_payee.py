"""Whereto a refund goes: the buyer or an admin says so, for what the bank tells of the payer is no proof.

Wallets pay from accounts that they share among all their customers.
"""

from flows.admins import actor, admins_of, is_admin
from flows.messages import Choice, Reply, Say, Value
from flows.name_refund import name_next_sending
from flows.premises import Premises
from flows.send_refund import refund_card
from flows.send_reply import reply_job
from flows.ways_out import way_rows
from sales.errors import Tell
from sales.payee import Payee
from sales.people import Peer
from sales.refund import Refund
from storage import buyers, orders, refunds, work
from storage.unit import Unit
from storage.work import Event


def ask_payee(refund: Refund) -> Reply:
    """Ask the buyer for the account; one the bank has named is shown by its end only, for it may be a stranger's."""
    if not refund.payee:
        name = Choice(Say("refund-name-account"), token=f"refund-other:{refund.id}")
        return Reply((Say("refund-which-account"),), ((name,),))
    return Reply((Say("refund-your-account", shown(refund.payee)),), _yes_or_other(refund))


def ask_typed_payee(refund: Refund) -> Reply:
    """Show the buyer the account as it was typed, in full, before it counts."""
    whole: dict[str, Value] = {"account": refund.payee.account}
    return Reply((Say("refund-typed-account", shown(refund.payee) | whole),), _yes_or_other(refund))


def propose_payee(unit: Unit, premises: Premises, refund: Refund, payee: Payee) -> Refund:
    """Name another account, still to be confirmed; raises Tell when one was confirmed before."""
    if not refunds.propose(unit, premises.shop.id, refund.id, payee):
        raise Tell("refund-account-fixed")
    return _again(unit, premises, refund)


def confirm_as_buyer(unit: Unit, premises: Premises, buyer: Peer, refund: Refund) -> None:
    """Settle on the account the buyer was shown; an admin gets the card that pays it.

    Raises Tell when one was confirmed before: from then on only an admin may change it.
    """
    if refund.confirmed_at is not None:
        raise Tell("refund-account-fixed")
    _confirm(unit, premises, buyer, refund, refund.payee)
    _log(unit, premises, refund, "refund.account_confirmed", f"buyer:{buyer.buyer}")
    order = orders.by_id(unit, premises.shop.id, refund.of_order)
    card = refund_card(_again(unit, premises, refund), order.code, way_rows(unit, premises, refund.id))
    # What came back is confirmed once more, perhaps to the same account.
    name = f"refund-card:{refund.mark}:{int(unit.now.timestamp() * 1000)}"
    jobs = [reply_job(admin, card, f"{name}:{admin.lane}", order.id) for admin in _payers(unit, premises, refund)]
    work.enqueue(unit, premises.shop.id, jobs)


def confirm_as_admin(unit: Unit, premises: Premises, admin: Peer, refund: Refund, payee: Payee) -> Refund:
    """Settle on an account on an admin's word, even in place of one confirmed before; raises Tell once it is sent."""
    _confirm(unit, premises, admin, refund, payee)
    settled = _again(unit, premises, refund)
    _log(unit, premises, settled, "admin.refund_account", actor(admin.channel, admin.external))
    return settled


def shown(payee: Payee) -> dict[str, Value]:
    """What anybody concerned may be shown of an account."""
    return {"bank": payee.bank, "tail": payee.tail, "holder": payee.holder}


def _confirm(unit: Unit, premises: Premises, by: Peer, refund: Refund, payee: Payee) -> None:
    if not payee or not refunds.confirm(unit, premises.shop.id, refund.id, payee, by.id):
        raise Tell("refund-not-open")
    if refund.sent_at is not None:
        name_next_sending(unit, premises, refund)


def _payers(unit: Unit, premises: Premises, refund: Refund) -> list[Peer]:
    """The admin who began it, or said yes to a buyer's wish, else whoever runs the shop by now.

    One card to one admin is not paid twice.
    """
    shop = premises.shop.id
    first = None if refund.asked_by is None else buyers.peer(unit, shop, refund.asked_by)
    if first is not None and is_admin(unit, premises, first.channel, first.external):
        return [first]
    rows = work.told_of(unit, shop, refund.order, "admin.refund_owed")
    approved = {row.actor for row in rows if row.detail["refund"] == refund.id}
    known = (buyers.peer_at(unit, shop, each.channel, each.external) for each in admins_of(unit, premises))
    admins = [admin for admin in known if admin is not None]
    return [each for each in admins if actor(each.channel, each.external) in approved] or admins


def _again(unit: Unit, premises: Premises, refund: Refund) -> Refund:
    found = refunds.by_id(unit, premises.shop.id, refund.id)
    assert found is not None, "a refund is never removed"
    return found


def _log(unit: Unit, premises: Premises, refund: Refund, kind: str, who: str) -> None:
    detail = {"refund": refund.id, "bank": refund.payee.bank, "tail": refund.payee.tail}
    work.log(unit, premises.shop.id, [Event(kind, refund.order, who, detail)])


def _yes_or_other(refund: Refund) -> tuple[tuple[Choice, ...], ...]:
    return (
        (
            Choice(Say("refund-mine"), token=f"refund-mine:{refund.mark}"),
            Choice(Say("refund-other"), token=f"refund-other:{refund.id}"),
        ),
    )
