"""What somebody does who chooses how to pay."""

from dataclasses import replace

from flows.messages import Reply
from sales.catalogue import Product
from sales.money import Money
from sales.purchase import Attempt, Order
from sales.way import Rule
from storage import catalogue, orders
from tests.bot.talk.people import Person, tokens
from tests.flows.plugs import BAKONG, STARS, VNPAY
from tests.flows.shop import PRICE, SOFTWARE

EMAIL = "an@example.com"
PRICES = (Money(PRICE), Money(320, "USD"), Money(12_500, "KHR"), Money(150, "XTR"))


def sold(*prices: Money, rule: Rule | None = None) -> Product:
    """The software with one plan at these prices."""
    return replace(SOFTWARE, plans=(replace(SOFTWARE.plans[0], prices=prices, rule=rule or Rule()),))


def choosing(person: Person) -> Person:
    """The same person in front of a shop with three more gateways."""
    person.shop.premises = replace(person.shop.premises, plugs=(VNPAY, BAKONG, STARS))
    return person


async def sell(person: Person, *goods: Product) -> None:
    shop = person.shop.premises.shop.id
    await person.shop.store.write(lambda unit: catalogue.stock_shelf(unit, shop, goods))


async def ask(person: Person) -> list[Reply]:
    """Walk to the question how to pay."""
    offer = await person.shop.offer()
    await person.press(f"buy:{offer.plan}")
    return await person.type(EMAIL)


async def choose(person: Person, way: str) -> list[Reply]:
    """Press the button of the way whose key begins so."""
    return await person.press(next(token for token in tokens(await ask(person)) if f":{way}" in token))


async def buy(person: Person, way: str) -> Order:
    await choose(person, way)
    order = await person.open_order()
    assert order is not None
    return order


async def attempts(person: Person, order: Order) -> list[Attempt]:
    shop = person.shop.premises.shop.id
    return await person.shop.store.read(lambda unit: orders.attempts_of(unit, shop, order.id))


def keys(replies: list[Reply], start: str) -> list[str]:
    """Keys of the ways that stand on the page, without their account."""
    found = [token for token in tokens(replies) if token.startswith(f"{start}:")]
    return [".".join(token.split(":")[-1].split(".")[:2]) for token in found]


ALL = ["casso.VND", "vnpay.VND", "bakong.USD", "bakong.KHR", "stars.XTR"]
"""Gateway and currency of every way of the shop in front of them."""
