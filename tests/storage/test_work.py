from datetime import timedelta

import pytest
from sqlalchemy import update

from storage import queue, shops, work
from storage.queue import Claimed, Topics
from storage.schema.work import events, inbox, outbox
from storage.unit import Unit
from storage.work import Event, Job
from tests.clock import FrozenClock
from tests.flows.shop import FILE, LEASE, Shop
from tests.storage.shop import refuses_change

MINUTE = timedelta(minutes=1)


async def enqueue(shop: Shop, *jobs: Job) -> bool:
    """Put jobs in; answers whether the workers are woken."""

    def put(unit: Unit) -> bool:
        work.enqueue(unit, shop.premises.shop.id, jobs)
        return unit.ring

    return await shop.store.write(put)


async def receive(shop: Shop, *updates: tuple[str, str, str]) -> None:
    await shop.store.write(lambda unit: work.receive(unit, shop.premises.shop.id, "telegram", updates))


async def claim(shop: Shop, owner: str = "worker", table: object = outbox) -> list[Claimed]:
    return await shop.store.write(lambda unit: queue.claim(unit, table, owner, 10, LEASE))  # type: ignore[arg-type]


async def test_the_same_dedupe_key_is_one_job(shop: Shop) -> None:
    await enqueue(shop, Job("a", "key", {"n": 1}), Job("a", "key", {"n": 2}), Job("a", "other", {}))
    await enqueue(shop, Job("b", "key", {"n": 3}))
    assert [(row.topic, row.payload) for row in await shop.jobs()] == [("a", {"n": 1}), ("a", {})]


async def test_another_shop_has_keys_of_its_own(shop: Shop) -> None:
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, shop.premises.vault))
    await enqueue(shop, Job("a", "key", {}))
    await shop.store.write(lambda unit: work.enqueue(unit, other.id, [Job("a", "key", {})]))
    assert [row.shop_id for row in await shop.jobs()] == [shop.premises.shop.id, other.id]


async def test_a_job_keeps_its_key_when_it_is_done(shop: Shop) -> None:
    await enqueue(shop, Job("a", "key", {}))
    (row,) = await claim(shop)
    await shop.store.write(lambda unit: queue.complete(unit, outbox, row))
    await enqueue(shop, Job("a", "key", {}))
    assert [each.state for each in await shop.jobs()] == ["done"]


async def test_the_bell_rings_for_jobs_and_only_for_jobs(shop: Shop) -> None:
    assert await enqueue(shop, Job("a", "key", {}))
    assert not await enqueue(shop)


async def test_a_job_runs_at_its_moment(shop: Shop, clock: FrozenClock) -> None:
    await enqueue(shop, Job("a", "later", {}, run_at=clock.now + MINUTE), Job("a", "now", {}))
    assert [row.row["dedupe"] for row in await claim(shop)] == ["now"]
    clock.move(MINUTE)
    assert [row.row["dedupe"] for row in await claim(shop)] == ["later"]


@pytest.mark.parametrize(
    ("topics", "taken"),
    [(None, ["a", "b", "c"]), (Topics(("a", "c")), ["a", "c"]), (Topics(("a", "c"), others=True), ["b"])],
    ids=["all", "some", "others"],
)
async def test_a_claim_takes_the_topics_it_wants_and_leaves_the_others(
    shop: Shop, topics: Topics | None, taken: list[str]
) -> None:
    await enqueue(shop, *(Job(topic, topic, {}) for topic in "abc"))
    rows = await shop.store.write(lambda unit: queue.claim(unit, outbox, "worker", 10, LEASE, topics))
    assert [row.row["topic"] for row in rows] == taken
    assert sorted(row.row["topic"] for row in await claim(shop)) == sorted({"a", "b", "c"} - {*taken})


