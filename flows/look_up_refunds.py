"""An admin looks at refunds that are owed: who saw which account is in the event log."""

from flows.admins import actor
from flows.premises import Premises
from sales.people import Peer
from sales.refund import Refund
from storage import orders, refunds, work
from storage.unit import Unit
from storage.work import Event

LISTED = 10
"""Owed refunds shown at once: those that can be sent, then those that wait for somebody, each oldest first."""


def list_owed(unit: Unit, premises: Premises, admin: Peer) -> list[tuple[Refund, str]]:
    """What is still to be sent, each with the code of its order."""
    shop = premises.shop.id
    owed = refunds.owed(unit, shop, LISTED)
    named = orders.by_ids(unit, shop, {refund.order for refund in owed if refund.order is not None})
    work.log(unit, shop, [Event("admin.refunds", actor=actor(admin.channel, admin.external))])
    return [(refund, named[refund.order].code if refund.order is not None else refund.code or "") for refund in owed]


def open_refund(unit: Unit, premises: Premises, admin: Peer, refund: Refund) -> None:
    """Note that an admin is shown an owed refund, with its account in full."""
    detail = {"refund": refund.id, "tail": refund.payee.tail}
    who = actor(admin.channel, admin.external)
    work.log(unit, premises.shop.id, [Event("admin.refund_opened", refund.order, who, detail)])
