"""Figures counted by both databases, against figures counted by hand."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from sales.money import Money
from sales.order import Payment
from sales.purchase import Order
from sales.transfer import Standing
from storage import buyers, claims, goods, money, orders, refunds, reviews, stats, work
from storage.reviews import Kind
from storage.schema.goods import deliveries, grants
from storage.schema.money import decisions
from storage.schema.money import reviews as table
from storage.schema.work import inbox, outbox
from storage.stats import Problems, Waits
from storage.store import open_store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.many_prices import BY_CARD, order_by, sell_in_all, told_by
from tests.flows.shop import PRICE, Shop, open_shop

SECOND = timedelta(seconds=1)
NOTHING = Problems(money={}, goods=0, jobs=0, notices=0)


async def look(shop: Shop, figure: Any, *since: Any) -> Any:
    return await shop.store.read(lambda unit: figure(unit, shop.premises.shop.id, *since))


async def arrive(shop: Shop, order: Order, clock: FrozenClock, error: str | None = None) -> None:
    """One more delivery of the order ends now."""
    row = {"shop_id": shop.premises.shop.id, "order_id": order.id, "channel": "telegram", "address": "1"}

    def end(unit: Unit) -> None:
        (id_,) = goods.add_deliveries(unit, [row])
        goods.end_delivery(unit, shop.premises.shop.id, id_, None if error else "m", error)

    await shop.store.write(end)


async def paid(shop: Shop) -> Order:
    """An order that is paid, without any delivery of its own."""
    order = await shop.order()
    await shop.store.write(lambda unit: orders.pay(unit, shop.premises.shop.id, [order.id]))
    return order


async def waited(shop: Shop, clock: FrozenClock, *seconds: float) -> None:
    """Orders whose goods took so long each."""
    for each in seconds:
        order = await paid(shop)
        clock.move(each * SECOND)
        await arrive(shop, order, clock)


async def test_an_empty_shop_has_no_figures(shop: Shop) -> None:
    for figure in (stats.placed, stats.received, stats.delivered):
        assert await look(shop, figure, None) == {}
    assert await look(shop, stats.waits, None) == Waits(0, None, None)
    assert await look(shop, stats.problems) == NOTHING


async def test_orders_count_in_the_span_they_were_placed_in(shop: Shop, clock: FrozenClock) -> None:
    await shop.order()
    clock.move(SECOND)
    since = clock.now
    await shop.order()
    order = await shop.order()
    await shop.store.write(lambda unit: orders.move(unit, shop.premises.shop.id, order.id, Payment.EXPIRED))
    await paid(shop)
    assert await look(shop, stats.placed, None) == {"open": 2, "expired": 1, "paid": 1}
    assert await look(shop, stats.placed, since) == {"open": 1, "expired": 1, "paid": 1}
    assert await look(shop, stats.placed, since + SECOND) == {}


async def test_money_counts_when_it_came_whatever_it_was_for(shop: Shop, clock: FrozenClock) -> None:
    await shop.settle(shop.sighting("no code", 5_000), shop.sighting("out", -3_000))
    clock.move(SECOND)
    order = await shop.order()
    await shop.settle(shop.sighting(order.code), shop.sighting("elsewhere", 1_000, account="555"))
    assert await look(shop, stats.received, None) == {"VND": PRICE + 5_000}
    assert await look(shop, stats.received, clock.now) == {"VND": PRICE}


async def test_deliveries_count_when_they_ended(shop: Shop, clock: FrozenClock) -> None:
    order = await paid(shop)
    await arrive(shop, order, clock, error="Blocked")
    clock.move(SECOND)
    await arrive(shop, order, clock)
    await arrive(shop, order, clock)
    assert await look(shop, stats.delivered, None) == {"failed": 1, "sent": 2}
    assert await look(shop, stats.delivered, clock.now) == {"sent": 2}


@pytest.mark.parametrize(
    ("seconds", "median", "p95"),
    [
        ([3], 3, 3),
        ([4, 1], 1, 4),
        ([5, 1, 3], 3, 5),
        ([2, 2, 2, 9], 2, 9),
        ([*range(20, 0, -1)], 10, 19),
        ([*range(1, 22)], 11, 20),
        ([0.001, 0.002, 0.003], 0.002, 0.003),
    ],
)
async def test_a_percentile_is_a_wait_that_really_was(
    shop: Shop, clock: FrozenClock, seconds: list[float], median: float, p95: float
) -> None:
    """Nearest rank: of 20 waits the 10th and the 19th, of 21 the 11th and the 20th."""
    await waited(shop, clock, *seconds)
    assert await look(shop, stats.waits, None) == Waits(len(seconds), median * SECOND, p95 * SECOND)


async def test_only_the_first_arrival_ends_the_wait(shop: Shop, clock: FrozenClock) -> None:
    order = await paid(shop)
    await arrive(shop, order, clock, error="Blocked")
    clock.move(7 * SECOND)
    await arrive(shop, order, clock)
    await arrive(shop, order, clock)
    clock.move(SECOND)
    await arrive(shop, order, clock)
    assert await look(shop, stats.waits, None) == Waits(1, 7 * SECOND, 7 * SECOND)
    assert await look(shop, stats.waits, clock.now) == Waits(0, None, None)


async def test_money_waits_until_somebody_has_decided(shop: Shop) -> None:
    await shop.settle(shop.sighting("no code"), shop.sighting("nor here"))
    assert (await look(shop, stats.problems)).money == {"unmatched": 2}
    first = (await shop.rows(table))[0]
    shop_id = shop.premises.shop.id
    assert await shop.store.write(lambda unit: reviews.close(unit, shop_id, first.id, "admin:telegram:1", "discarded"))
    assert (await look(shop, stats.problems)).money == {"unmatched": 1}


async def test_money_whose_next_step_is_the_buyer_s_waits_for_nobody(shop: Shop, clock: FrozenClock) -> None:
    over, forgotten, short = await shop.order(), await shop.order(), await shop.order()
    await shop.settle(shop.sighting(over.code, PRICE + 1), shop.sighting(short.code, PRICE - 1))
    await shop.settle(shop.sighting(over.code))
    clock.move(timedelta(days=2))
    assert (await look(shop, stats.problems)).money == {}
    clock.move(timedelta(days=31))
    await shop.settle(shop.sighting(forgotten.code))
    assert (await look(shop, stats.problems)).money == {"late": 1}


async def test_wishes_and_claims_of_buyers_wait_too(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    shop_id = shop.premises.shop.id
    asked = {"held": PRICE, "reason": "", "memo": "", "asked_by": order.peer, "bin": "", "account": "", "holder": ""}
    moved = {"amount": Money(PRICE), "moved_at": clock.now, "tail": "0814"}

    def wish(unit: Unit) -> None:
        refund = refunds.ask(unit, shop_id, order.id, Money(PRICE), asked)
        reviews.open_reviews(unit, shop_id, Kind.REFUND, [(refund.id, order.id)])
        claim = claims.add(unit, shop_id, buyers.peer(unit, shop_id, order.peer), None, **moved)
        reviews.open_reviews(unit, shop_id, Kind.CLAIM, [(claim.id, None)])

    await shop.store.write(wish)
    found = await look(shop, stats.problems)
    assert (found.money, found.refunds, found.claims) == ({}, 1, 1)


async def test_money_that_is_held_waits_until_its_order_is_paid(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    await shop.settle(await told_by(shop, order, standing=Standing.HELD, reason="07"))
    assert (await look(shop, stats.problems)).money == {"held": 1}
    await shop.settle(await told_by(shop, order))
    assert (await look(shop, stats.problems)).money == {}


async def test_money_that_was_taken_back_was_told_of_once(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    paid = await told_by(shop, order)
    await shop.settle(paid)
    changes = {"standing": Standing.REVERSED, "amount": -PRICE}
    await shop.settle(await told_by(shop, order, ref="v1", reverses=paid.ref, **changes))
    await shop.settle(await told_by(shop, order, ref="v2", reverses="nobody", number=7, **changes))
    assert [row.meaning for row in await shop.rows(decisions)] == ["exact", "reversed", "reversed"]
    assert (await look(shop, stats.problems)).money == {}


async def test_goods_are_a_problem_while_they_have_arrived_by_no_way(shop: Shop, clock: FrozenClock) -> None:
    order, other = await paid(shop), await paid(shop)
    for each in (order, order, other):
        await arrive(shop, each, clock, error="Blocked")
    assert (await look(shop, stats.problems)).goods == 2
    await arrive(shop, order, clock)
    assert (await look(shop, stats.problems)).goods == 1


async def test_goods_on_their_way_or_taken_back_are_no_problem(shop: Shop, clock: FrozenClock) -> None:
    order, other = await shop.order(), await shop.order()
    await shop.settle(shop.sighting(order.code), shop.sighting(other.code))
    await arrive(shop, order, clock, error="Blocked")
    assert (await look(shop, stats.problems)).goods == 0
    failed = update(deliveries).values(state="failed", error="Blocked", ended_at=clock.now)
    await shop.store.write(lambda unit: unit.conn.execute(failed))
    assert (await look(shop, stats.problems)).goods == 2
    revoked = update(grants).where(grants.c.order_id == order.id).values(state="revoked")
    await shop.store.write(lambda unit: unit.conn.execute(revoked))
    assert (await look(shop, stats.problems)).goods == 1


async def test_what_was_given_up_or_could_not_be_settled_is_counted(shop: Shop) -> None:
    await shop.order()
    buried = update(outbox).values(state="dead")
    await shop.store.write(lambda unit: unit.conn.execute(buried))
    shop_id = shop.premises.shop.id
    await shop.store.write(lambda unit: work.receive(unit, shop_id, "telegram", [("1", "42", "{}")]))
    await shop.store.write(lambda unit: unit.conn.execute(update(inbox).values(state="dead")))
    await shop.store.write(lambda unit: money.fail_notice(unit, shop_id, "casso", "digest", "{}", "KeyError"))
    found = await look(shop, stats.problems)
    assert (found.jobs, found.notices) == (len(await shop.jobs()) + 1, 1)


async def test_one_shop_s_figures_are_its_own(shop: Shop, clock: FrozenClock) -> None:
    await shop.settle(shop.sighting("no code"))
    await waited(shop, clock, 1)
    other = await open_shop(shop.store, slug="other")
    for figure in (stats.placed, stats.received, stats.delivered):
        assert await look(shop, figure, None) != {}
        assert await look(other, figure, None) == {}
    assert await look(other, stats.waits, None) == Waits(0, None, None)
    assert await look(other, stats.problems) == NOTHING


async def test_what_is_rare_is_found_by_its_own_small_index(sqlite_url: str, clock: FrozenClock) -> None:
    store = await open_store(sqlite_url, clock)
    shop = await open_shop(store)
    plans: list[str] = []

    def explain(unit: Unit) -> None:
        def before(_conn: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.startswith("SELECT"):
                rows = cursor.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans.append(" ".join(row[3] for row in rows))

        event.listen(unit.conn, "before_cursor_execute", before)
        stats.problems(unit, shop.premises.shop.id)
        event.remove(unit.conn, "before_cursor_execute", before)

    await store.write(explain)
    await store.close()
    wanted = ["ix_reviews_open", "ix_deliveries_failed", "ix_outbox_dead", "ix_inbox_dead", "ix_notices_failed"]
    wanted += ["ix_reviews_open"] * 2
    assert [name for name, plan in zip(wanted, plans, strict=True) if name not in plan] == []
