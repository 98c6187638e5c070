"""A buyer's credit: used on the next order, given back when that comes to nothing, never spent twice."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from flows.compose_story import story_of_order
from flows.credit import keepable
from sales.money import Money
from sales.transfer import Standing
from storage.schema.money import postings, spends
from storage.schema.shop import shops
from tests.clock import FrozenClock
from tests.flows.crediting import cancel, free, has, keep, lies, standing, tokens, told, wish, with_credit
from tests.flows.desk import Desk
from tests.flows.many_prices import IN_DOLLARS, dear, order_by, sell_in_all, told_by
from tests.flows.shop import ADMIN, PRICE, Shop

COURSE = 2
COURSE_PRICE = 299_000


async def test_credit_is_put_on_the_next_order_and_its_card_asks_for_the_rest(shop: Shop) -> None:
    peer, first = await with_credit(shop, 20_000)
    order = await shop.order(peer)
    story = await shop.story(order)
    assert (story["order"]["payment"], story["order"]["deposited"]) == ("open", 20_000)
    assert [each["amount"] for each in story["attempts"]] == [PRICE - 20_000]
    assert (await has(shop, peer), await lies(shop, peer)) == (0, {})
    (reply,) = await told(shop, peer.external, "credit-spent")
    assert reply.lines[0].values == {"code": order.code, "amount": Money(20_000), "missing": Money(PRICE - 20_000)}
    (spent,) = await shop.rows(spends)
    assert (spent.buyer_id, spent.order_id, spent.amount) == (peer.buyer, order.id, 20_000)
    lines = [(row.order_id, row.account, row.amount) for row in await shop.rows(postings) if row.spend_id]
    assert lines == [(first.id, "credit", 20_000), (order.id, "deposit", -20_000)]
    await shop.settle(shop.sighting(order.code, PRICE - 20_000))
    assert await shop.totals() == {"received": 2 * PRICE, "revenue": 2 * PRICE}
    assert await shop.meanings() == ["over", "exact"]


async def test_credit_that_is_enough_pays_at_once_with_goods_thanks_and_events(shop: Shop) -> None:
    peer, _ = await with_credit(shop, PRICE + 1_000)
    order = await shop.order(peer, email="an@example.com")
    assert order.payment == "paid"
    story = await shop.story(order)
    assert (story["order"]["payment"], story["attempts"]) == ("paid", [])
    assert [each["state"] for each in story["grants"]] == ["granted"]
    assert [each["channel"] for each in story["deliveries"]] == ["telegram", "email"]
    assert [each["kind"] for each in story["events"]] == ["order.placed", "credit.spent"]
    assert (await shop.said(peer.external))[-2:] == ["credit-paid", "payment-received"]
    assert await has(shop, peer) == 1_000
    assert await shop.totals() == {"received": 2 * PRICE + 1_000, "revenue": 2 * PRICE, "credit": 1_000}
    assert [row.order_id for row in await shop.jobs("expire_order")].count(order.id) == 0


@pytest.mark.parametrize(("wished", "left"), [(0, 29_000), (4_000, 25_000), (9_000, 20_000)])
async def test_what_keeping_a_part_would_make_is_known_before_it_is_kept(shop: Shop, wished: int, left: int) -> None:
    peer, _ = await with_credit(shop, 20_000)
    order = await shop.order(peer)
    await shop.settle(shop.sighting(order.code, 9_000))
    await cancel(shop, peer, order)
    if wished:
        await wish(shop, peer, order, wished)
    over = await standing(shop, order)
    would = await shop.store.read(lambda unit: keepable(unit, shop.premises, over, "VND"))
    assert await keep(shop, order) == 9_000
    assert {"VND": would} == await free(shop, peer) == {"VND": left}


async def test_who_has_no_credit_is_told_nothing_of_it(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order(peer := await sqlite_shop.meet())
    assert await sqlite_shop.rows(spends) == []
    assert await sqlite_shop.said(peer.external) == ["card-caption"]
    assert (await sqlite_shop.story(order))["attempts"][0]["amount"] == PRICE


async def test_another_buyers_credit_stays_theirs(sqlite_shop: Shop) -> None:
    peer, _ = await with_credit(sqlite_shop, 20_000)
    order = await sqlite_shop.order(await sqlite_shop.meet("another"))
    assert (await sqlite_shop.story(order))["attempts"][0]["amount"] == PRICE
    assert await has(sqlite_shop, peer) == 20_000


async def test_two_orders_at_once_never_spend_the_same_credit(shop: Shop) -> None:
    peer, _ = await with_credit(shop, 50_000)
    made = await asyncio.gather(*(shop.order(peer, plan) for plan in (0, COURSE, 1)))
    parts = [(await shop.story(order))["order"]["deposited"] for order in made]
    assert sorted(parts) == [0, 0, 50_000]
    assert await has(shop, peer) == 0
    assert (await shop.totals())["deposit"] == 50_000


async def test_two_orders_that_credit_could_pay_are_not_both_paid_by_it(shop: Shop) -> None:
    peer, _ = await with_credit(shop, PRICE)
    made = await asyncio.gather(*(shop.order(peer) for _ in range(2)))
    assert sorted(order.payment for order in made) == ["open", "paid"]
    assert await has(shop, peer) == 0


async def test_a_cancelled_order_gives_its_credit_back_to_where_it_lay(shop: Shop) -> None:
    peer, first = await with_credit(shop, 20_000)
    order = await shop.order(peer)
    assert await cancel(shop, peer, order)
    assert await lies(shop, peer) == {first.code: 20_000}
    (reply,) = await told(shop, peer.external, "credit-is-back")
    assert reply.lines[0].values == {"code": order.code, "amount": Money(20_000)}
    assert not await cancel(shop, peer, order)
    assert await free(shop, peer) == {"VND": 20_000}
    again = await shop.order(peer)
    assert (await shop.story(again))["order"]["deposited"] == 20_000
    await shop.books()


async def test_while_a_lapsed_order_can_be_paid_the_credit_stays_on_it(shop: Shop, clock: FrozenClock) -> None:
    peer, _ = await with_credit(shop, 20_000)
    order = await shop.order(peer)
    clock.now = order.pay_until
    await shop.work()
    assert await has(shop, peer) == 0
    assert (await shop.story(order))["attempts"][-1]["amount"] == PRICE - 20_000
    clock.now = order.watch_until
    await shop.work()
    assert await has(shop, peer) == 20_000
    assert len(await told(shop, peer.external, "credit-is-back")) == 1
    assert await told(shop, peer.external, "part-is-held") == []


async def test_a_lapsed_order_whose_rest_comes_in_time_is_paid_with_its_credit(
    sqlite_shop: Shop, clock: FrozenClock
) -> None:
    peer, _ = await with_credit(sqlite_shop, 20_000)
    order = await sqlite_shop.order(peer)
    clock.now = order.pay_until
    await sqlite_shop.work()
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, PRICE - 20_000))
    clock.now = order.watch_until
    await sqlite_shop.work()
    assert (await sqlite_shop.story(order))["order"]["payment"] == "paid"
    assert (await has(sqlite_shop, peer), (await sqlite_shop.totals()).get("deposit")) == (0, None)


async def test_a_part_paid_beside_credit_is_the_buyers_choice_when_the_order_is_over(
    shop: Shop, clock: FrozenClock
) -> None:
    peer, first = await with_credit(shop, 20_000)
    order = await shop.order(peer)
    await shop.settle(shop.sighting(order.code, 30_000))
    assert await keep(shop, order) == 0
    await shop.work()
    for moment in (order.pay_until, order.watch_until + timedelta(seconds=1)):
        clock.now = moment
        await shop.work()
    assert await lies(shop, peer) == {first.code: 20_000}
    held = [each for each in shop.mouths["telegram"].shown if "part-is-held" in each.lines]
    assert [each.reply.lines[0].values["came"] for each in held] == [Money(30_000)]
    assert tokens(held[0].reply) == [f"credit-keep:{order.code}:VND", f"credit-back:{order.code}:VND"]
    assert (await keep(shop, order), await keep(shop, order)) == (30_000, 0)
    assert await lies(shop, peer) == {first.code: 20_000, order.code: 30_000}
    assert [each["kind"] for each in (await shop.story(order))["events"]][-2:] == ["credit.returned"] * 2
    await shop.books()


async def test_the_tolerance_forgives_the_last_of_what_credit_leaves(sqlite_shop: Shop) -> None:
    await tolerate(sqlite_shop, 500)
    peer, _ = await with_credit(sqlite_shop, PRICE - 500)
    order = await sqlite_shop.order(peer)
    assert order.payment == "paid"
    assert (await sqlite_shop.totals())["revenue"] == 2 * PRICE - 500


async def test_credit_in_another_currency_is_left_alone(sqlite_shop: Shop) -> None:
    sell_in_all(sqlite_shop)
    peer = await sqlite_shop.meet()
    first = await order_by(sqlite_shop, IN_DOLLARS, peer)
    await sqlite_shop.settle(await told_by(sqlite_shop, first, amount=400))
    in_dong = await order_by(sqlite_shop, None, peer)
    assert (await sqlite_shop.story(in_dong))["attempts"][0]["amount"] == PRICE
    assert await has(sqlite_shop, peer, "USD") == 80
    second = await order_by(sqlite_shop, IN_DOLLARS, peer)
    assert (await sqlite_shop.story(second))["attempts"][0]["amount"] == 240


async def test_stars_are_only_ever_given_back_whole(sqlite_shop: Shop) -> None:
    sell_in_all(sqlite_shop)
    peer, stars = await sqlite_shop.meet(), replace(IN_DOLLARS, gateway="stars", currency="XTR")
    first = await order_by(sqlite_shop, stars, peer)
    for _ in range(2):
        await sqlite_shop.settle(await told_by(sqlite_shop, first))
    assert (await has(sqlite_shop, peer, "XTR"), await free(sqlite_shop, peer)) == (150, {})
    (reply,) = await told(sqlite_shop, peer.external, "money-second")
    assert tokens(reply) == [f"credit-back:{first.code}:XTR"]
    assert (await dear(sqlite_shop)).prices[-1] == Money(150, "XTR")
    again = await order_by(sqlite_shop, stars, peer)
    assert (await sqlite_shop.story(again))["attempts"][0]["amount"] == 150


async def test_what_is_asked_back_is_not_spent_meanwhile(shop: Shop) -> None:
    peer, first = await with_credit(shop, 20_000)
    await wish(shop, peer, first, 15_000)
    assert await free(shop, peer) == {"VND": 5_000}
    order = await shop.order(peer)
    assert (await shop.story(order))["attempts"][0]["amount"] == PRICE - 5_000
    assert await lies(shop, peer) == {first.code: 15_000}


async def test_an_order_paid_partly_by_credit_is_given_back_whole(sqlite_shop: Shop) -> None:
    desk = await Desk.open(sqlite_shop)
    peer, _ = await with_credit(sqlite_shop, 20_000)
    order = await sqlite_shop.order(peer)
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, PRICE - 20_000))
    refund = await desk.owed(order)
    assert (refund.amount, refund.held) == (Money(PRICE), Money(PRICE))
    assert (await sqlite_shop.totals())["refund_owed"] == PRICE
    assert [each["state"] for each in (await sqlite_shop.story(order))["grants"]] == ["revoked"]


async def test_what_is_refunded_of_an_open_order_does_not_come_back_as_credit_too(sqlite_shop: Shop) -> None:
    desk = await Desk.open(sqlite_shop)
    peer, _ = await with_credit(sqlite_shop, 20_000)
    order = await sqlite_shop.order(peer)
    await desk.owed(order, 12_000)
    assert (await standing(sqlite_shop, order)).payment == "cancelled"
    assert await has(sqlite_shop, peer) == 8_000
    assert await sqlite_shop.totals() == {
        "received": PRICE + 20_000, "revenue": PRICE, "refund_owed": 12_000, "credit": 8_000,
    }  # fmt: skip


async def test_credit_below_zero_is_told_to_the_admins_and_never_spent(sqlite_shop: Shop) -> None:
    """A gateway takes a payment back after what was too much of it had been spent."""
    sell_in_all(sqlite_shop)
    peer = await sqlite_shop.meet()
    first = await order_by(sqlite_shop, IN_DOLLARS, peer)
    paid = await told_by(sqlite_shop, first, amount=400)
    await sqlite_shop.settle(paid)
    await order_by(sqlite_shop, IN_DOLLARS, peer)
    await sqlite_shop.settle(replace(paid, ref="back", amount=-400, standing=Standing.REVERSED, reverses=paid.ref))
    assert (await has(sqlite_shop, peer, "USD"), await free(sqlite_shop, peer)) == (-80, {})
    (reply,) = await told(sqlite_shop, ADMIN.external, "admin-credit-negative")
    values = next(line.values for line in reply.lines if line.id == "admin-credit-negative")
    assert values == {"amount": Money(-80, "USD")}
    third = await order_by(sqlite_shop, IN_DOLLARS, peer)
    assert (await sqlite_shop.story(third))["attempts"][0]["amount"] == 320
    story = await sqlite_shop.store.read(lambda unit: story_of_order(unit, sqlite_shop.premises, third))
    assert [line.values for line in story if line.id == "story-credit"] == [values]
    await sqlite_shop.books()


async def tolerate(shop: Shop, dong: int) -> None:
    """From now on so many đồng too few pay an order."""
    await shop.store.write(lambda unit: unit.conn.execute(update(shops).values(tolerance=dong)))
    shop.premises = replace(shop.premises, shop=replace(shop.premises.shop, tolerance=dong))
