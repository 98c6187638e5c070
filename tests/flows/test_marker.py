import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from flows.carry_out import HANDLERS, carry_out
from flows.marker import MARK_TRIES, Marker
from flows.office import After, Office
from flows.task import Task
from sales.errors import Later, StoreBusy
from storage import queue, work
from storage.queue import Claimed
from storage.schema.work import events, outbox
from storage.store import Store
from storage.unit import Unit
from storage.work import Event, Job
from tests.clock import FrozenClock
from tests.flows.shop import LEASE, Shop

T = TypeVar("T")
SECOND = timedelta(seconds=1)
Marks = list[bool | BaseException]


class Counting:
    """A store that counts its writes, answers each only when `gate` is open, and is busy for the first ones."""

    def __init__(self, store: Store) -> None:
        self.writes = self.busy = 0
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self._store = store

    async def write(self, work: Callable[[Unit], T]) -> T:
        self.writes += 1
        self.begun.set()
        await self.gate.wait()
        if self.busy:
            self.busy -= 1
            raise StoreBusy("locked")
        return await self._store.write(work)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@pytest.fixture
def counting(shop: Shop) -> Counting:
    return Counting(shop.store)


@pytest.fixture
def marker(counting: Counting, monkeypatch: pytest.MonkeyPatch) -> Marker:
    monkeypatch.setattr("flows.marker.MARK_PAUSE", 0)
    return Marker(counting)


async def claim(shop: Shop, owner: str = "worker") -> list[Claimed]:
    return await shop.store.write(lambda unit: queue.claim(unit, outbox, owner, 500, LEASE))


async def claimed(shop: Shop, count: int, first: int = 0) -> list[Claimed]:
    """So many jobs under way, each in a lane of its own."""
    jobs = [Job("reply", f"{number}", {}, f"telegram:{number}") for number in range(first, first + count)]
    await shop.store.write(lambda unit: work.enqueue(unit, shop.premises.shop.id, jobs))
    return await claim(shop)


def note(shop: Shop, row: Claimed) -> After:
    return lambda unit: work.log(unit, shop.premises.shop.id, [Event(f"noted.{row.id}")])


async def mark(marker: Marker, *ends: tuple[Claimed, After]) -> Marks:
    return await asyncio.gather(*(marker.mark(row, after) for row, after in ends), return_exceptions=True)


async def states(shop: Shop) -> list[str]:
    return [row.state for row in await shop.jobs()]


async def noted(shop: Shop) -> list[str]:
    return [row.kind for row in await shop.rows(events)]


async def test_what_ends_together_is_marked_by_one_unit(shop: Shop, marker: Marker, counting: Counting) -> None:
    one, two, three = await claimed(shop, 3)
    assert await mark(marker, (one, None), (two, note(shop, two)), (three, None)) == [True] * 3
    assert counting.writes == 1
    assert await states(shop) == ["done"] * 3
    assert await noted(shop) == [f"noted.{two.id}"]


async def test_what_ends_during_a_commit_shares_the_next_one(shop: Shop, marker: Marker, counting: Counting) -> None:
    rows = await claimed(shop, 5)
    counting.gate.clear()
    first = asyncio.create_task(mark(marker, (rows[0], None)))
    await counting.begun.wait()
    rest = asyncio.create_task(mark(marker, *((row, None) for row in rows[1:])))
    await asyncio.sleep(0)
    counting.gate.set()
    assert [await first, await rest] == [[True], [True] * 4]
    assert counting.writes == 2


async def test_what_was_overtaken_is_left_to_the_other_and_the_rest_is_marked(
    shop: Shop, marker: Marker, clock: FrozenClock
) -> None:
    (slow,) = await claimed(shop, 1)
    clock.move(LEASE)
    (again,) = await claim(shop, slow.owner)
    (other,) = await claimed(shop, 1, first=1)
    assert await mark(marker, (slow, note(shop, slow)), (other, None)) == [False, True]
    assert await states(shop) == ["running", "done"]
    assert await noted(shop) == []
    assert await mark(marker, (slow, note(shop, slow)), (again, note(shop, again))) == [False, True]
    assert await noted(shop) == [f"noted.{again.id}"]


