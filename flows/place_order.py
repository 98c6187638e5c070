"""Place an order: number, code, lines that keep today's price, a card to pay it, and the clock that ends it."""

from datetime import timedelta

from flows.ask_to_pay import ask_to_pay
from flows.clocks import expiry_job
from flows.premises import Premises
from flows.ways import ways
from sales.catalogue import Offer
from sales.codes import Mint
from sales.errors import Tell
from sales.people import Peer
from sales.purchase import Order
from sales.shop import Shop
from sales.way import Way
from storage import buyers, orders, shops, work
from storage.unit import Unit
from storage.work import Event

MOST_ORDERS_A_DAY = 20
"""One buyer makes no more orders than this in 24 hours, or anybody could fill the database with taps."""


def place_order(unit: Unit, premises: Premises, peer: Peer, offer: Offer, email: str, way: Way | None = None) -> Order:
    """Write the order and ask for its money, by the first way when none is named; `email` may be "".

    Raises Tell as `may_order` does, before anything is written.
    """
    shop = premises.shop
    by = way or may_order(unit, premises, peer, offer)[0]
    order = _write(unit, shop, peer, offer, email, by)
    ask_to_pay(unit, premises, peer, order, order.total, order.pay_until, by)
    if email:
        buyers.remember_email(unit, shop.id, peer.buyer, email)
    work.enqueue(unit, shop.id, [expiry_job(order)])
    work.log(unit, shop.id, [Event("order.placed", order.id, f"buyer:{peer.buyer}", {"plan": offer.slug})])
    return order


def may_order(unit: Unit, premises: Premises, peer: Peer, offer: Offer) -> list[Way]:
    """The ways to pay for it, one at least; raises Tell for none, and for too many orders today."""
    shop = premises.shop.id
    found = ways(unit, premises, peer.channel, prices_of(offer), [offer.rule])
    if not found:
        raise Tell("shop-cannot-take-money")
    if orders.made_since(unit, shop, peer.buyer, unit.now - timedelta(days=1)) >= MOST_ORDERS_A_DAY:
        raise Tell("order-too-many")
    return found


def prices_of(offer: Offer) -> dict[str, int]:
    """Currency → minor units of an offer."""
    return {price.currency: price.minor for price in offer.prices or (offer.price,)}


def _write(unit: Unit, shop: Shop, peer: Peer, offer: Offer, email: str, way: Way) -> Order:
    prices = prices_of(offer)
    number = shops.next_order_number(unit, shop.id)
    pay_until = unit.now + shop.payment_window
    values = {
        "number": number,
        "code": Mint(shop.code_prefix, shop.code_key).code(number),
        "buyer_id": peer.buyer,
        "peer_id": peer.id,
        "email": email,
        "currency": way.currency,
        "total": prices[way.currency],
        "prices": prices,
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
        "currency": offer.price.currency,
    }
    return orders.add(unit, shop.id, values, [line])
