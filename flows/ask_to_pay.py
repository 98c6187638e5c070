"""Ask the buyer to pay: with a QR code that the shop draws itself, or with a payment link that a job asks for."""

from datetime import datetime
from hashlib import md5
from typing import Any

from flows.links import opening_job
from flows.premises import Premises
from flows.show_card import show_card
from gateways.gateway import Gateway, Invoice
from sales.errors import NotConfigured
from sales.money import Money
from sales.people import Peer
from sales.purchase import Order
from sales.shop import BankAccount
from storage import orders, shops, work
from storage.unit import Unit


def ask_to_pay(unit: Unit, premises: Premises, peer: Peer, order: Order, amount: Money, until: datetime) -> None:
    """Write one more attempt to pay an order; its card is shown at once, or when the gateway has made the link.

    Raises NotConfigured when the shop draws its QR codes itself and has named no bank account.
    """
    if premises.gateway.open_invoice is None:
        _ask_for_link(unit, premises, order, amount, until)
    else:
        show_own_qr(unit, premises, premises.gateway, peer, order, amount, until)


def show_own_qr(
    unit: Unit, premises: Premises, gateway: Gateway, peer: Peer, order: Order, amount: Money, until: datetime
) -> None:
    """Draw a QR code to the account the shop shows, and show its card; raises NotConfigured when there is none."""
    account = shops.shown_account(unit, premises.shop.id)
    if account is None:
        raise NotConfigured("no bank account to pay to")
    values = _attempt(unit, premises, gateway, order, amount, until) | _qr(gateway, account, order, amount)
    show_card(unit, premises, peer, order, orders.add_attempt(unit, premises.shop.id, values))


def qr_digest(qr: str) -> str:
    """Name a QR text in few characters, as `attempts.qr_md5` keeps it."""
    return md5(qr.encode(), usedforsecurity=False).hexdigest()


def _ask_for_link(unit: Unit, premises: Premises, order: Order, amount: Money, until: datetime) -> None:
    shop = premises.shop.id
    account = shops.shown_account(unit, shop)
    unknown = dict.fromkeys(("bin", "account", "holder", "memo", "qr", "qr_md5"), "")
    values = _attempt(unit, premises, premises.gateway, order, amount, until) | unknown
    values |= {"bank_account_id": account and account.id, "state": "asked"}
    attempt = orders.add_attempt(unit, shop, values)
    work.enqueue(unit, shop, [opening_job(order.id, attempt.id)])


def _qr(gateway: Gateway, account: BankAccount, order: Order, amount: Money) -> dict[str, Any]:
    assert gateway.open_invoice is not None, "a gateway that makes links is asked by a job"
    invitation = gateway.open_invoice(Invoice(order.code, amount, account.bin, account.account))
    return {
        "bank_account_id": account.id,
        "bin": account.bin,
        "account": account.account,
        "holder": account.holder,
        "memo": invitation.memo,
        "qr": invitation.qr,
        "qr_md5": qr_digest(invitation.qr),
        "state": "open",
    }


def _attempt(
    unit: Unit, premises: Premises, gateway: Gateway, order: Order, amount: Money, until: datetime
) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "gateway": gateway.name,
        "number": shops.next_attempt_number(unit, premises.shop.id),
        "currency": amount.currency,
        "amount": amount.minor,
        "expires_at": until,
    }
