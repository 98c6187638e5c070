"""The second look when gateways are in trouble."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.check_payments import AGAIN, REFUSED, check_payments
from flows.till import Till
from sales.errors import CutShort, Later, Rejected
from sales.question import Question
from sales.transfer import Sighting, Standing
from storage.orders import FIRST_LOOK
from storage.schema.orders import attempts as attempts_table
from tests.clock import FrozenClock
from tests.flows.looking import GAP, Gateway, how_it_goes, look, payment
from tests.flows.many_prices import BY_CARD, order_by, sell_in_all, told_by
from tests.flows.shop import Shop


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def till(shop: Shop) -> Till:
    sell_in_all(shop)
    return Till(shop.store, shop.premises)


@pytest.mark.parametrize("trouble", [Later("HTTP 500"), TimeoutError(), ValueError("a bug")])
async def test_a_gateway_in_trouble_is_left_alone_longer_and_longer(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock, trouble: Exception
) -> None:
    order = await order_by(shop, BY_CARD)
    gateway.trouble, waits = trouble, []
    clock.move(FIRST_LOOK)
    for _ in range(8):
        assert await look(shop, till, gateway) == 0
        waits.append((await how_it_goes(shop)).due_at - clock.now)
        clock.move(max(waits[-1], AGAIN))
    assert waits[0] == GAP
    assert waits[-1] > timedelta(seconds=30)
    assert (await how_it_goes(shop)).failures == 8
    assert await payment(shop, order) == "open"
    gateway.trouble = None
    gateway.knows.append(await told_by(shop, order))
    assert await look(shop, till, gateway) == 1
    assert await payment(shop, order) == "paid"
    assert ((await how_it_goes(shop)).failures, (await how_it_goes(shop)).error) == (0, "")


async def test_a_gateway_that_says_how_long_is_left_alone_so_long(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    await order_by(shop, BY_CARD)
    gateway.trouble = Later("HTTP 429", 77)
    clock.move(FIRST_LOOK)
    await look(shop, till, gateway)
    assert (await how_it_goes(shop)).due_at == clock.now + timedelta(seconds=77)


async def test_refused_keys_are_told_to_the_admins_once_a_day(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    await order_by(shop, BY_CARD)
    gateway.trouble = Rejected("HTTP 401")
    clock.move(FIRST_LOOK)
    for _ in range(3):
        await look(shop, till, gateway)
        clock.move(REFUSED)
    assert len(gateway.asked) == 3
    assert (await shop.said("999")).count("admin-look-refused") == 1
    assert (await how_it_goes(shop)).error == "HTTP 401"


@pytest.mark.parametrize("first", [0, 1])
async def test_a_watcher_in_trouble_holds_up_no_other(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock, first: int
) -> None:
    order, sick = await order_by(shop, BY_CARD), Gateway(trouble=Later("HTTP 500"))
    askers = [gateway.asker, replace(sick.asker, gateway="sick")]
    for _ in range(3):
        clock.move(timedelta(minutes=2))
        await check_payments(shop.store, shop.premises, till, askers if first else askers[::-1])
    assert (len(gateway.asked), len(sick.asked)) == (3, 3)
    gateway.knows.append(await told_by(shop, order))
    clock.move(timedelta(minutes=2))
    await check_payments(shop.store, shop.premises, till, askers)
    assert await payment(shop, order) == "paid"


async def test_what_was_told_before_the_trouble_is_not_lost(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    first, second = await order_by(shop, BY_CARD), await order_by(shop, BY_CARD, await shop.meet("43"))
    money = await told_by(shop, first)
    assert money.number is not None
    gateway.trouble = CutShort(Later("HTTP 429", 60), (money,), frozenset({money.number}))
    clock.move(FIRST_LOOK)
    assert await look(shop, till, gateway) == 1
    assert [await payment(shop, order) for order in (first, second)] == ["paid", "open"]
    assert (await how_it_goes(shop)).due_at == clock.now + timedelta(minutes=1)


async def test_a_look_has_an_end(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await order_by(shop, BY_CARD)
    monkeypatch.setattr("flows.check_payments.LONGEST", 0)
    gateway.ask = hang  # type: ignore[method-assign]
    clock.move(FIRST_LOOK)
    assert await look(shop, till, gateway) == 0
    assert (await how_it_goes(shop)).error == "no answer in time"


async def hang(_: Sequence[Question]) -> tuple[Sighting, ...]:
    await asyncio.Event().wait()
    return ()


async def test_one_payment_that_always_fails_holds_up_no_other(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    await order_by(shop, BY_CARD)
    other = await order_by(shop, BY_CARD, await shop.meet("43"))
    gateway.most, gateway.knows = 1, [await told_by(shop, other)]
    gateway.fails_for = {min(row.number for row in await shop.rows(attempts_table))}
    for _ in range(4):
        clock.move(timedelta(seconds=10))
        await look(shop, till, gateway)
    assert await payment(shop, other) == "paid"


async def test_the_last_look_needs_every_watcher(shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock) -> None:
    order, other = await order_by(shop, BY_CARD), Gateway(trouble=Later("HTTP 500"))
    await shop.settle(await told_by(shop, order))
    await shop.settle(await told_by(shop, order, standing=Standing.HINT, memo=order.code))
    both = [gateway.asker, replace(other.asker, gateway="other")]
    for _ in range(2):
        clock.move(timedelta(minutes=5))
        await check_payments(shop.store, shop.premises, till, both)
    assert len(other.asked) == 2
    other.trouble = None
    for _ in range(2):
        clock.move(timedelta(minutes=5))
        await check_payments(shop.store, shop.premises, till, both)
    assert len(other.asked) == 3


async def test_two_watchers_of_one_account_do_not_take_each_others_turn(
    shop: Shop, till: Till, gateway: Gateway, clock: FrozenClock
) -> None:
    order, other = await order_by(shop, BY_CARD), Gateway()
    other.knows.append(await told_by(shop, order))
    both = [gateway.asker, replace(other.asker, gateway="other")]
    clock.move(FIRST_LOOK)
    assert await check_payments(shop.store, shop.premises, till, both) == 1
    assert len(gateway.asked) == len(other.asked) == 1
    assert await payment(shop, order) == "paid"