async def test_an_update_is_kept_once(shop: Shop) -> None:
    await receive(shop, ("1", "42", "first"), ("2", "42", "second"))
    await receive(shop, ("2", "42", "told again"), ("3", "43", "third"))
    kept = await shop.rows(inbox)
    assert [(row.event, row.lane, row.body) for row in kept] == [
        ("1", "telegram:42", "first"),
        ("2", "telegram:42", "second"),
        ("3", "telegram:43", "third"),
    ]
    await receive(shop)


async def test_updates_of_one_person_are_worked_off_one_by_one(shop: Shop) -> None:
    await receive(shop, ("1", "42", ""), ("2", "42", ""), ("3", "43", ""))
    assert [row.row["event"] for row in await claim(shop, table=inbox)] == ["1", "3"]


async def test_the_log_is_read_back_in_order(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    shop_id = shop.premises.shop.id
    told = [Event("one", order.id, "buyer:1", {"n": 1}), Event("nobody's"), Event("two", order.id)]
    await shop.store.write(lambda unit: work.log(unit, shop_id, told))
    await shop.store.write(lambda unit: work.log(unit, shop_id, []))
    found = await shop.store.read(lambda unit: work.events_of(unit, shop_id, order.id))
    assert [(row.kind, row.actor, row.detail) for row in found[1:]] == [
        ("one", "buyer:1", {"n": 1}),
        ("two", "shop", {}),
    ]
    assert {row.at for row in found} == {clock.now}
    assert len(await shop.rows(events)) == 4


async def test_a_start_frees_what_a_dead_process_had_claimed(shop: Shop) -> None:
    await enqueue(shop, Job("a", "key", {}))
    await receive(shop, ("1", "42", ""))
    (dead,), _ = await claim(shop, "dead"), await claim(shop, "dead", inbox)
    await shop.store.write(work.take_over)
    assert [row.state for row in [*await shop.jobs(), *await shop.rows(inbox)]] == ["ready", "ready"]
    assert not await shop.store.write(lambda unit: queue.complete(unit, outbox, dead))
    assert [row.attempts for row in await claim(shop)] == [2]


async def test_a_postponed_job_waits_as_if_it_had_never_been_tried(shop: Shop, clock: FrozenClock) -> None:
    await enqueue(shop, Job("a", "key", {}, lane="email:a@x.vn"))
    (row,) = await claim(shop)
    assert await shop.store.write(lambda unit: queue.postpone(unit, outbox, row, unit.now + MINUTE, "no mail"))
    (kept,) = await shop.jobs()
    assert (kept.state, kept.attempts, kept.last_error, kept.owner) == ("ready", 0, "no mail", None)
    assert await claim(shop) == []
    clock.move(MINUTE)
    assert [each.attempts for each in await claim(shop)] == [1]


async def test_a_postponed_job_does_not_hold_up_its_lane(shop: Shop) -> None:
    await enqueue(shop, Job("a", "1", {}, lane="x"), Job("a", "2", {}, lane="x"))
    (first,) = await claim(shop)
    await shop.store.write(lambda unit: queue.postpone(unit, outbox, first, unit.now + MINUTE, "waits"))
    assert [each.row["dedupe"] for each in await claim(shop)] == ["2"]


async def test_nobody_postpones_what_somebody_else_has_taken_over(shop: Shop, clock: FrozenClock) -> None:
    await enqueue(shop, Job("a", "key", {}))
    (slow,) = await claim(shop, "slow")
    clock.move(LEASE)
    await claim(shop, "fast")
    assert not await shop.store.write(lambda unit: queue.postpone(unit, outbox, slow, unit.now, "late"))


@pytest.mark.parametrize("table", [outbox, inbox], ids=["outbox", "inbox"])
async def test_a_state_that_makes_no_sense_is_refused(shop: Shop, table: object) -> None:
    await enqueue(shop, Job("a", "key", {}))
    await receive(shop, ("1", "42", ""))
    await refuses_change(shop.store, table, "state", state="lost")  # type: ignore[arg-type]
    await shop.store.write(lambda unit: unit.conn.execute(update(outbox).values(state="dead")))
