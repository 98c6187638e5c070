"""Place an order: number, code, lines that keep today's price, a card to pay it, and the clock that ends it."""

from datetime import datetime, timedelta
from hashlib import md5

from flows.clocks import expiry_job
from flows.premises import Premises
from flows.show_card import show_card
from gateways.gateway import Invoice
from sales.catalogue import Offer
from sales.codes import Mint
from sales.errors import Tell
from sales.money import Money
from sales.people import Peer
from sales.purchase import Attempt, Order
from sales.shop import BankAccount, Shop
from storage import buyers, orders, shops, work
from storage.unit import Unit
from storage.work import Event

MOST_ORDERS_A_DAY = 20
"""One buyer makes no more orders than this in 24 hours, or anybody could fill the database with taps."""


def place_order(unit: Unit, premises: Premises, peer: Peer, offer: Offer, email: str) -> Order:
    """Write the order with its first payment attempt and show the card; `email` may be "".

    Raises Tell as `may_order` does, before anything is written.
    """
    shop = premises.shop
    account = may_order(unit, shop, peer)
    order = _write(unit, shop, peer, offer, email)
    attempt = open_attempt(unit, premises, account, order, order.total, order.pay_until)
    show_card(unit, premises, peer, order, attempt)
    if email:
        buyers.remember_email(unit, shop.id, peer.buyer, email)
    work.enqueue(unit, shop.id, [expiry_job(order)])
    work.log(unit, shop.id, [Event("order.placed", order.id, f"buyer:{peer.buyer}", {"plan": offer.slug})])
    return order


def may_order(unit: Unit, shop: Shop, peer: Peer) -> BankAccount:
    """The account that a new order of this buyer is to be paid to.

    Raises Tell when the seller has named none or the buyer has made too many orders today.
    """
    account = shops.shown_account(unit, shop.id)
    if account is None:
        raise Tell("shop-cannot-take-money")
    if orders.made_since(unit, shop.id, peer.buyer, unit.now - timedelta(days=1)) >= MOST_ORDERS_A_DAY:
        raise Tell("order-too-many")
    return account


def open_attempt(
    unit: Unit, premises: Premises, account: BankAccount, order: Order, amount: Money, expires_at: datetime
) -> Attempt:
    """Hand out one more QR for an order, to be paid to that account."""
    assert premises.gateway.open_invoice is not None, "a gateway that makes links is asked by a job"
    invitation = premises.gateway.open_invoice(Invoice(order.code, amount, account.bin, account.account))
    values = {
        "order_id": order.id,
        "gateway": premises.gateway.name,
        "number": shops.next_attempt_number(unit, premises.shop.id),
        "bank_account_id": account.id,
        "bin": account.bin,
        "account": account.account,
        "holder": account.holder,
        "memo": invitation.memo,
        "qr": invitation.qr,
        "qr_md5": md5(invitation.qr.encode(), usedforsecurity=False).hexdigest(),
        "currency": amount.currency,
        "amount": amount.minor,
        "expires_at": expires_at,
    }
    return orders.add_attempt(unit, premises.shop.id, values)


def _write(unit: Unit, shop: Shop, peer: Peer, offer: Offer, email: str) -> Order:
    number = shops.next_order_number(unit, shop.id)
    pay_until = unit.now + shop.payment_window
    values = {
        "number": number,
        "code": Mint(shop.code_prefix, shop.code_key).code(number),
        "buyer_id": peer.buyer,
        "peer_id": peer.id,
        "email": email,
        "currency": offer.price.currency,
        "total": offer.price.minor,
        "pay_until": pay_until,
        "watch_until": pay_until + shop.monitoring,
    }
    line = {
        "plan_id": offer.plan,
        "kind": offer.kind,
        "product_name": offer.product_name,
        "plan_name": offer.plan_name,
        "days": offer.days,
        "price": offer.price.minor,
    }
    return orders.add(unit, shop.id, values, [line])
