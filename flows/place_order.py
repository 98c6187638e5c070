"""Place an order: number, code, lines that keep today's price, credit put on it, a card for the rest, its clocks."""

from flows.ask_to_pay import ask_to_pay
from flows.clocks import expiry_job, reminder_jobs
from flows.credit import Spent, spend_credit
from flows.limit_orders import may_place, tell_of_rush
from flows.messages import Reply, Say, Value
from flows.pay_orders import pay_orders
from flows.premises import Premises
from flows.send_reply import reply_job
from flows.ways import ways
from sales.catalogue import Offer
from sales.codes import Mint
from sales.errors import Tell
from sales.money import Money
from sales.people import Peer
from sales.purchase import Order
from sales.shop import Shop
from sales.vietqr import LARGEST
from sales.way import Way
from storage import buyers, orders, shops, work
from storage.unit import Unit
from storage.work import Event, changed


def place_order(unit: Unit, premises: Premises, peer: Peer, offer: Offer, email: str, way: Way | None = None) -> Order:
    """Write the order, put the buyer's credit on it, and ask for the rest, by the first way when none is named.

    `email` may be "". Answers the order as it stands then: credit may have paid it. Raises Tell as `may_order` does,
    before anything is written.
    """
    shop = premises.shop
    by = way or may_order(unit, premises, peer, offer)[0]
    order = _write(unit, shop, peer, offer, email, by)
    if email:
        buyers.remember_email(unit, shop.id, peer.buyer, email)
    detail = {"plan": offer.slug, **changed("", order.payment)}
    work.log(unit, shop.id, [Event("order.placed", order.id, f"buyer:{peer.buyer}", detail)])
    tell_of_rush(unit, premises)
    spent = spend_credit(unit, premises, order)
    _tell_of_credit(unit, premises, peer, order, spent)
    if spent.pays:
        pay_orders(unit, premises, [order.id], {order.id: peer}, frozenset())
        return orders.by_id(unit, shop.id, order.id)
    ask_to_pay(unit, premises, peer, order, order.total - spent.amount, order.pay_until, by)
    work.enqueue(unit, shop.id, [expiry_job(order), *reminder_jobs(order)])
    return order


def may_order(unit: Unit, premises: Premises, peer: Peer, offer: Offer, instead: int = 0) -> list[Way]:
    """The ways to pay for it, one at least; raises Tell for none, and as `may_place` does."""
    prices = prices_of(offer)
    found = ways(unit, premises, peer.channel, prices, [offer.rule])
    if not found:
        raise Tell("order-too-large" if prices.get("VND", 0) > LARGEST else "shop-cannot-take-money")
    may_place(unit, premises, peer.buyer, instead)
    return found


def prices_of(offer: Offer) -> dict[str, int]:
    """Currency → minor units of an offer."""
    return {price.currency: price.minor for price in offer.prices or (offer.price,)}


def _tell_of_credit(unit: Unit, premises: Premises, peer: Peer, order: Order, spent: Spent) -> None:
    if spent.amount.minor:
        missing = Money(0, spent.amount.currency) if spent.pays else order.total - spent.amount
        values: dict[str, Value] = {"code": order.code, "amount": spent.amount, "missing": missing}
        told = Reply((Say("credit-paid" if spent.pays else "credit-spent", values),))
        work.enqueue(unit, premises.shop.id, [reply_job(peer, told, f"credit:{order.id}", order.id)])


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
