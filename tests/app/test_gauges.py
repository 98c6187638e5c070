"""What /metrics tells of the rows, read from a real shop."""

from datetime import timedelta

from app.gauges import GAUGES, read_gauges
from storage import queue, work
from storage.work import INBOX, OUTBOX, Job
from tests.flows.shop import LEASE, Shop


async def gauges(shop: Shop) -> dict[str, float]:
    return await shop.store.read(lambda unit: read_gauges(unit, shop.premises.shop.id))


async def test_every_gauge_has_a_value_from_the_first_moment(shop: Shop) -> None:
    assert await gauges(shop) == dict.fromkeys(GAUGES, 0)


async def test_what_waits_is_counted_and_what_is_done_is_not(shop: Shop) -> None:
    await shop.settle(shop.sighting((await shop.order()).code))
    await shop.order(await shop.meet("43"))
    await shop.work()
    jobs = [Job("a", str(number), {}) for number in range(3)]
    shop_id = shop.premises.shop.id
    before = await gauges(shop)
    await shop.store.write(lambda unit: work.enqueue(unit, shop_id, jobs))
    await shop.store.write(lambda unit: work.receive(unit, shop_id, "telegram", [("1", "42", "{}")]))
    one, two = await shop.store.write(lambda unit: queue.claim(unit, OUTBOX, "worker", 2, LEASE))
    await shop.store.write(lambda unit: queue.complete(unit, OUTBOX, one))
    await shop.store.write(lambda unit: queue.bury(unit, OUTBOX, two, "no"))
    (update,) = await shop.store.write(lambda unit: queue.claim(unit, INBOX, "worker", 1, timedelta(minutes=1)))
    assert update.row["event"] == "1"
    changed = {name: value - before[name] for name, value in (await gauges(shop)).items() if value != before[name]}
    assert changed == {"chotdon_outbox_ready": 1, "chotdon_outbox_dead": 1, "chotdon_inbox_running": 1}
    assert (before["chotdon_orders_paid"], before["chotdon_orders_open"]) == (1, 1)
