"""Money long after an order was over: honoured while price and goods stand, else its buyer's to choose."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from sales.money import Money
from sales.settlement import HONOURED_FOR
from storage import catalogue
from storage.schema.money import reviews
from storage.schema.shop import plans, prices, products
from tests.clock import FrozenClock
from tests.flows.crediting import cancel, has, keep, tokens, told
from tests.flows.shop import ADMIN, PRICE, Shop

TICK = timedelta(milliseconds=1)


async def over(shop: Shop, clock: FrozenClock, until: datetime) -> None:
    """Let the clocks run that are due by then."""
    clock.now = until
    await shop.work()


async def set_price(shop: Shop, minor: int) -> None:
    await shop.store.write(lambda unit: unit.conn.execute(update(prices).values(amount=minor)))


async def test_late_money_is_honoured_and_the_buyer_told_that_it_came_late(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order(peer := await shop.meet())
    await over(shop, clock, order.pay_until)
    await over(shop, clock, order.watch_until + TICK)
    await shop.settle(shop.sighting(order.code))
    await shop.work()
    story = await shop.story(order)
    assert (story["order"]["payment"], story["grants"][0]["state"]) == ("paid", "granted")
    heard = shop.mouths["telegram"].lines(peer.external)
    assert heard[-3:] == ["payment-received", "goods-title", "money-late_honoured"]
    assert "admin-late_honoured" in shop.mouths["telegram"].lines(ADMIN.external)
    assert await shop.meanings() == ["late"]
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}
    await shop.settle(shop.sighting(order.code))
    assert await shop.meanings() == ["late", "second"]


async def test_what_late_money_brings_too_much_is_told_with_it(sqlite_shop: Shop, clock: FrozenClock) -> None:
    order = await sqlite_shop.order(peer := await sqlite_shop.meet())
    clock.now = order.watch_until + TICK
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, PRICE + 5_000))
    (reply,) = await told(sqlite_shop, peer.external, "money-late_honoured")
    assert [line.id for line in reply.lines] == ["money-late_honoured", "money-over"]
    assert reply.lines[1].values["amount"] == Money(5_000)
    assert tokens(reply)[0] == f"credit-keep:{order.code}:VND"
    assert await has(sqlite_shop, peer) == 5_000


@pytest.mark.parametrize("why", ["dearer", "off the shelf", "plan gone", "too little", "cancelled and dearer"])
async def test_late_money_that_cannot_be_honoured_is_credit_by_choice(shop: Shop, clock: FrozenClock, why: str) -> None:
    order = await shop.order(peer := await shop.meet())
    if why.startswith("cancelled"):
        await cancel(shop, peer, order)
    clock.now = order.watch_until + TICK
    if why.endswith("dearer"):
        await set_price(shop, PRICE + 1)
    if why == "off the shelf":
        await shop.store.write(lambda unit: unit.conn.execute(update(products).values(active=False)))
    if why == "plan gone":
        await shop.store.write(lambda unit: unit.conn.execute(update(plans).values(active=False)))
    amount = PRICE - 1 if why == "too little" else PRICE
    await shop.settle(shop.sighting(order.code, amount))
    (reply,) = await told(shop, peer.external, "money-late")
    assert tokens(reply) == [f"credit-keep:{order.code}:VND", f"credit-back:{order.code}:VND"]
    assert len(await told(shop, ADMIN.external, "admin-late")) == 1
    assert (await shop.story(order))["grants"] == []
    assert await has(shop, peer) == amount
    assert await shop.rows(reviews) == []


async def test_a_cheaper_price_today_honours_it_at_the_price_of_its_day(sqlite_shop: Shop, clock: FrozenClock) -> None:
    order = await sqlite_shop.order()
    clock.now = order.watch_until + TICK
    await set_price(sqlite_shop, PRICE - 1_000)
    await sqlite_shop.settle(sqlite_shop.sighting(order.code))
    assert await sqlite_shop.totals() == {"received": PRICE, "revenue": PRICE}


async def test_a_part_left_helps_as_long_as_it_was_not_taken_away(sqlite_shop: Shop, clock: FrozenClock) -> None:
    left, kept = [await sqlite_shop.order(await sqlite_shop.meet(name)) for name in ("left", "kept")]
    for order in (left, kept):
        await sqlite_shop.settle(sqlite_shop.sighting(order.code, 30_000))
    await over(sqlite_shop, clock, left.pay_until)
    await over(sqlite_shop, clock, left.watch_until + TICK)
    assert await keep(sqlite_shop, kept) == 30_000
    for order in (left, kept):
        await sqlite_shop.settle(sqlite_shop.sighting(order.code, PRICE - 30_000))
    payments = [(await sqlite_shop.story(order))["order"]["payment"] for order in (left, kept)]
    assert payments == ["paid", "expired"]
    assert (await sqlite_shop.totals())["credit"] == PRICE


async def test_a_part_that_came_in_time_and_is_told_of_after_the_watch_is_the_buyers_choice(
    sqlite_shop: Shop, clock: FrozenClock
) -> None:
    """A statement is believed the time, but nobody can pay the rest any more."""
    shop, at = sqlite_shop, clock.now + timedelta(minutes=7)
    order = await shop.order(peer := await shop.meet())
    await over(shop, clock, order.pay_until)
    await over(shop, clock, order.watch_until + timedelta(days=2))
    cards = len(await told(shop, peer.external, "card-caption"))
    await shop.settle(shop.sighting(order.code, 50_000, source="statement", booked_at=at))
    await shop.work()
    assert await shop.meanings() == ["short"]
    (reply,) = await told(shop, peer.external, "part-is-held")
    assert tokens(reply) == [f"credit-keep:{order.code}:VND", f"credit-back:{order.code}:VND"]
    assert reply.lines[0].values["came"] == Money(50_000)
    assert await told(shop, peer.external, "money-short") == []
    assert len(await told(shop, peer.external, "card-caption")) == cards
    assert await keep(shop, order) == 50_000


async def test_long_after_the_watch_a_person_looks_at_it_and_the_order_is_named(
    sqlite_shop: Shop, clock: FrozenClock
) -> None:
    order = await sqlite_shop.order(peer := await sqlite_shop.meet())
    clock.now = order.watch_until + HONOURED_FOR + TICK
    await sqlite_shop.settle(sqlite_shop.sighting(order.code))
    assert await sqlite_shop.totals() == {"received": PRICE, "unplaced": PRICE}
    (reply,) = await told(sqlite_shop, peer.external, "money-late_unplaced")
    assert reply.choices == ()
    assert len(await told(sqlite_shop, ADMIN.external, "admin-late_unplaced")) == 1
    (review,) = await sqlite_shop.rows(reviews)
    assert (review.kind, review.order_id, review.closed_at) == ("money", order.id, None)


async def test_the_prices_of_today_leave_out_what_is_gone(shop: Shop) -> None:
    first, second = await shop.order(), await shop.order(plan=2)
    gone = (await shop.story(second))["order"]["lines"]
    assert len(gone) == 1
    await shop.store.write(
        lambda unit: unit.conn.execute(update(plans).where(plans.c.slug == "course-ever").values(active=False))
    )
    shop_id = shop.premises.shop.id
    today = await shop.store.read(lambda unit: catalogue.prices_today(unit, shop_id, [first.id, second.id]))
    assert today == {first.id: {"VND": PRICE}}
