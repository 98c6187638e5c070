import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.check_payments import HASTE, check_now, check_payments
from flows.pay_orders import LAST_LOOK
from flows.till import Till
from gateways.registry import tells_of
from sales.ids import AttemptId
from sales.transfer import Standing
from storage import looks, orders
from storage.orders import FIRST_LOOK
from storage.schema.money import notices as notices_table
from storage.schema.orders import attempts as attempts_table
from tests.clock import FrozenClock
from tests.flows.looking import GAP, SECOND, Gateway, look, payment
from tests.flows.many_prices import BY_CARD, order_by, sell_in_all, told_by
from tests.flows.shop import Shop


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def till(shop: Shop) -> Till:
    sell_in_all(shop)
    return Till(shop.store, shop.premises)


async def test_money_that_nobody_told_of_is_found(shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock) -> None:
    order = await order_by(shop, BY_CARD)
    gateway.knows.append(await told_by(shop, order))
    assert await look(shop, till, gateway) == 0  # it was handed out this very moment
    clock.move(FIRST_LOOK)
    assert await look(shop, till, gateway) == 1
    assert await payment(shop, order) == "paid"


async def test_the_notice_that_comes_late_changes_nothing(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    order = await order_by(shop, BY_CARD)
    gateway.knows.append(await told_by(shop, order))
    clock.move(FIRST_LOOK)
    await look(shop, till, gateway)
    assert await shop.settle(gateway.knows[0]) == 0
    assert await shop.meanings() == ["exact"]


async def test_what_was_told_before_is_not_settled_again(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    mine, other = await order_by(shop, BY_CARD), await order_by(shop, BY_CARD, await shop.meet("43"))
    gateway.knows += [await told_by(shop, each) for each in (mine, other)]
    await shop.settle(gateway.knows[0])
    clock.move(FIRST_LOOK)
    assert await look(shop, till, gateway) == 1  # a paid one is asked for no more
    assert await shop.meanings() == ["exact", "exact"]


async def test_a_payment_is_asked_for_at_its_pace_until_its_order_is_watched_no_more(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    await order_by(shop, BY_CARD)
    begun, times = clock.now, []
    while clock.now - begun < timedelta(hours=30):
        clock.move(SECOND * 5 if clock.now - begun < timedelta(minutes=3) else timedelta(minutes=10))
        if await look(shop, till, gateway):
            times.append((clock.now - begun).total_seconds())
        await shop.work()
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert times[0] == 5
    assert gaps[0] == 30
    assert {600.0, 1800.0} <= set(gaps)
    assert gaps[-1] == 1800
    assert 23.5 * 3600 < times[-1] <= 24.6 * 3600


async def test_an_hour_away_is_made_up_for_in_one_round(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    placed = [await order_by(shop, BY_CARD, await shop.meet(str(number))) for number in range(5)]
    gateway.knows += [await told_by(shop, order) for order in placed]
    clock.move(timedelta(hours=1))
    await shop.work()  # they have all lapsed
    assert await look(shop, till, gateway) == 5
    assert [await payment(shop, order) for order in placed] == ["paid"] * 5


async def test_one_call_is_about_as_many_as_the_gateway_takes(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    for number in range(3):
        await order_by(shop, BY_CARD, await shop.meet(str(number)))
    gateway.most = 2
    clock.move(FIRST_LOOK)
    assert [await look(shop, till, gateway), await look(shop, till, gateway)] == [2, 0]
    clock.move(GAP)
    assert await look(shop, till, gateway) == 1
    assert [len(asked) for asked in gateway.asked] == [2, 1]


async def test_two_processes_ask_once(shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock) -> None:
    order = await order_by(shop, BY_CARD)
    gateway.knows.append(await told_by(shop, order))
    clock.move(FIRST_LOOK)
    assert sorted(await asyncio.gather(*(look(shop, till, gateway) for _ in range(4)))) == [0, 0, 0, 1]
    assert len(gateway.asked) == 1
    assert await shop.meanings() == ["exact"]


async def test_who_says_that_they_have_paid_is_looked_for_at_once_but_not_all_the_time(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    order = await order_by(shop, BY_CARD)

    async def says_paid() -> bool:
        return await shop.store.write(lambda unit: check_now(unit, shop.premises, order))

    assert await says_paid()
    assert await look(shop, till, gateway) == 1
    clock.move(HASTE - SECOND)
    assert not await says_paid()
    assert await look(shop, till, gateway) == 0
    clock.move(SECOND)
    assert await says_paid()
    assert await look(shop, till, gateway) == 1


async def test_only_what_brings_news_is_kept(shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock) -> None:
    order = await order_by(shop, BY_CARD)
    gateway.knows.append(await told_by(shop, order, amount=1))  # short: it stays open, and is asked for again
    for _ in range(3):
        clock.move(timedelta(minutes=2))
        await look(shop, till, gateway)
    assert len(gateway.asked) == 3
    assert len(await shop.rows(notices_table)) == 1


async def test_a_plan_does_not_wake_what_was_stopped_meanwhile(shop: Shop, till: Till, clock: FrozenClock) -> None:
    order = await order_by(shop, BY_CARD)
    shop_id, [row] = shop.premises.shop.id, await shop.rows(attempts_table)
    await shop.settle(await told_by(shop, order))
    await shop.store.write(lambda unit: looks.plan(unit, shop_id, {AttemptId(row.id): clock.now}))
    assert (await shop.rows(attempts_table))[0].look_at is None


async def test_a_link_that_is_still_asked_for_is_not_asked_about(shop: Shop, clock: FrozenClock) -> None:
    shop.sell_by_links()
    await shop.order()
    clock.move(timedelta(minutes=5))
    assert await shop.store.read(lambda unit: looks.due(unit, shop.premises.shop.id, ["payos"], 9)) == []


async def test_another_shops_payments_are_its_own(shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock) -> None:
    await order_by(shop, BY_CARD)
    clock.move(FIRST_LOOK)
    other = replace(shop.premises, shop=replace(shop.premises.shop, id=999))  # type: ignore[arg-type]
    assert await check_payments(shop.store, other, till, [gateway.asker]) == 0
    assert gateway.asked == []


def test_whoever_watches_the_account_knows_of_all_that_is_paid_to_it() -> None:
    assert tells_of("casso") == tells_of("sepay") == ("casso", "sepay")
    assert tells_of("payos") == ("payos",)
    assert tells_of("vnpay") == ("vnpay",)


async def test_an_attempt_that_failed_is_still_asked_for(shop: Shop, clock: FrozenClock) -> None:
    sell_in_all(shop)
    await order_by(shop, BY_CARD)
    [row] = await shop.rows(attempts_table)
    await shop.store.write(lambda unit: orders.fail_attempt(unit, shop.premises.shop.id, AttemptId(row.id)))
    clock.move(FIRST_LOOK)
    due = await shop.store.read(lambda unit: looks.due(unit, shop.premises.shop.id, ["vnpay"], 9))
    assert [each.question.number for each in due] == [row.number]


async def test_a_hint_about_a_paid_order_has_it_asked_for_once(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    order = await order_by(shop, BY_CARD)
    await shop.settle(await told_by(shop, order))
    await shop.settle(await told_by(shop, order, standing=Standing.HINT, memo=order.code))
    for _ in range(3):
        clock.move(timedelta(minutes=30))
        await look(shop, till, gateway)
    assert len(gateway.asked) == 1


async def test_another_way_that_was_paid_too_is_found_after_the_order_is_paid(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    order = await order_by(shop, BY_CARD)
    also = await told_by(shop, order)
    await shop.settle(shop.sighting(order.code))
    clock.move(LAST_LOOK - SECOND)
    assert await look(shop, till, gateway) == 0
    clock.move(SECOND)
    gateway.knows.append(also)
    assert await look(shop, till, gateway) == 1
    assert await shop.meanings() == ["exact", "second"]
    clock.move(timedelta(hours=1))
    assert await look(shop, till, gateway) == 0


async def test_who_waits_at_an_open_way_goes_first(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    left = await order_by(shop, BY_CARD)
    clock.move(SECOND)
    await shop.store.write(lambda unit: orders.close_attempts(unit, shop.premises.shop.id, [left.id], "replaced"))
    waits = await order_by(shop, BY_CARD, await shop.meet("43"))
    clock.move(FIRST_LOOK)
    due = await shop.store.read(lambda unit: looks.due(unit, shop.premises.shop.id, ["vnpay"], 1))
    assert [each.question.code for each in due] == [waits.code]
