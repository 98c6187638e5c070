"""A shop whose plan has prices in four currencies, and gateways for all of them."""

from dataclasses import replace
from typing import Any

from flows.place_order import place_order
from gateways.gateway import Asking
from sales.catalogue import Offer
from sales.money import Money
from sales.people import Peer
from sales.purchase import Attempt, Order
from sales.transfer import Sighting
from sales.way import Way
from storage import orders
from tests.flows.plugs import BAKONG, STARS, VNPAY
from tests.flows.shop import PRICE, Shop

PRICES = (Money(PRICE), Money(320, "USD"), Money(12_500, "KHR"), Money(150, "XTR"))
BY_CARD = Way("vnpay", "VND")
IN_DOLLARS = Way("bakong", "USD")


def sell_in_all(shop: Shop, ask: Asking | None = None) -> None:
    """Open every gateway; `ask` answers for VNPay, where one is handed in."""
    vnpay = replace(VNPAY, gateway=replace(VNPAY.gateway, ask=lambda _: ask)) if ask else VNPAY
    shop.premises = replace(shop.premises, plugs=(vnpay, BAKONG, STARS), base="https://shop.example")


async def dear(shop: Shop) -> Offer:
    """The first plan with all its prices."""
    return replace(await shop.offer(), prices=PRICES)


async def order_by(shop: Shop, way: Way | None, peer: Peer | None = None) -> Order:
    """An order that is to be paid that way."""
    offer, by = await dear(shop), peer or await shop.meet()
    return await shop.store.write(lambda unit: place_order(unit, shop.premises, by, offer, "", way))


async def attempts(shop: Shop, order: Order) -> list[Attempt]:
    """All attempts of an order, the oldest first."""
    return await shop.store.read(lambda unit: orders.attempts_of(unit, shop.premises.shop.id, order.id))


async def told_by(shop: Shop, order: Order, **changes: Any) -> Sighting:
    """What the gateway of the order's newest attempt says of money for it."""
    attempt = (await attempts(shop, order))[-1]
    amount, currency = attempt.amount.minor, attempt.amount.currency
    named = {"source": attempt.gateway, "account": "elsewhere", "number": attempt.number, "currency": currency}
    return replace(shop.sighting(""), **{"amount": amount, "memo": "", **named, **changes})
