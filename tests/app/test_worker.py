import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic

import pytest
from structlog.testing import capture_logs

import app.worker
from app.worker import AT_ONCE, LEASE, STUCK, Worker
from flows.carry_out import HANDLERS, carry_out
from flows.marker import Marker
from flows.office import After, Office
from flows.task import Task
from sales.errors import StoreBusy
from storage.queue import Claimed
from storage.schema.work import outbox
from tests.app.workplace import Held, give, hired, states, tick_off, until_done
from tests.clock import FrozenClock
from tests.flows.shop import Shop


def number(row: Claimed) -> int:
    return int(row.row["payload"]["number"])


def working(shop: Shop, work: Callable[[Claimed], Awaitable[object]], at_once: int = AT_ONCE) -> Worker:
    """A worker that does `work` and ticks the job off."""

    async def handle(row: Claimed) -> None:
        await work(row)
        await tick_off(shop, row)

    return Worker(shop.store, outbox, handle, at_once)


async def test_a_lane_is_worked_off_one_by_one_in_its_order(shop: Shop) -> None:
    steps: list[str] = []

    async def work(row: Claimed) -> None:
        steps.append(f"begin {number(row)}")
        await shop.store.read(lambda _: None)  # gives everybody else a chance to overtake
        steps.append(f"end {number(row)}")

    await give(shop, *["an"] * 5)
    async with hired(working(shop, work)):
        await until_done(shop, 5)
    assert steps == [f"{what} {each}" for each in range(5) for what in ("begin", "end")]


async def test_jobs_that_are_marked_together_keep_the_order_of_their_lanes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: dict[str | None, list[int]] = {"an": [], "binh": [], "chi": []}
    marker = Marker(shop.store)

    async def send(_office: Office, task: Task) -> After:
        steps[task.lane].append(number(task.claimed))
        return None

    monkeypatch.setitem(HANDLERS, "test", send)
    await give(shop, *["an", "binh", "chi"] * 4)
    async with hired(Worker(shop.store, outbox, lambda row: carry_out(shop.office, marker, Task(row)))):
        await until_done(shop, 12)
    assert steps == {"an": [0, 3, 6, 9], "binh": [1, 4, 7, 10], "chi": [2, 5, 8, 11]}


async def test_lanes_are_worked_off_beside_each_other(shop: Shop) -> None:
    together = asyncio.Barrier(4)
    await give(shop, "an", "binh", "chi", None)
    async with hired(working(shop, lambda _: together.wait())):
        await until_done(shop, 4)


async def test_a_slow_lane_holds_up_nobody_else(shop: Shop) -> None:
    slow = asyncio.Event()

    async def work(row: Claimed) -> None:
        if row.row["lane"] == "slow":
            await slow.wait()

    await give(shop, "slow", "slow", *["quick"] * 3)
    async with hired(working(shop, work)):
        await until_done(shop, 3)
        assert await states(shop) == ["running", "ready", "done", "done", "done"]
        slow.set()
        await until_done(shop, 5)


@pytest.mark.parametrize("at_once", [AT_ONCE, 5])
async def test_no_more_is_claimed_than_can_be_worked_on(shop: Shop, at_once: int) -> None:
    full, may_end, inside = asyncio.Event(), asyncio.Event(), set()

    async def work(row: Claimed) -> None:
        inside.add(number(row))
        if len(inside) == at_once:
            full.set()
        await may_end.wait()

    await give(shop, *[None] * (at_once + 3))
    worker = working(shop, work, at_once)
    async with hired(worker):
        await full.wait()
        assert await worker._round() == 0
        assert await states(shop) == ["running"] * at_once + ["ready"] * 3
        may_end.set()
        await until_done(shop, at_once + 3)


async def test_a_failing_job_ends_neither_the_worker_nor_itself(shop: Shop, clock: FrozenClock) -> None:
    """The lease brings it back."""
    tries: list[int] = []

    async def work(row: Claimed) -> None:
        if number(row) == 0:
            tries.append(row.attempts)
            if row.attempts == 1:
                raise ZeroDivisionError

    await give(shop, "an", "binh")
    with capture_logs() as logs:
        async with hired(working(shop, work)):
            await until_done(shop, 1)
            assert await states(shop) == ["running", "done"]
            clock.move(LEASE)
            shop.store.bell.ring()
            await until_done(shop, 2)
    assert tries == [1, 2]
    assert [(line["event"], line["queue"]) for line in logs] == [("worker.failed", "outbox")]


async def test_a_busy_store_is_asked_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.worker, "POLL", 0.01)
    held = Held(shop.store)
    held.troubles = [StoreBusy("locked"), StoreBusy("locked")]
    await give(shop, "an")
    async with hired(Worker(held, outbox, lambda row: tick_off(shop, row))) as running:
        await until_done(shop, 1)
        assert not running.done()
    assert held.troubles == []


async def test_a_broken_store_ends_the_worker_with_its_error(shop: Shop) -> None:
    """Then the house closes and its process manager starts it anew."""
    held = Held(shop.store)
    held.troubles = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        await Worker(held, outbox, lambda row: tick_off(shop, row)).run()


async def test_the_bell_wakes_a_waiting_worker(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.worker, "POLL", 3600.0)
    worker = Worker(shop.store, outbox, lambda row: tick_off(shop, row))
    async with hired(worker):
        for count in (0, 1):
            beat = worker.beat
            await give(shop, "an", first=count)
            await until_done(shop, count + 1)
            assert worker.beat > beat


async def test_without_a_bell_a_worker_looks_by_itself(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.worker, "POLL", 0.01)
    done = asyncio.Event()

    async def handle(row: Claimed) -> None:
        await tick_off(shop, row)
        done.set()

    monkeypatch.setattr(shop.store.bell, "ring", lambda: None)
    async with hired(Worker(shop.store, outbox, handle)):
        await give(shop, "an")
        await done.wait()


async def test_closing_lets_running_work_end(shop: Shop) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def work(_: Claimed) -> None:
        begun.set()
        await may_end.wait()

    await give(shop, "an", "an")
    async with hired(working(shop, work)) as running:
        await begun.wait()
        running.cancel()
        await shop.store.read(lambda _: None)
        assert not running.done()
        may_end.set()
        with suppress(asyncio.CancelledError):
            await running
        assert await states(shop) == ["done", "ready"]


async def test_what_is_claimed_in_the_moment_of_closing_is_worked_off(shop: Shop) -> None:
    """Nobody else could take it before the lease ends."""
    held = Held(shop.store)
    held.gate.clear()
    await give(shop, "an")
    async with hired(Worker(held, outbox, lambda row: tick_off(shop, row))) as running:
        await held.arrived.wait()
        assert await states(shop) == ["running"]
        running.cancel()
        held.gate.set()
        with suppress(asyncio.CancelledError):
            await running
    assert await states(shop) == ["done"]


async def test_work_that_does_not_end_is_cut_off(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.worker, "GRACE", 0.01)
    begun, cut_off = asyncio.Event(), asyncio.Event()

    async def work(_: Claimed) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut_off.set()

    await give(shop, "an")
    async with hired(working(shop, work)):
        await begun.wait()
    assert cut_off.is_set()
    assert await states(shop) == ["running"]


async def test_a_worker_that_makes_no_rounds_is_not_alive(shop: Shop) -> None:
    async def handle(_row: Claimed) -> None:
        return

    worker = Worker(shop.store, outbox, handle)
    assert not worker.alive
    worker.beat = monotonic()
    assert worker.alive
    worker.beat -= STUCK
    assert not worker.alive
