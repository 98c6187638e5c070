"""How fast the outbox is worked off, beside pgqueuer, when the jobs themselves do nothing.

Both do what makes a job durable: claim it under a lease, mark it done; PostgreSQL waits for its disk as by default.
Ours goes the whole way of every job: worker, `carry_out`, marker.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import asyncpg
import structlog
from pgqueuer import AsyncpgPoolDriver, Job, PgQueuer, Queries
from pgqueuer.types import QueueExecutionMode
from sqlalchemy import func, select

from app.drawing import drawing
from app.hands import JOBS_AT_ONCE
from app.worker import Worker
from flows.carry_out import HANDLERS, carry_out
from flows.marker import Marker
from flows.office import After, Office
from flows.task import Task
from locales import Texts
from storage import work
from storage.queue import Claimed
from storage.store import Store
from storage.work import OUTBOX
from tests.bench.shop import open_at
from tests.postgres import running_server

ROUNDS = 5
JOBS = 1000
TOPIC = "nothing"

Lap = Callable[[], Awaitable[float]]


async def nothing(_office: Office, _task: Task) -> After:
    return None


class Ours:
    """The house's own worker over its own outbox; each job belongs to another person."""

    def __init__(self, store: Store, office: Office) -> None:
        self._store = store
        self._office = office
        self._rounds = 0

    async def __call__(self) -> float:
        self._rounds += 1
        jobs = [work.Job(TOPIC, f"{self._rounds}:{number}", {}, f"telegram:{number}") for number in range(JOBS)]
        await self._store.write(lambda unit: work.enqueue(unit, self._office.premises.shop.id, jobs))
        seconds = await self._drain()
        ended = select(func.count()).where(OUTBOX.c.state == "done")
        assert await self._store.read(lambda unit: unit.conn.scalar(ended)) == self._rounds * JOBS
        return JOBS / seconds

    async def _drain(self) -> float:
        left, done, marker = JOBS, asyncio.Event(), Marker(self._store)

        async def send(row: Claimed) -> None:
            nonlocal left
            await carry_out(self._office, marker, Task(row))
            left -= 1
            if not left:
                done.set()

        begun = perf_counter()
        worker = asyncio.create_task(Worker(self._store, OUTBOX, send, JOBS_AT_ONCE).run())
        await done.wait()
        seconds = perf_counter() - begun
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        return seconds


class Theirs:
    """pgqueuer with a pool of asyncpg."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def __call__(self) -> float:
        async with asyncpg.create_pool(self._url) as pool:
            queries = Queries(AsyncpgPoolDriver(pool))
            if not await queries.schema_is_installed():
                await queries.install()
            await queries.enqueue([TOPIC] * JOBS, [b""] * JOBS, [0] * JOBS)
            worker, done = PgQueuer(AsyncpgPoolDriver(pool)), 0

            @worker.entrypoint(TOPIC)
            async def nothing(_job: Job) -> None:
                nonlocal done
                done += 1

            begun = perf_counter()
            await worker.run(batch_size=JOBS_AT_ONCE, mode=QueueExecutionMode.drain)
            assert done == JOBS
            return JOBS / (perf_counter() - begun)


async def measure(folder: Path, url: str) -> dict[str, list[float]]:
    """Jobs per second, round by round."""
    lite, lite_shop = await open_at(f"sqlite:///{folder / 'drain.db'}")
    postgres, postgres_shop = await open_at(url)
    draw = drawing(Texts())
    laps: dict[str, Lap] = {
        "ours on SQLite": Ours(lite, Office(lite, lite_shop.premises, {}, draw)),
        "ours on PostgreSQL": Ours(postgres, Office(postgres, postgres_shop.premises, {}, draw)),
        "pgqueuer on PostgreSQL": Theirs(url),
    }
    rates: dict[str, list[float]] = {name: [] for name in laps}
    for _ in range(ROUNDS):
        for name, lap in laps.items():
            rates[name].append(await lap())
    await lite.close()
    await postgres.close()
    return rates


def told(folder: Path) -> list[str]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    HANDLERS[TOPIC] = nothing
    with running_server(durable=True) as server:
        rates = asyncio.run(measure(folder, server.url))
    lines = [f"  {name:<24} {median(each):>7.0f}" for name, each in rates.items()]
    return [f"Jobs a second from a full outbox; medians of {ROUNDS} rounds of {JOBS} in turns", *lines]
