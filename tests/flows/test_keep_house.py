from datetime import timedelta

from flows.keep_house import KEPT_JOBS, KEPT_UPDATES, keep_house
from flows.messages import Reply, Say
from flows.send_reply import reply_job
from sales.errors import Rejected
from storage import queue, work
from storage.schema.work import inbox
from tests.clock import FrozenClock
from tests.flows.shop import LEASE, Shop

MOMENT = timedelta(milliseconds=1)


async def worked_off(shop: Shop) -> None:
    """One update and one job, both done now."""
    job = reply_job(await shop.meet(), Reply((Say("welcome"),)), "hello")
    shop_id = shop.premises.shop.id
    await shop.store.write(lambda unit: work.enqueue(unit, shop_id, [job]))
    await shop.store.write(lambda unit: work.receive(unit, shop_id, "telegram", [("1", "42", "{}")]))
    await shop.work()
    (row,) = await shop.store.write(lambda unit: queue.claim(unit, inbox, "worker", 1, LEASE))
    await shop.store.write(lambda unit: queue.complete(unit, inbox, row))


async def test_what_is_done_is_forgotten_when_its_time_is_over(shop: Shop, clock: FrozenClock) -> None:
    await worked_off(shop)
    clock.move(KEPT_UPDATES)
    assert await shop.store.write(keep_house) == 0
    clock.move(MOMENT)
    assert await shop.store.write(keep_house) == 1
    assert (await shop.rows(inbox), len(await shop.jobs())) == ([], 1)
    clock.move(KEPT_JOBS - KEPT_UPDATES)
    assert await shop.store.write(keep_house) == 1
    assert await shop.jobs() == []


async def test_what_waits_or_was_buried_is_never_forgotten(shop: Shop, clock: FrozenClock) -> None:
    job = reply_job(await shop.meet(), Reply((Say("welcome"),)), "hello")
    waits = reply_job(await shop.meet("43"), Reply((Say("welcome"),)), "later")
    shop.mouths["telegram"].trouble = Rejected("no")
    await shop.store.write(lambda unit: work.enqueue(unit, shop.premises.shop.id, [job]))
    await shop.work()
    await shop.store.write(lambda unit: work.enqueue(unit, shop.premises.shop.id, [waits]))
    clock.move(10 * KEPT_JOBS)
    assert await shop.store.write(keep_house) == 0
    assert [row.state for row in await shop.jobs()] == ["dead", "ready"]


def test_a_job_is_remembered_longer_than_any_order_can_be_paid() -> None:
    longest_window, longest_monitoring = timedelta(minutes=1440), timedelta(hours=720)
    assert longest_window + longest_monitoring < KEPT_JOBS
