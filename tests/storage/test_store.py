"""What a store promises, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only

from sales.errors import Misconfigured
from storage.errors import Conflict
from storage.store import Store, open_store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.storage.tables import counters, get_counter, names, put_thing, read_then_write, set_counter


async def test_write_answers_what_the_work_answered(scratch: Store) -> None:
    await scratch.write(set_counter("a", 41))
    assert await scratch.write(read_then_write("a")) == 42
    assert await scratch.read(get_counter("a")) == 42


async def test_no_update_is_lost(scratch: Store) -> None:
    """Eight writers read, then write, 60 times each.

    With the drivers' defaults 420 of these 480 vanish without an error: the transaction begins only at the
    UPDATE, after the value was read (SQLite), or each statement sees a newer world (READ COMMITTED).
    A BEGIN that upgrades its read lock later fails at once with "database is locked" 388 times instead.
    """
    await scratch.write(set_counter("a", 0))

    async def writer() -> None:
        for _ in range(60):
            await scratch.write(read_then_write("a"))

    await asyncio.gather(*(writer() for _ in range(8)))
    assert await scratch.read(get_counter("a")) == 480


async def test_two_stores_on_one_database_lose_no_update(scratch: Store, store_url: str, clock: FrozenClock) -> None:
    """Another process, such as the command line beside the shop, obeys the same locks."""
    await scratch.write(set_counter("a", 0))
    other = await open_store(store_url, clock)

    async def writer(store: Store) -> None:
        for _ in range(20):
            await store.write(read_then_write("a"))

    await asyncio.gather(writer(scratch), writer(other), writer(scratch), writer(other))
    await other.close()
    assert await scratch.read(get_counter("a")) == 80


async def test_work_that_fails_leaves_nothing_and_raises_its_own_error(scratch: Store) -> None:
    def work(unit: Unit) -> None:
        set_counter("a", 1)(unit)
        raise LookupError("no such plan")

    with pytest.raises(LookupError, match="no such plan"):
        await scratch.write(work)
    assert await scratch.read(names) == []


async def test_a_taken_key_is_a_conflict(scratch: Store) -> None:
    await scratch.write(set_counter("a", 1))
    await scratch.write(put_thing(label="x"))
    with pytest.raises(Conflict):
        await scratch.write(set_counter("a", 2))
    with pytest.raises(Conflict):
        await scratch.write(put_thing(label="x"))
    assert await scratch.write(read_then_write("a")) == 2


async def test_a_bug_in_sql_passes_through(scratch: Store) -> None:
    for way in (scratch.write, scratch.read):
        with pytest.raises(DBAPIError):
            await way(lambda unit: unit.conn.execute(text("SELECT * FROM nowhere")))


async def test_reading_cannot_write(scratch: Store) -> None:
    with pytest.raises(DBAPIError, match="read"):
        await scratch.read(set_counter("a", 1))
    assert await scratch.read(names) == []


async def test_a_reader_sees_one_snapshot(scratch: Store) -> None:
    await scratch.write(set_counter("a", 1))

    def look_twice(unit: Unit) -> list[int | None]:
        first = get_counter("a")(unit)
        await_only(scratch.write(read_then_write("a")))  # another unit commits while this one is reading
        return [first, get_counter("a")(unit)]

    assert await scratch.read(look_twice) == [1, 1]
    assert await scratch.read(get_counter("a")) == 2


async def test_now_is_the_clock_at_the_run(scratch: Store, clock: FrozenClock) -> None:
    first = await scratch.write(lambda unit: unit.now)
    clock.move(timedelta(hours=1))
    assert await scratch.write(lambda unit: unit.now) - first == timedelta(hours=1)
    assert await scratch.read(lambda unit: unit.now) == clock.now


async def test_the_bell_rings_after_the_commit(scratch: Store) -> None:
    def work(unit: Unit) -> None:
        set_counter("a", 1)(unit)
        unit.ring = True

    waiter = asyncio.create_task(scratch.bell.wait(60))
    await asyncio.sleep(0)
    await scratch.write(work)
    assert await waiter is True


async def test_no_ring_without_a_commit(scratch: Store) -> None:
    def work(unit: Unit) -> None:
        unit.ring = True
        raise LookupError

    await scratch.write(lambda unit: None)
    before = scratch.bell.rings
    with pytest.raises(LookupError):
        await scratch.write(work)
    assert scratch.bell.rings == before


async def test_many_rows_at_once_and_a_long_text(scratch: Store) -> None:
    rows = [{"name": f"{number:05d}" + "x" * 100, "value": number} for number in range(3000)]
    await scratch.write(lambda unit: unit.conn.execute(insert(counters), rows))
    total = await scratch.read(lambda unit: unit.conn.scalars(select(counters.c.value)).all())
    assert len(total) == 3000


async def test_closing_finishes_what_was_taken_and_may_be_repeated(scratch: Store, store_url: str) -> None:
    writes = [asyncio.create_task(scratch.write(set_counter(str(number), 1))) for number in range(20)]
    await asyncio.gather(*writes)
    await scratch.close()
    await scratch.close()
    again = await open_store(store_url, FrozenClock())
    assert len(await again.read(names)) == 20
    await again.close()


@pytest.mark.parametrize(
    "url",
    ["", "shop.db", "sqlite://", "sqlite:///:memory:", "mysql://root@localhost/shop", "://"]
    + [f"postgresql://u:dummy@{place}/x" for place in ("[::1", "localhost:99999", "localhost:0", "localhost:x")],
)
async def test_a_url_of_no_database_is_refused_without_being_shown(url: str, clock: FrozenClock) -> None:
    with pytest.raises(Misconfigured) as caught:
        await open_store(url, clock)
    assert str(caught.value) == "database-url-malformed"