async def test_attempts_of_many_counts_are_marked_together(
    shop: Shop, marker: Marker, counting: Counting, clock: FrozenClock
) -> None:
    await claimed(shop, 2)
    clock.move(LEASE)
    rows = [*await claim(shop), *await claimed(shop, 2, first=2)]
    assert [row.attempts for row in rows] == [2, 2, 1, 1]
    assert await mark(marker, *((row, None) for row in rows)) == [True] * 4
    assert counting.writes == 1


async def test_an_end_that_fails_harms_no_other(shop: Shop, marker: Marker) -> None:
    one, bad, two = await claimed(shop, 3)

    def fail(unit: Unit) -> None:
        work.log(unit, shop.premises.shop.id, [Event("half.written")])
        raise LookupError

    marks = await mark(marker, (one, note(shop, one)), (bad, fail), (two, None))
    assert [type(each) for each in marks] == [bool, LookupError, bool]
    assert await states(shop) == ["done", "running", "done"]
    assert await noted(shop) == [f"noted.{one.id}"]


async def test_a_busy_store_is_asked_again_for_all(shop: Shop, marker: Marker, counting: Counting) -> None:
    rows = await claimed(shop, 3)
    counting.busy = MARK_TRIES - 1
    assert await mark(marker, *((row, None) for row in rows)) == [True] * 3
    assert counting.writes == MARK_TRIES


async def test_patience_has_an_end(shop: Shop, marker: Marker, counting: Counting) -> None:
    (row,) = await claimed(shop, 1)
    counting.busy = MARK_TRIES
    assert [type(each) for each in await mark(marker, (row, None))] == [StoreBusy]
    assert await states(shop) == ["running"]


async def test_a_job_that_is_cut_off_while_it_is_marked_is_marked(
    shop: Shop, marker: Marker, counting: Counting
) -> None:
    gone, stays = await claimed(shop, 2)
    counting.gate.clear()
    cut_off, waits = [asyncio.create_task(marker.mark(row, None)) for row in (gone, stays)]
    await counting.begun.wait()
    cut_off.cancel()
    counting.gate.set()
    assert await waits
    assert cut_off.cancelled()
    assert await states(shop) == ["done", "done"]


async def test_other_ends_share_the_unit_and_keep_their_own_fence(
    shop: Shop, marker: Marker, counting: Counting, clock: FrozenClock
) -> None:
    (slow,) = await claimed(shop, 1)
    clock.move(LEASE)
    await claim(shop)
    done, fails = await claimed(shop, 2, first=1)

    def again(row: Claimed) -> Callable[[Unit], bool]:
        return lambda unit: queue.retry(unit, outbox, row, unit.now + SECOND, "down")

    await asyncio.gather(marker.leave(again(slow)), marker.mark(done, None), marker.leave(again(fails)))
    assert counting.writes == 1
    assert [(row.state, row.attempts, row.last_error) for row in await shop.jobs()] == [
        ("running", 2, None),
        ("done", 1, None),
        ("ready", 1, "down"),
    ]


@pytest.mark.parametrize("trouble", [None, Later("down")], ids=["done", "later"])
async def test_a_busy_database_after_the_sending_sends_nothing_again(
    shop: Shop, marker: Marker, counting: Counting, monkeypatch: pytest.MonkeyPatch, trouble: Exception | None
) -> None:
    tries: list[int] = []

    async def send(_office: Office, task: Task) -> After:
        tries.append(task.id)
        if trouble is not None:
            raise trouble
        return None

    monkeypatch.setitem(HANDLERS, "reply", send)
    rows = await claimed(shop, 3)
    counting.busy = 3
    await asyncio.gather(*(carry_out(shop.office, marker, Task(row)) for row in rows))
    assert tries == [row.id for row in rows]
    assert await states(shop) == ["ready" if trouble else "done"] * 3
    assert counting.writes == 4
