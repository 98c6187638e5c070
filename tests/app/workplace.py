"""A shop's queues on a real SQLite file, and workers that are hired for as long as a test needs them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from app.worker import Worker
from storage import queue, work
from storage.queue import Claimed
from storage.schema.work import outbox
from storage.store import Store
from storage.unit import Unit
from storage.work import Job, Queue
from tests.flows.shop import Shop

T = TypeVar("T")

PATIENCE = 10.0


class Held:
    """A store whose next writes answer only when `gate` opens, although they are done; or fail as told."""

    def __init__(self, store: Store) -> None:
        self.dialect, self.bell = store.dialect, store.bell
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Event()
        self.troubles: list[Exception] = []
        self._store = store

    async def write(self, work: Callable[[Unit], T]) -> T:
        if self.troubles:
            raise self.troubles.pop(0)
        done = await self._store.write(work)
        self.arrived.set()
        await self.gate.wait()
        return done

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@asynccontextmanager
async def hired(worker: Worker) -> AsyncIterator["asyncio.Task[None]"]:
    """Let a worker run; it is dismissed at the end, unless the test has done so."""
    running = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(PATIENCE):
            yield running
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def give(shop: Shop, *lanes: str | None, first: int = 0) -> None:
    """Put one job into each lane named, in that order; they are numbered from `first`."""
    jobs = [Job("test", f"{number}", {"number": number}, lane) for number, lane in enumerate(lanes, first)]
    await shop.store.write(lambda unit: work.enqueue(unit, shop.premises.shop.id, jobs))


async def tick_off(shop: Shop, row: Claimed) -> None:
    """Mark a job as done."""
    await shop.store.write(lambda unit: queue.complete(unit, outbox, row))


async def states(shop: Shop, table: Queue = outbox) -> list[str]:
    """The states of all rows, oldest first."""
    return [row.state for row in await shop.rows(table)]


async def claim_one(shop: Shop, table: Queue, lease: timedelta = timedelta(minutes=3)) -> Claimed:
    """Claim the one row that is due."""
    [row] = await shop.store.write(lambda unit: queue.claim(unit, table, "test", 10, lease))
    return row


async def until_done(shop: Shop, count: int, table: Queue = outbox) -> None:
    """Wait until so many rows are done; each end of work rings the bell."""
    while True:
        rings = shop.store.bell.rings
        done = await shop.store.read(lambda unit: unit.conn.execute(select(table.c.id).where(table.c.state == "done")))
        if len(done.all()) >= count:
            return
        await shop.store.bell.wait(PATIENCE, since=rings)
