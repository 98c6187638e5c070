"""Credit is summed from the ledger, bound to its buyer and shop, and moved by spends that sum to zero."""

from dataclasses import replace

from sqlalchemy import func, select

from sales.credit import Lot
from sales.ids import OrderId, ShopId
from sales.money import Money
from storage import credit
from storage.schema.money import postings, spends
from storage.store import Store
from tests.flows.crediting import has, lies, with_credit
from tests.flows.shop import FILE, Shop, open_shop


async def move(shop: Shop, buyer: int, order: OrderId, lots: list[Lot], *, pays: bool = False) -> None:
    shop_id = shop.premises.shop.id
    await shop.store.write(lambda unit: credit.move(unit, shop_id, buyer, order, lots, pays=pays))  # type: ignore[arg-type]


async def test_credit_is_the_sum_of_what_lies_on_all_orders_of_the_buyer(shop: Shop) -> None:
    peer, first = await with_credit(shop, 5_000)
    _, second = await with_credit(shop, 7_000, peer)
    assert await has(shop, peer) == 7_000
    assert await lies(shop, peer) == {second.code: 7_000}
    await shop.settle(shop.sighting(first.code, 1_000))
    assert await lies(shop, peer) == {first.code: 1_000, second.code: 7_000}
    assert await has(shop, await shop.meet("another")) == 0
    elsewhere = ShopId(shop.premises.shop.id + 1)
    assert await shop.store.read(lambda unit: credit.credit_of(unit, elsewhere, peer.buyer)) == {}


async def test_what_was_put_on_an_order_is_known_by_where_it_came_from(shop: Shop) -> None:
    peer, first = await with_credit(shop, 20_000)
    shop_id, order = shop.premises.shop.id, await shop.order(peer)
    put = await shop.store.read(lambda unit: credit.put_on(unit, shop_id, order.id))
    assert put == [Lot(first.id, first.code, Money(20_000))]
    back = [replace(lot, amount=Money(-5_000)) for lot in put]
    await move(shop, peer.buyer, order.id, back)
    put = await shop.store.read(lambda unit: credit.put_on(unit, shop_id, order.id))
    assert put == [Lot(first.id, first.code, Money(15_000))]
    assert [row.amount for row in await shop.rows(spends)] == [20_000, -5_000]


async def test_a_part_that_became_credit_was_never_put_there(shop: Shop) -> None:
    peer = await shop.meet()
    order = await shop.order(peer)
    await shop.settle(shop.sighting(order.code, 9_000))
    await move(shop, peer.buyer, order.id, [Lot(order.id, order.code, Money(-9_000))])
    assert await shop.store.read(lambda unit: credit.put_on(unit, shop.premises.shop.id, order.id)) == []
    assert await lies(shop, peer) == {order.code: 9_000}


async def test_every_spend_sums_to_zero_and_is_earned_at_once_where_it_pays(shop: Shop) -> None:
    peer, first = await with_credit(shop, 20_000)
    other = await shop.order(await shop.meet("another"))
    await move(shop, peer.buyer, other.id, [Lot(first.id, first.code, Money(20_000))], pays=True)
    query = select(func.sum(postings.c.amount)).where(postings.c.spend_id.is_not(None)).group_by(postings.c.spend_id)
    assert await shop.store.read(lambda unit: [int(each) for each in unit.conn.scalars(query)]) == [0]
    assert await shop.totals() == {"received": 99_000, "revenue": 99_000}


async def test_two_shops_in_one_database_know_nothing_of_each_other(store: Store) -> None:
    one = await open_shop(store)
    two = await open_shop(store, replace(FILE, code_prefix="QK"), slug="other")
    peer, _ = await with_credit(one, 5_000)
    assert (await has(one, peer), await has(two, peer)) == (5_000, 0)
