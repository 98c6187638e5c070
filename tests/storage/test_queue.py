"""Durable work moves through its states once each, whoever dies on the way."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from storage import queue
from storage.queue import Claimed, Depths, backoff
from storage.store import Store, open_store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.storage.tables import jobs

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def put(count: int = 1, **values: Any) -> Callable[[Unit], list[int]]:
    """Put jobs that are due now, and answer their ids in order."""

    def work(unit: Unit) -> list[int]:
        rows = [{"shop_id": 1, "run_at": unit.now, **values} for _ in range(count)]
        return sorted(unit.conn.scalars(insert(jobs).returning(jobs.c.id), rows))

    return work


def claim(owner: str = "w1", limit: int = 10, lease: timedelta = LEASE) -> Callable[[Unit], list[Claimed]]:
    return lambda unit: queue.claim(unit, jobs, owner, limit, lease)


def complete(claimed: Claimed) -> Callable[[Unit], bool]:
    return lambda unit: queue.complete(unit, jobs, claimed)


def retry(claimed: Claimed, run_at: datetime, error: str = "later") -> Callable[[Unit], bool]:
    return lambda unit: queue.retry(unit, jobs, claimed, run_at, error)


def bury(claimed: Claimed, error: str = "never") -> Callable[[Unit], bool]:
    return lambda unit: queue.bury(unit, jobs, claimed, error)


def ids(claimed: Iterable[Claimed]) -> list[int]:
    return [one.id for one in claimed]


async def row(store: Store, key: int) -> dict[str, Any]:
    query = select(jobs).where(jobs.c.id == key)
    return await store.read(lambda unit: dict(unit.conn.execute(query).mappings().one()))


async def test_a_claimed_row_is_leased_and_carries_its_columns(scratch: Store, clock: FrozenClock) -> None:
    [key] = await scratch.write(put(lane="peer 7"))
    [claimed] = await scratch.write(claim("w1"))
    assert (claimed.id, claimed.owner, claimed.attempts) == (key, "w1", 1)
    assert claimed.row == await row(scratch, key)
    assert claimed.row["lane"] == "peer 7"
    assert claimed.row["state"] == "running"
    assert claimed.row["lease_until"] == clock.now + LEASE


async def test_only_due_rows_are_claimed_and_the_oldest_first(scratch: Store, clock: FrozenClock) -> None:
    [late] = await scratch.write(put(run_at=clock.now))
    [early] = await scratch.write(put(run_at=clock.now - SECOND))
    await scratch.write(put(run_at=clock.now + SECOND))
    assert ids(await scratch.write(claim())) == [early, late]
    assert await scratch.write(claim()) == []


async def test_a_claim_is_bounded(scratch: Store) -> None:
    keys = await scratch.write(put(5))
    assert ids(await scratch.write(claim(limit=3))) == keys[:3]
    assert ids(await scratch.write(claim(limit=3))) == keys[3:]


async def test_no_row_is_claimed_twice_by_two_processes(scratch: Store, store_url: str, clock: FrozenClock) -> None:
    keys = await scratch.write(put(120))
    other = await open_store(store_url, clock)

    async def drain(store: Store, owner: str) -> list[int]:
        mine: list[int] = []
        while got := await store.write(claim(owner, limit=7)):
            mine += ids(got)
        return mine

    drains = [drain(store, f"w{number}") for number, store in enumerate([scratch, other] * 2)]
    taken = await asyncio.gather(*drains)
    await other.close()
    assert sorted(key for mine in taken for key in mine) == keys


async def test_a_done_row_stays_done(scratch: Store, clock: FrozenClock) -> None:
    [key] = await scratch.write(put())
    [claimed] = await scratch.write(claim())
    assert await scratch.write(complete(claimed)) is True
    done = await row(scratch, key)
    assert (done["state"], done["done_at"], done["lease_until"]) == ("done", clock.now, None)
    assert await scratch.write(complete(claimed)) is False
    assert await scratch.write(retry(claimed, clock.now)) is False
    clock.move(2 * LEASE)
    assert await scratch.write(claim()) == []


async def test_a_row_to_be_retried_comes_back_at_its_time(scratch: Store, clock: FrozenClock) -> None:
    [key] = await scratch.write(put())
    [claimed] = await scratch.write(claim())
    assert await scratch.write(retry(claimed, clock.now + SECOND, "chat is down")) is True
    waiting = await row(scratch, key)
    assert (waiting["state"], waiting["owner"], waiting["last_error"]) == ("ready", None, "chat is down")
    assert await scratch.write(claim()) == []
    clock.move(SECOND)
    [again] = await scratch.write(claim())
    assert (again.id, again.attempts) == (key, 2)


async def test_a_buried_row_stays_visible_and_is_never_claimed(scratch: Store, clock: FrozenClock) -> None:
    [key] = await scratch.write(put())
    [claimed] = await scratch.write(claim())
    assert await scratch.write(bury(claimed, "rejected")) is True
    clock.move(2 * LEASE)
    assert await scratch.write(claim()) == []
    dead = await row(scratch, key)
    assert (dead["state"], dead["last_error"]) == ("dead", "rejected")


async def test_a_dead_worker_s_row_is_taken_over_when_its_lease_ends(scratch: Store, clock: FrozenClock) -> None:
    await scratch.write(put())
    [first] = await scratch.write(claim("w1"))
    clock.move(LEASE - timedelta(milliseconds=1))
    assert await scratch.write(claim("w2")) == []
    clock.move(timedelta(milliseconds=1))
    [second] = await scratch.write(claim("w2"))
    assert (second.id, second.owner, second.attempts) == (first.id, "w2", 2)


async def test_whoever_has_lost_the_lease_marks_nothing(scratch: Store, clock: FrozenClock) -> None:
    [key] = await scratch.write(put())
    [slow] = await scratch.write(claim("w1"))
    clock.move(LEASE)
    await scratch.write(claim("w2"))
    before = await row(scratch, key)
    assert await scratch.write(complete(slow)) is False
    assert await scratch.write(retry(slow, clock.now)) is False
    assert await scratch.write(bury(slow)) is False
    assert await row(scratch, key) == before


async def test_the_fence_tells_two_attempts_of_one_owner_apart(scratch: Store, clock: FrozenClock) -> None:
    await scratch.write(put())
    [slow] = await scratch.write(claim("w1"))
    clock.move(LEASE)
    [fresh] = await scratch.write(claim("w1"))
    assert await scratch.write(complete(slow)) is False
    assert await scratch.write(complete(fresh)) is True


async def test_many_are_marked_at_once_each_behind_its_fence(scratch: Store, clock: FrozenClock) -> None:
    await scratch.write(put(3))
    lost, kept, twice = await scratch.write(claim("w1"))
    await scratch.write(retry(twice, clock.now))
    [again] = await scratch.write(claim("w1"))
    clock.move(SECOND)
    await scratch.write(lambda unit: unit.conn.execute(update(jobs).values(owner="w2").where(jobs.c.id == lost.id)))
    marks = await scratch.write(lambda unit: queue.complete_all(unit, jobs, [twice, again, lost, kept]))
    assert marks == [False, True, False, True]
    rows = [await row(scratch, each.id) for each in (lost, kept, twice)]
    assert [(each["state"], each["done_at"], each["lease_until"]) for each in rows] == [
        ("running", None, clock.now - SECOND + LEASE),
        ("done", clock.now, None),
        ("done", clock.now, None),
    ]
    assert await scratch.write(lambda unit: queue.complete_all(unit, jobs, [kept, again])) == [False, False]
    assert await scratch.write(lambda unit: queue.complete_all(unit, jobs, [])) == []


@given(attempts=st.integers(1, 10_000), seed=st.integers())
def test_backoff_stays_within_its_bounds(attempts: int, seed: int) -> None:
    wait = backoff(attempts, Random(seed))
    assert timedelta(seconds=1) <= wait <= timedelta(minutes=10)


def test_backoff_doubles_and_spreads() -> None:
    waits = [[backoff(attempts, Random(seed)).total_seconds() for seed in range(200)] for attempts in range(1, 16)]
    for attempts, seen in enumerate(waits[1:], start=2):
        longest = min(2 ** (attempts - 1), 600)
        assert longest / 2 <= min(seen) < max(seen) <= longest
        assert max(seen) > 0.9 * longest
    assert set(waits[0]) == {1.0}


async def test_depths_count_what_is_not_done(scratch: Store, clock: FrozenClock) -> None:
    assert await scratch.read(lambda unit: queue.depths(unit, jobs)) == Depths(0, 0, 0, None)
    await scratch.write(put(4, run_at=clock.now - SECOND))
    first, second, *_ = await scratch.write(claim(limit=3))
    await scratch.write(complete(first))
    await scratch.write(bury(second))
    await scratch.write(put(run_at=clock.now + SECOND))
    found = await scratch.read(lambda unit: queue.depths(unit, jobs))
    assert found == Depths(ready=2, running=1, dead=1, oldest_due=clock.now - SECOND)


async def test_trim_removes_only_what_was_done_long_ago(scratch: Store, clock: FrozenClock) -> None:
    await scratch.write(put(4))
    old, dead, _running, *_ = await scratch.write(claim(limit=3))
    await scratch.write(complete(old))
    await scratch.write(bury(dead))
    clock.move(SECOND)
    [recent] = await scratch.write(claim())
    await scratch.write(complete(recent))
    assert await scratch.write(lambda unit: queue.trim(unit, jobs, clock.now)) == 1
    left = await scratch.read(lambda unit: list(unit.conn.scalars(select(jobs.c.id).order_by(jobs.c.id))))
    assert old.id not in left
    assert len(left) == 3


async def test_trim_is_bounded(scratch: Store, clock: FrozenClock) -> None:
    await scratch.write(put(5))
    await scratch.write(lambda unit: unit.conn.execute(update(jobs).values(state="done", done_at=unit.now)).rowcount)
    clock.move(SECOND)
    removed = [await scratch.write(lambda unit: queue.trim(unit, jobs, unit.now, limit=2)) for _ in range(4)]
    assert removed == [2, 2, 1, 0]


@pytest.mark.parametrize("mark", ["complete", "bury"])
async def test_marking_is_part_of_its_unit(scratch: Store, mark: str) -> None:
    """What the work wrote and the mark that it is done are kept together or not at all."""
    [key] = await scratch.write(put())
    [claimed] = await scratch.write(claim())

    def half(unit: Unit) -> None:
        assert (complete if mark == "complete" else bury)(claimed)(unit)
        raise LookupError

    with pytest.raises(LookupError):
        await scratch.write(half)
    assert (await row(scratch, key))["state"] == "running"
