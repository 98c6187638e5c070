"""The bookkeeper: looks each hour, tells the admins, and shows the gauge without asking the books each time."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.bookkeeper import BOOKS, EVERY, Bookkeeper
from storage.schema.money import transfers
from tests.clock import FrozenClock
from tests.flows.shop import Shop

(GAUGE,) = BOOKS


async def spoil(shop: Shop) -> None:
    await shop.settle(shop.sighting("x", 5_000))
    await shop.store.write(lambda unit: unit.conn.execute(update(transfers).values(amount=1)))


async def alarms(shop: Shop) -> int:
    return sum(job.dedupe.startswith("books:") for job in await shop.jobs("reply"))


async def test_books_that_are_well_wake_nobody(shop: Shop) -> None:
    keeper = Bookkeeper(shop.store, shop.premises)
    assert await keeper.check() == []
    assert (await alarms(shop), await keeper.gauges()) == (0, {GAUGE: 0})


async def test_what_is_wrong_is_told_to_the_admins_and_counted(shop: Shop) -> None:
    await spoil(shop)
    keeper = Bookkeeper(shop.store, shop.premises)
    assert [each.kind for each in await keeper.check()] == ["received"]
    await keeper.check()
    assert (await alarms(shop), await keeper.gauges()) == (1, {GAUGE: 1})


async def test_a_process_without_a_worker_looks_for_the_gauge_now_and_then(shop: Shop, clock: FrozenClock) -> None:
    keeper = Bookkeeper(shop.store, shop.premises)
    assert await keeper.gauges() == {GAUGE: 0}
    await spoil(shop)
    assert await keeper.gauges() == {GAUGE: 0}, "each time would be too often"
    clock.move(2 * EVERY)
    assert await keeper.gauges() == {GAUGE: 1}


async def test_it_looks_as_soon_as_the_house_opens_and_then_each_hour(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise asyncio.CancelledError

    await spoil(shop)
    monkeypatch.setattr("app.bookkeeper.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await Bookkeeper(shop.store, shop.premises).watch()
    assert slept == [timedelta(hours=1).total_seconds()] * 3
    assert await alarms(shop) == 1
