"""An order that waits to be paid on SePay's page, in a shop that sells that way."""

from dataclasses import replace

from flows.ask_to_pay import ask_to_pay
from flows.premises import Plug
from gateways.sepay_pg import SEPAY_PG
from sales.purchase import Attempt, Order
from sales.way import Way
from storage import buyers, orders
from storage.unit import Unit
from tests.flows.shop import Shop
from tests.gateways.sepay_pg_signing import SECRETS

BASE = "https://shop.example"


def sell_by_page(shop: Shop) -> Shop:
    """From now on buyers may pay on SePay's page, too."""
    plug = Plug(SEPAY_PG, SECRETS, SEPAY_PG.url)
    shop.premises = replace(shop.premises, plugs=(plug,), base=BASE)
    return shop


async def ask_by_page(shop: Shop, order: Order, way: str = "sepay-pg") -> Attempt:
    """One more attempt to pay an order, on the page of that gateway."""

    def ask(unit: Unit) -> Attempt:
        peer = buyers.peer(unit, shop.premises.shop.id, order.peer)
        ask_to_pay(unit, shop.premises, peer, order, order.total, order.pay_until, Way(way, order.total.currency))
        return orders.attempts_of(unit, shop.premises.shop.id, order.id)[-1]

    return await shop.store.write(ask)


def token(attempt: Attempt) -> str:
    """The last part of the address that the buyer's button leads to."""
    start = f"{BASE}/pay/main/{attempt.gateway}/"
    assert attempt.link_url.startswith(start)
    return attempt.link_url.removeprefix(start)
