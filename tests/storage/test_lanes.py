"""In a lane one thing happens after the other; lanes do not hold each other up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, event

from sales.ids import ShopId
from storage import queue
from storage.queue import Claimed, Topics
from storage.schema.work import inbox, outbox
from storage.store import Store, open_store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.storage.tables import jobs
from tests.storage.test_queue import LEASE, SECOND, bury, claim, complete, ids, put, retry


async def test_only_the_oldest_of_a_lane_is_claimed(scratch: Store) -> None:
    first, second, third = await scratch.write(put(3, lane="a"))
    for expected in (first, second, third):
        [claimed] = await scratch.write(claim())
        assert claimed.id == expected
        assert await scratch.write(claim()) == []
        await scratch.write(complete(claimed))
    assert await scratch.write(claim()) == []


async def test_lanes_run_beside_each_other(scratch: Store) -> None:
    a, _ = await scratch.write(put(2, lane="a"))
    b, _ = await scratch.write(put(2, lane="b"))
    assert ids(await scratch.write(claim())) == [a, b]


async def test_rows_without_a_lane_hold_nobody_up(scratch: Store) -> None:
    keys = await scratch.write(put(3, lane=None))
    assert ids(await scratch.write(claim())) == keys


async def test_the_same_lane_of_another_shop_is_another_lane(scratch: Store) -> None:
    [one] = await scratch.write(put(lane="a", shop_id=1))
    [two] = await scratch.write(put(lane="a", shop_id=2))
    assert ids(await scratch.write(claim())) == [one, two]


async def test_a_row_that_waits_for_its_retry_holds_its_lane(scratch: Store, clock: FrozenClock) -> None:
    """Otherwise the key would arrive before "payment received", only because the chat was down for a second."""
    first, second = await scratch.write(put(2, lane="a"))
    [claimed] = await scratch.write(claim())
    await scratch.write(retry(claimed, clock.now + SECOND))
    assert await scratch.write(claim()) == []
    clock.move(SECOND)
    [again] = await scratch.write(claim())
    assert again.id == first
    await scratch.write(complete(again))
    assert ids(await scratch.write(claim())) == [second]


async def test_a_row_for_a_later_moment_holds_nobody_up(scratch: Store, clock: FrozenClock) -> None:
    [reminder] = await scratch.write(put(lane="a", run_at=clock.now + SECOND))
    [message] = await scratch.write(put(lane="a"))
    [claimed] = await scratch.write(claim())
    assert claimed.id == message
    clock.move(SECOND)
    assert ids(await scratch.write(claim())) == [reminder]


async def test_what_waits_in_a_lane_is_counted(scratch: Store, clock: FrozenClock) -> None:
    for lane, shop in (("a", 1), ("a", 1), ("a", 1), ("a", 1), ("a", 2), ("b", 1)):
        await scratch.write(put(lane=lane, shop_id=shop))
    await scratch.write(put(lane="a", shop_id=1, run_at=clock() + SECOND))
    for end in (complete, bury, lambda row: retry(row, clock() + SECOND)):
        first, *_ = await scratch.write(claim(limit=1))
        assert await scratch.write(end(first))
    assert await scratch.read(lambda unit: queue.waiting(unit, jobs, ShopId(1), "a")) == 2
    clock.move(SECOND)
    assert await scratch.read(lambda unit: queue.waiting(unit, jobs, ShopId(1), "a")) == 3


async def test_a_buried_row_lets_its_lane_go_on(scratch: Store) -> None:
    _, second = await scratch.write(put(2, lane="a"))
    [claimed] = await scratch.write(claim())
    await scratch.write(bury(claimed))
    assert ids(await scratch.write(claim())) == [second]


async def test_a_lane_waits_for_the_lease_of_a_dead_worker(scratch: Store, clock: FrozenClock) -> None:
    first, _ = await scratch.write(put(2, lane="a"))
    await scratch.write(claim("dead"))
    clock.move(LEASE)
    [claimed] = await scratch.write(claim("alive"))
    assert claimed.id == first


async def test_a_lane_is_kept_by_two_who_claim_at_once(scratch: Store, store_url: str, clock: FrozenClock) -> None:
    keys = await scratch.write(put(12, lane="a"))
    other = await open_store(store_url, clock)
    order: list[int] = []
    while len(order) < len(keys):
        for number, store in enumerate((scratch, other)):
            for claimed in await store.write(claim(f"w{number}")):
                order.append(claimed.id)
                await store.write(complete(claimed))
    await other.close()
    assert order == keys


@pytest.mark.parametrize("table", [outbox, inbox], ids=lambda table: str(table.name))
async def test_the_queues_of_the_shop_have_what_it_takes(store: Store, table: Table) -> None:
    assert await store.write(lambda unit: queue.claim(unit, table, "w1", 10, LEASE)) == []
    assert (await store.read(lambda unit: queue.depths(unit, table))).ready == 0
    assert await store.write(lambda unit: queue.trim(unit, table, unit.now - timedelta(days=30))) == 0


@pytest.mark.parametrize(
    ("table", "topics"),
    [(outbox, None), (outbox, Topics(("reply",))), (outbox, Topics(("reply",), others=True)), (inbox, None)],
    ids=str,
)
async def test_a_claim_reads_only_the_indexes_of_waiting_rows(
    sqlite_url: str, clock: FrozenClock, table: Table, topics: Topics | None
) -> None:
    """A finished shop has a million done rows; a claim that looked at each of them would take seconds."""
    store = await open_store(sqlite_url, clock)
    (steps, *_) = await store.write(lambda unit: plans(unit, lambda: queue.claim(unit, table, "w1", 10, LEASE, topics)))
    await store.close()
    assert f"ix_{table.name}_due" in steps
    assert f"ix_{table.name}_lane" in steps
    assert steps.count("SCAN") == steps.count("SCAN picked")


@pytest.mark.parametrize("table", [outbox, inbox], ids=lambda table: str(table.name))
async def test_marking_many_reads_those_rows_and_no_others(sqlite_url: str, clock: FrozenClock, table: Table) -> None:
    store = await open_store(sqlite_url, clock)
    rows = [Claimed(number, "w1", 1, {}) for number in range(3)]
    [steps] = await store.write(lambda unit: plans(unit, lambda: queue.complete_all(unit, table, rows)))
    await store.close()
    assert f"SEARCH {table.name} USING INTEGER PRIMARY KEY" in steps
    assert steps.count("SCAN") == steps.count("SCAN json_each")


@pytest.mark.parametrize("table", [outbox, inbox], ids=lambda table: str(table.name))
async def test_whoever_counts_what_waits_reads_no_finished_row(
    sqlite_url: str, clock: FrozenClock, table: Table
) -> None:
    store = await open_store(sqlite_url, clock)
    counted = await store.write(lambda unit: plans(unit, lambda: queue.depths(unit, table)))
    await store.close()
    alive = [f"ix_{table.name}_due", f"ix_{table.name}_lane"]
    assert [any(index in counted[0] for index in alive), f"ix_{table.name}_dead" in counted[1]] == [True, True]


def plans(unit: Unit, act: Callable[[], object]) -> list[str]:
    """Ask SQLite how it runs the very statements of an act, their parameters included."""
    sent: list[tuple[str, Any]] = []

    @event.listens_for(unit.conn, "before_cursor_execute")
    def seen(_conn: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        sent.append((statement, parameters))

    act()
    asked = list(sent)
    return [
        " | ".join(row[3] for row in unit.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
        for statement, parameters in asked
    ]
