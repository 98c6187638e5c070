import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from sales.ids import OrderId, ShopId
from sales.money import Money
from sales.order import MOVES, Payment
from sales.purchase import Order
from storage import order_counts, orders, shops
from storage.errors import Conflict
from storage.schema.orders import attempts, order_lines
from storage.schema.orders import orders as table
from storage.store import open_store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.many_prices import IN_DOLLARS, PRICES, order_by, sell_in_all
from tests.flows.shop import FILE, Shop, open_shop
from tests.storage.shop import refuses_change


async def move(shop: Shop, order: Order, target: Payment) -> bool:
    return await shop.store.write(lambda unit: orders.move(unit, shop.premises.shop.id, order.id, target))


async def standing(shop: Shop, order: Order) -> Order:
    return await shop.store.read(lambda unit: orders.by_id(unit, shop.premises.shop.id, order.id))


async def brought_to(shop: Shop, state: Payment) -> Order:
    order = await shop.order()
    if state is not Payment.OPEN:
        assert await move(shop, order, state)
    return order


@pytest.mark.parametrize("source", Payment)
async def test_a_move_is_made_exactly_when_the_table_has_it(shop: Shop, source: Payment) -> None:
    for target in Payment:
        order = await brought_to(shop, source)
        moved = await move(shop, order, target)
        now = await standing(shop, order)
        assert moved == (target in MOVES[source])
        assert now.payment is (target if moved else source)
        assert (now.paid_at is not None) == (now.payment is Payment.PAID)


@pytest.mark.parametrize("target", [Payment.PAID, Payment.EXPIRED, Payment.CANCELLED])
async def test_of_many_who_move_an_order_at_once_one_wins(shop: Shop, target: Payment) -> None:
    order = await shop.order()
    assert sorted(await asyncio.gather(*(move(shop, order, target) for _ in range(10)))) == [False] * 9 + [True]


async def test_whoever_loses_the_race_changes_nothing(shop: Shop) -> None:
    order = await shop.order()
    won = await asyncio.gather(move(shop, order, Payment.EXPIRED), move(shop, order, Payment.CANCELLED))
    assert sorted(won) == [False, True]


async def test_several_are_paid_at_once_and_only_those_that_can_be(shop: Shop, clock: FrozenClock) -> None:
    made = [await brought_to(shop, state) for state in Payment]
    ids = [order.id for order in made]
    moved = await shop.store.write(lambda unit: orders.pay(unit, shop.premises.shop.id, ids))
    assert [order.id for order in moved] == [order.id for order in made if order.id != made[1].id]
    assert {order.paid_at for order in moved} == {clock.now}


async def test_a_code_finds_its_order_for_ever(shop: Shop, clock: FrozenClock) -> None:
    made = [await brought_to(shop, state) for state in Payment]
    clock.move(timedelta(days=4_000))
    for order in made:
        found = await shop.store.read(lambda unit, code=order.code: orders.by_code(unit, shop.premises.shop.id, code))
        assert found is not None
        assert found.id == order.id


async def test_a_code_finds_nothing_in_another_shop(shop: Shop) -> None:
    order = await shop.order()
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, shop.premises.vault))
    assert await shop.store.read(lambda unit: orders.by_code(unit, other.id, order.code)) is None
    assert not await shop.store.write(lambda unit: orders.move(unit, other.id, order.id, Payment.PAID))
    assert await shop.store.write(lambda unit: orders.pay(unit, other.id, [order.id])) == []


async def test_a_code_is_given_once(shop: Shop) -> None:
    await shop.order()
    (row,) = await shop.rows(table)
    copy = {name: value for name, value in row._mapping.items() if name != "id"} | {"number": 99}
    with pytest.raises(Conflict):
        await shop.store.write(lambda unit: unit.conn.execute(insert(table).values(copy)))


async def test_a_buyers_orders_are_listed_newest_first(shop: Shop) -> None:
    peer, other = await shop.meet("1"), await shop.meet("2")
    made = [await shop.order(peer) for _ in range(4)]
    await shop.order(other)
    shop_id = shop.premises.shop.id
    listed = await shop.store.read(lambda unit: orders.newest(unit, shop_id, peer.buyer, 3))
    assert [order.id for order in listed] == [order.id for order in made[:0:-1]]
    newest = await shop.store.read(lambda unit: orders.open_order(unit, shop_id, peer.buyer))
    assert newest is not None
    assert newest.id == made[-1].id


