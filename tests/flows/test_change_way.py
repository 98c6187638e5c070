from datetime import timedelta

import pytest

from flows.change_way import MOST_ATTEMPTS, change_way
from flows.messages import unpack
from flows.ways import order_ways
from sales.errors import Tell
from sales.money import Money
from sales.order import Payment
from sales.purchase import Order
from sales.way import Way
from storage import buyers, money, orders
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.many_prices import BY_CARD, IN_DOLLARS, attempts, order_by, sell_in_all, told_by
from tests.flows.shop import PRICE, Shop


async def change(shop: Shop, order: Order, way: Way) -> bool:
    def write(unit: Unit) -> bool:
        peer = buyers.peer(unit, shop.premises.shop.id, order.peer)
        return change_way(unit, shop.premises, peer, order, way, "buyer:1")

    return await shop.store.write(write)


async def now(shop: Shop, order: Order) -> Order:
    return await shop.store.read(lambda unit: orders.by_id(unit, shop.premises.shop.id, order.id))


async def states(shop: Shop, order: Order) -> list[tuple[str, str, int, str]]:
    return [(a.gateway, a.amount.currency, a.amount.minor, a.state) for a in await attempts(shop, order)]


async def test_another_way_is_another_attempt_of_the_same_order(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    assert await change(shop, order, IN_DOLLARS)
    assert await states(shop, order) == [("casso", "VND", PRICE, "replaced"), ("bakong", "USD", 320, "open")]
    changed = await now(shop, order)
    assert (changed.total, changed.code, changed.prices) == (Money(320, "USD"), order.code, order.prices)


async def test_a_second_tap_changes_nothing(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    [transfer, *_] = await shop.store.read(lambda unit: order_ways(unit, shop.premises, order, "telegram"))
    assert [await change(shop, order, transfer), await change(shop, order, transfer)] == [True, False]
    assert len(await attempts(shop, order)) == 2


async def test_a_page_that_is_chosen_again_is_a_new_one(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    assert await change(shop, order, BY_CARD)
    one, other = await attempts(shop, order)
    assert (one.state, other.state) == ("replaced", "open")
    assert one.link_url != other.link_url


async def test_the_way_back_is_a_new_attempt_too(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    assert await change(shop, order, IN_DOLLARS)
    assert await change(shop, order, BY_CARD)
    assert [state for *_, state in await states(shop, order)] == ["replaced", "replaced", "open"]
    assert len({each.number for each in await attempts(shop, order)}) == 3


async def test_only_what_is_missing_in_that_currency_is_asked_for(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    await shop.settle(shop.sighting(order.code, 50_000))
    assert await change(shop, order, IN_DOLLARS)
    assert await change(shop, order, BY_CARD)
    assert [amount for *_, amount, _ in await states(shop, order)][1:] == [320, PRICE - 50_000]


async def test_money_that_comes_the_old_way_pays_all_the_same(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    await change(shop, order, IN_DOLLARS)
    assert await shop.settle(shop.sighting(order.code)) == 1
    paid = await now(shop, order)
    assert (paid.payment, paid.total) == (Payment.PAID, Money(PRICE))
    assert await shop.meanings() == ["exact"]


async def test_a_part_in_another_currency_becomes_credit_once_the_order_is_paid(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    await shop.settle(shop.sighting(order.code, 50_000))
    await change(shop, order, IN_DOLLARS)
    await shop.settle(await told_by(shop, order))
    totals = (await shop.books())["totals"]
    assert {name: minor for name, minor in totals["USD"].items() if minor} == {"received": 320, "revenue": 320}
    assert {name: minor for name, minor in totals["VND"].items() if minor} == {"received": 50_000, "credit": 50_000}
    assert await shop.store.read(lambda unit: money.deposits(unit, shop.premises.shop.id, [order.id])) == {}


async def test_a_short_payment_in_dollars_asks_for_the_rest_in_dollars(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, IN_DOLLARS)
    await shop.settle(await told_by(shop, order, amount=300))
    await shop.work()
    assert await states(shop, order) == [("bakong", "USD", 320, "replaced"), ("bakong", "USD", 20, "open")]
    await shop.settle(await told_by(shop, order))
    assert await shop.meanings() == ["short", "exact"]


async def test_the_rest_of_a_part_in_dollars_prices_the_order_in_dollars(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, IN_DOLLARS)
    in_dollars = await told_by(shop, order, amount=300)
    await change(shop, order, BY_CARD)
    await shop.settle(in_dollars)
    await shop.work()
    assert (await now(shop, order)).total == Money(320, "USD")
    assert (await states(shop, order))[-1] == ("bakong", "USD", 20, "open")


async def test_only_the_surplus_in_the_money_that_came_is_told(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    await shop.settle(shop.sighting(order.code, 50_000))
    await change(shop, order, IN_DOLLARS)
    await shop.settle(await told_by(shop, order, amount=330))
    told = [line for row in await shop.jobs("reply") for line in unpack(row.payload["reply"]).lines]
    assert [line.values["amount"] for line in told if line.id == "money-over"] == [Money(10, "USD")]


async def test_a_paid_order_has_no_way_any_more(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    await shop.settle(shop.sighting(order.code))
    assert not await change(shop, order, BY_CARD)
    assert len(await attempts(shop, order)) == 1


async def test_an_order_out_of_time_changes_its_way_as_long_as_it_is_watched(shop: Shop, clock: FrozenClock) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    clock.now = order.pay_until
    await shop.work()
    assert await change(shop, order, BY_CARD)
    assert (await attempts(shop, order))[-1].expires_at == order.watch_until
    clock.now = order.watch_until + timedelta(milliseconds=1)
    assert not await change(shop, order, IN_DOLLARS)


async def test_a_cancelled_order_has_no_way_any_more(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    await shop.store.write(lambda unit: orders.move(unit, shop.premises.shop.id, order.id, Payment.CANCELLED))
    assert not await change(shop, order, BY_CARD)


async def test_nobody_fills_the_database_by_changing_ways(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    for number in range(MOST_ATTEMPTS - 1):
        assert await change(shop, order, IN_DOLLARS if number % 2 else BY_CARD)
    with pytest.raises(Tell, match="way-too-often"):
        await change(shop, order, IN_DOLLARS if MOST_ATTEMPTS % 2 == 0 else BY_CARD)
    assert len(await attempts(shop, order)) == MOST_ATTEMPTS
    assert (await attempts(shop, order))[-1].state == "open"


async def test_only_the_attempt_that_the_money_came_by_is_paid(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    await change(shop, order, BY_CARD)
    await shop.settle(shop.sighting(order.code))
    assert [state for *_, state in await states(shop, order)] == ["replaced", "replaced"]
    other = await order_by(shop, BY_CARD, await shop.meet("7"))
    await shop.settle(await told_by(shop, other))
    assert [state for *_, state in await states(shop, other)] == ["paid"]
