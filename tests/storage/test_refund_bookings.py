"""Each step of a refund stands in the ledger at its own moment, however often it is sent."""

from datetime import timedelta

from sqlalchemy import update

from sales.entry import Step
from storage.refund_bookings import refund_bookings
from storage.schema.money import postings
from tests.clock import FrozenClock
from tests.flows.shop import Shop
from tests.flows.test_hear_refunds import back, payable

HOUR = timedelta(hours=1)


async def steps(shop: Shop) -> list[tuple[str, float]]:
    """Which steps are told, and how many hours after the first."""
    found = await shop.store.read(lambda unit: list(refund_bookings(unit, shop.premises.shop.id)))
    return [(each.meaning, (each.at - found[0].at) / HOUR) for each in found]


async def test_a_second_sending_has_a_moment_of_its_own(shop: Shop, clock: FrozenClock) -> None:
    desk, _, refund = await payable(shop)
    clock.move(HOUR)
    await desk.close(refund)
    clock.move(HOUR)
    await shop.settle(back(shop, refund))
    clock.move(HOUR)
    again = await desk.confirm_as_buyer(await desk.look(refund))
    clock.move(HOUR)
    await desk.close(again)
    assert await steps(shop) == [(Step.OWED, 0.0), (Step.PAID, 1.0), (Step.PAID, 4.0)]


async def test_what_was_booked_before_moments_were_kept_is_dated_by_its_row(shop: Shop, clock: FrozenClock) -> None:
    desk, _, refund = await payable(shop)
    clock.move(HOUR)
    await desk.close(refund)
    await shop.store.write(lambda unit: unit.conn.execute(update(postings).values(booked_at=None)))
    assert await steps(shop) == [(Step.OWED, 0.0), (Step.PAID, 1.0)]