async def test_only_an_open_order_waits_for_money(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await move(shop, order, Payment.EXPIRED)
    assert await shop.store.read(lambda unit: orders.open_order(unit, shop.premises.shop.id, peer.buyer)) is None


async def test_orders_are_counted_by_time_and_by_state(shop: Shop, clock: FrozenClock) -> None:
    peer = await shop.meet()
    shop_id = shop.premises.shop.id
    await shop.order(peer)
    clock.move(timedelta(hours=1))
    await shop.order(peer)
    since = [clock.now, clock.now - timedelta(hours=1), clock.now + timedelta(seconds=1)]
    made = [
        await shop.store.read(lambda unit, at=at: order_counts.made_since(unit, shop_id, peer.buyer, at))
        for at in since
    ]
    assert made == [1, 2, 0]
    assert await shop.store.read(lambda unit: orders.counts(unit, shop_id)) == {"open": 2}


async def test_attempts_close_once_and_only_those_that_are_open(shop: Shop) -> None:
    one, two = await shop.order(), await shop.order()
    shop_id = shop.premises.shop.id

    async def close(*ids: OrderId) -> dict[OrderId, int]:
        found = await shop.store.write(lambda unit: orders.close_attempts(unit, shop_id, ids, "expired"))
        return {order: len(closed) for order, closed in found.items()}

    assert await close(one.id) == {one.id: 1}
    assert await close(one.id, two.id) == {two.id: 1}
    assert await close(one.id, two.id) == {}
    assert await shop.store.read(lambda unit: orders.open_attempt(unit, shop_id, one.id)) is None


async def test_the_message_of_a_card_is_remembered(shop: Shop) -> None:
    order = await shop.order()
    shop_id = shop.premises.shop.id
    attempt = await shop.store.read(lambda unit: orders.open_attempt(unit, shop_id, order.id))
    assert attempt is not None
    await shop.store.write(lambda unit: orders.note_message(unit, shop_id, attempt.id, "77"))
    assert (await shop.store.read(lambda unit: orders.attempt(unit, shop_id, attempt.id))).chat_message == "77"


async def test_lines_of_several_orders_come_together(shop: Shop) -> None:
    one, two = await shop.order(plan=0), await shop.order(plan=2)
    found = await shop.store.read(lambda unit: orders.lines(unit, shop.premises.shop.id, [two.id, one.id]))
    assert {order: [line.plan_name for line in lines] for order, lines in found.items()} == {
        one.id: ["1 tháng"],
        two.id: ["Trọn đời"],
    }
    assert await shop.store.read(lambda unit: orders.lines(unit, shop.premises.shop.id, [])) == {}


async def test_rows_that_make_no_sense_are_refused(shop: Shop) -> None:
    await shop.order()
    await refuses_change(shop.store, table, "payment", payment="maybe")
    await refuses_change(shop.store, table, "total", total=0)
    await refuses_change(shop.store, table, "paid_at", payment="paid")
    await refuses_change(shop.store, order_lines, "price", price=-1)
    await refuses_change(shop.store, attempts, "state", state="lost")
    await refuses_change(shop.store, attempts, "amount", amount=0)


async def test_orders_that_wait_are_listed_newest_first_with_what_they_cost(shop: Shop, clock: FrozenClock) -> None:
    first, paid = await shop.order(), await brought_to(shop, Payment.PAID)
    clock.move(timedelta(minutes=1))
    dearer, last = await shop.order(plan=1), await shop.order()
    waiting = await shop.store.read(lambda unit: orders.waiting(unit, shop.premises.shop.id, 10, "VND"))
    assert list(waiting.items()) == [(each.code, each.total) for each in (last, dearer, first)]
    assert paid.code not in waiting
    assert len(await shop.store.read(lambda unit: orders.waiting(unit, shop.premises.shop.id, 2, "VND"))) == 2
    assert await shop.store.read(lambda unit: orders.waiting(unit, ShopId(shop.premises.shop.id + 1), 10, "VND")) == {}


@pytest.mark.parametrize("price", PRICES)
async def test_an_order_that_waits_is_listed_at_its_price_in_a_currency(shop: Shop, price: Money) -> None:
    sell_in_all(shop)
    order, plain = await order_by(shop, IN_DOLLARS), await shop.order()
    id_ = shop.premises.shop.id
    waiting = await shop.store.read(lambda unit: orders.waiting(unit, id_, 10, price.currency))
    assert waiting == {plain.code: plain.total, order.code: price}
    assert (await shop.store.read(lambda unit: orders.waiting(unit, id_, 10, "EUR")))[order.code] == order.total


async def test_the_orders_that_wait_are_found_by_their_index(sqlite_url: str, clock: FrozenClock) -> None:
    """Most orders are closed, and this is asked while payments wait."""
    store = await open_store(sqlite_url, clock)
    shop = await open_shop(store)

    def explain(unit: Unit) -> list[str]:
        plans: list[str] = []

        def note(_conn: object, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
            rows = cursor.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(str(row[3]) for row in rows)

        event.listen(unit.conn, "before_cursor_execute", note)
        orders.waiting(unit, shop.premises.shop.id, 10, "VND")
        event.remove(unit.conn, "before_cursor_execute", note)
        return plans

    (plan,) = await store.write(explain)
    await store.close()
    assert "ix_orders_open" in plan
