"""Refunds by VietQR and a feed that shows incoming money only."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.doctor import refunds
from app.doctor.finding import Finding, Mark
from storage.store import open_store
from tests.app.doctor.patients import KEY, NOWHERE, patient, told
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.shop import Shop, open_shop


@pytest.fixture
async def shop(sqlite_url: str, clock: FrozenClock) -> AsyncIterator[Shop]:
    store = await open_store(sqlite_url, clock)
    yield await open_shop(store, key=KEY)
    await store.close()


async def examined(url: str, clock: FrozenClock) -> list[Finding]:
    async with patient(clock, database_url=url, casso_checksum_key="dummy", vault_key=KEY) as looked_at:
        return await refunds.check(looked_at)


async def test_it_warns_until_the_bank_has_told_of_money_that_goes_out(
    shop: Shop, sqlite_url: str, clock: FrozenClock
) -> None:
    assert await examined(sqlite_url, clock) == [], "no refund was sent"
    desk = await Desk.open(shop)
    settled = await desk.confirm_as_admin(await desk.owed(await desk.paid()))
    assert await examined(sqlite_url, clock) == [], "it is only owed"
    await desk.close(settled)
    found = await examined(sqlite_url, clock)
    assert told(found) == [(Mark.MISSING, "doctor-refunds-unheard")]
    assert found[0].values["sent"] == 1
    await shop.settle(shop.sighting(settled.memo, -settled.amount.minor))
    found = await examined(sqlite_url, clock)
    assert told(found) == [(Mark.WORKS, "doctor-refunds-heard")]
    assert found[0].values == {"sent": 1, "settled": 1}


async def test_a_feed_that_no_longer_tells_is_warned_of_again(shop: Shop, sqlite_url: str, clock: FrozenClock) -> None:
    desk = await Desk.open(shop)
    refund = await desk.confirm_as_admin(await desk.owed(await desk.paid()))
    await shop.settle(shop.sighting(refund.memo, -refund.amount.minor))
    assert told(await examined(sqlite_url, clock)) == [(Mark.WORKS, "doctor-refunds-heard")]
    clock.move(timedelta(days=31))
    assert await examined(sqlite_url, clock) == [], "none was sent lately"
    await desk.close(await desk.confirm_as_admin(await desk.owed(await desk.paid())))
    found = await examined(sqlite_url, clock)
    assert told(found) == [(Mark.MISSING, "doctor-refunds-unheard")]
    assert found[0].values == {"sent": 1, "settled": 0}


async def test_it_says_nothing_of_a_shop_that_cannot_be_opened(clock: FrozenClock) -> None:
    assert await examined(f"postgresql://nobody:x@{NOWHERE.removeprefix('http://')}/none", clock) == []
