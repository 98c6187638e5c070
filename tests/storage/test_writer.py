"""Group commit: what arrives together is committed together, and fails apart."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import event

from storage.sqlite import SqliteStore
from storage.unit import Unit
from storage.writer import BATCH
from tests.storage.tables import get_counter, names, set_counter


@asynccontextmanager
async def queued(store: SqliteStore) -> AsyncIterator[None]:
    """Hold the writer in one unit, so that whatever is written inside waits and then goes together."""
    started, go = threading.Event(), threading.Event()

    def hold(_unit: Unit) -> None:
        started.set()
        assert go.wait(20)

    holder = asyncio.create_task(store.write(hold))
    await asyncio.to_thread(started.wait, 20)
    yield
    await asyncio.sleep(0)  # the tasks made inside hand in their work
    go.set()
    await holder


def commits(store: SqliteStore) -> list[int]:
    """Count commits in a list of one."""
    count = [0]

    @event.listens_for(store._writer._engine, "commit")
    def committed(_connection: object) -> None:
        count[0] += 1

    return count


async def test_what_arrives_together_shares_one_commit(sqlite: SqliteStore) -> None:
    count = commits(sqlite)
    async with queued(sqlite):
        writes = [asyncio.create_task(sqlite.write(set_counter(str(number), number))) for number in range(50)]
    await asyncio.gather(*writes)
    assert count == [2]
    assert len(await sqlite.read(names)) == 50


async def test_a_batch_is_bounded(sqlite: SqliteStore) -> None:
    count = commits(sqlite)
    async with queued(sqlite):
        writes = [asyncio.create_task(sqlite.write(set_counter(str(number), 0))) for number in range(2 * BATCH + 1)]
    await asyncio.gather(*writes)
    assert count == [4]


async def test_each_gets_its_own_answer_and_they_run_in_order(sqlite: SqliteStore) -> None:
    ran: list[int] = []

    def work(number: int) -> Callable[[Unit], int]:
        def run(_unit: Unit) -> int:
            ran.append(number)
            return number * number

        return run

    async with queued(sqlite):
        writes = [asyncio.create_task(sqlite.write(work(number))) for number in range(20)]
    assert await asyncio.gather(*writes) == [number * number for number in range(20)]
    assert ran == list(range(20))


async def test_a_unit_that_fails_touches_no_other(sqlite: SqliteStore) -> None:
    def failing(number: int) -> Callable[[Unit], None]:
        def run(unit: Unit) -> None:
            set_counter(f"bad {number}", number)(unit)
            raise LookupError(number)

        return run

    async with queued(sqlite):
        writes = [
            asyncio.create_task(sqlite.write(failing(n) if n % 7 == 3 else set_counter(f"good {n:02d}", n)))
            for n in range(20)
        ]
    answers = await asyncio.gather(*writes, return_exceptions=True)
    assert [str(answer) for answer in answers if answer] == ["3", "10", "17"]
    assert await sqlite.read(names) == [f"good {n:02d}" for n in range(20) if n % 7 != 3]


async def test_a_failing_batch_rings_for_those_who_did_not_fail(sqlite: SqliteStore) -> None:
    def ringing(unit: Unit) -> None:
        unit.ring = True

    def failing(_unit: Unit) -> None:
        raise LookupError

    async with queued(sqlite):
        writes = [asyncio.create_task(sqlite.write(work)) for work in (ringing, failing)]
    await asyncio.gather(*writes, return_exceptions=True)
    assert sqlite.bell.rings == 1


async def test_a_caller_cancelled_before_its_turn_takes_its_work_back(sqlite: SqliteStore) -> None:
    async with queued(sqlite):
        gone = asyncio.create_task(sqlite.write(set_counter("gone", 1)))
        stays = asyncio.create_task(sqlite.write(set_counter("stays", 1)))
        await asyncio.sleep(0)
        gone.cancel()
    await stays
    assert gone.cancelled()
    assert await sqlite.read(names) == ["stays"]


async def test_a_caller_cancelled_during_its_turn_breaks_nothing(sqlite: SqliteStore) -> None:
    started, go = threading.Event(), threading.Event()

    def slow(unit: Unit) -> None:
        set_counter("slow", 1)(unit)
        started.set()
        assert go.wait(20)

    write = asyncio.create_task(sqlite.write(slow))
    await asyncio.to_thread(started.wait, 20)
    write.cancel()
    await asyncio.gather(write, return_exceptions=True)
    go.set()
    await sqlite.write(set_counter("next", 1))
    assert await sqlite.read(names) == ["next", "slow"]


class Odd(BaseException):
    """Not even an Exception."""


async def test_whatever_is_raised_the_thread_goes_on(sqlite: SqliteStore) -> None:
    def work(_unit: Unit) -> None:
        raise Odd

    with pytest.raises(Odd):
        await sqlite.write(work)
    await sqlite.write(set_counter("next", 1))
    assert await sqlite.read(names) == ["next"]


async def test_stop_iteration_reaches_its_caller(sqlite: SqliteStore) -> None:
    """A future refuses StopIteration: the caller of a careless next() would wait for ever."""

    def work(_unit: Unit) -> None:
        next(iter(()))

    async with asyncio.timeout(20):
        with pytest.raises(RuntimeError, match="StopIteration"):
            await sqlite.write(work)


async def test_an_answer_means_it_is_committed(sqlite: SqliteStore) -> None:
    for number in range(30):
        await sqlite.write(set_counter(str(number), number))
        assert await sqlite.read(get_counter(str(number))) == number


async def test_closing_finishes_what_waits_and_then_takes_nothing(sqlite: SqliteStore) -> None:
    async with queued(sqlite):
        writes = [asyncio.create_task(sqlite.write(set_counter(str(number), 1))) for number in range(2 * BATCH)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(sqlite._writer.close())
    await closing
    await asyncio.gather(*writes)
    assert len(await sqlite.read(names)) == 2 * BATCH
    with pytest.raises(RuntimeError, match="closed"):
        await sqlite.write(set_counter("late", 1))
    assert not sqlite._writer._thread.is_alive()
