"""An order with money in several currencies: each goes back by itself, and what bought nothing goes first."""

import pytest

from flows.refund_order import currency_of_refund
from sales.errors import Tell
from sales.money import Money
from sales.purchase import Order
from storage.schema.goods import grants
from tests.flows.desk import Desk
from tests.flows.many_prices import IN_DOLLARS, order_by, sell_in_all, told_by
from tests.flows.shop import PRICE, Shop


@pytest.fixture
async def desk(shop: Shop) -> Desk:
    sell_in_all(shop)
    return await Desk.open(shop)


async def paid_in_dollars(shop: Shop) -> Order:
    order = await order_by(shop, IN_DOLLARS)
    await shop.settle(await told_by(shop, order))
    return order


async def paid_twice(shop: Shop) -> Order:
    """In dollars, and once more in đồng by the old card."""
    order = await paid_in_dollars(shop)
    await shop.settle(shop.sighting(order.code))
    return order


async def two_parts(shop: Shop) -> Order:
    """A part in each of two currencies; nothing is bought."""
    order = await order_by(shop, IN_DOLLARS)
    await shop.settle(await told_by(shop, order, amount=100), shop.sighting(order.code, 9_000))
    return order


async def counted_in(desk: Desk, order: Order, named: str | None = None) -> str:
    premises = desk.shop.premises
    return await desk.shop.store.read(lambda unit: currency_of_refund(unit, premises, order.code, named))


async def refused(desk: Desk, order: Order, named: str | None = None) -> Tell:
    with pytest.raises(Tell) as told:
        await counted_in(desk, order, named)
    return told.value


async def states(shop: Shop) -> list[str]:
    return [row.state for row in await shop.rows(grants)]


async def test_the_second_payment_goes_back_first_and_the_sale_stands(shop: Shop, desk: Desk) -> None:
    order = await paid_twice(shop)
    assert await counted_in(desk, order) == "VND"
    prospect = await desk.ask(order)
    assert (prospect.refund.amount, prospect.whole) == (Money(PRICE), False)
    await desk.confirm(prospect)
    assert await states(shop) == ["granted"]
    totals = (await shop.books())["totals"]
    assert (totals["VND"]["refund_owed"], totals["USD"]["revenue"]) == (PRICE, 320)


async def test_then_the_sale_itself_and_its_goods(shop: Shop, desk: Desk) -> None:
    order = await paid_twice(shop)
    await desk.owed(order)
    prospect = await desk.ask(order)
    assert (prospect.refund.amount, prospect.whole) == (Money(320, "USD"), True)
    await desk.confirm(prospect)
    assert await states(shop) == ["revoked"]


async def test_the_sale_goes_first_where_its_currency_is_named(shop: Shop, desk: Desk) -> None:
    order = await paid_twice(shop)
    assert await counted_in(desk, order, "USD") == "USD"
    prospect = await desk.ask(order, 320, currency="USD")
    assert prospect.whole
    await desk.confirm(prospect)
    assert (await shop.totals())["credit"] == PRICE, "the second payment is still held"
    assert await counted_in(desk, order) == "VND"


async def test_the_only_currency_that_is_held_need_not_be_named(shop: Shop, desk: Desk) -> None:
    order = await paid_in_dollars(shop)
    assert await counted_in(desk, order) == await counted_in(desk, order, "USD") == "USD"


async def test_a_part_left_in_another_currency_goes_back_alone(shop: Shop, desk: Desk) -> None:
    order = await order_by(shop, IN_DOLLARS)
    await shop.settle(shop.sighting(order.code, 9_000))
    assert await counted_in(desk, order) == "VND"
    await shop.settle(await told_by(shop, order, currency="USD", amount=320))
    assert await counted_in(desk, order) == "VND"
    assert not (await desk.confirm(await desk.ask(order))).whole
    assert await states(shop) == ["granted"]
    assert await counted_in(desk, order) == "USD"


async def test_where_nobody_can_know_which_is_meant_the_admin_says_it(shop: Shop, desk: Desk) -> None:
    order = await two_parts(shop)
    told = await refused(desk, order)
    assert told.message == "refund-which-currency"
    assert told.values == {"code": order.code, "held": "1.00 USD, 9000 VND", "currency": "USD"}
    with pytest.raises(Tell, match="refund-which-currency"):
        await desk.ask(order)
    assert await counted_in(desk, order, "VND") == "VND"
    assert (await desk.ask(order, currency="VND")).refund.amount == Money(9_000)


async def test_a_currency_of_which_nothing_is_held_is_told(shop: Shop, desk: Desk) -> None:
    order = await paid_in_dollars(shop)
    told = await refused(desk, order, "VND")
    assert (told.message, told.values["held"], told.values["currency"]) == ("refund-which-currency", "3.20 USD", "USD")


async def test_where_nothing_is_held_that_is_told(shop: Shop, desk: Desk) -> None:
    order = await order_by(shop, IN_DOLLARS)
    assert await counted_in(desk, order) == "USD"
    with pytest.raises(Tell, match="refund-nothing-held"):
        await desk.ask(order, currency="VND")
