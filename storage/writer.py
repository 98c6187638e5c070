"""The one writer of a SQLite file: a thread that commits together what arrives together.

One fsync for many units is worth 4 to 25 times the throughput, most on slow disks; and because nobody else
writes, a unit that reads and then writes can never lose an update to another.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from sqlalchemy import Engine

from sales.clock import Clock
from sales.errors import StoreBusy
from storage.bell import Bell
from storage.unit import Unit

T = TypeVar("T")

BEGIN = "BEGIN IMMEDIATE"
"""In our own words: the driver's own way begins too late and upgrades a reader to a writer, which loses.

Said as a statement, since an engine with listeners pays for them at every statement.
"""

BATCH = 128
"""Most units that share a commit: enough to pay for the fsync, few enough to answer the first one soon."""


@dataclass(slots=True, eq=False)
class _Job:
    work: Callable[[Unit], Any]
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Runs units of work one after the other in its own thread; belongs to the loop it was made in."""

    def __init__(
        self, engine: Engine, clock: Clock, bell: Bell, speak: Callable[[BaseException], BaseException]
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._bell = bell
        self._speak = speak
        self._loop = asyncio.get_running_loop()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._closed = False
        # A daemon, so that a program that crashes without closing its store still ends.
        self._thread = Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Unit], T]) -> T:
        """Answer what `work` answered once its commit is on the disk.

        A caller that is cancelled before its turn takes the work back; later, the work is done all the same.
        """
        if self._closed:
            raise RuntimeError("the store is closed")
        job = _Job(work, self._loop.create_future())
        self._jobs.put(job)
        result: T = await job.future
        return result

    async def close(self) -> None:
        """Finish what has arrived, then end the thread and let go of the file."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while batch := self._gather():
            self._settle(batch)
        self._engine.dispose()

    def _gather(self) -> list[_Job]:
        batch: list[_Job] = []
        job = self._jobs.get()
        with suppress(Empty):
            while job is not None:
                batch.append(job)
                if len(batch) == BATCH:
                    return batch
                job = self._jobs.get_nowait()
            self._jobs.put(None)  # the end comes round again, when this batch is done
        return batch

    def _settle(self, batch: list[_Job]) -> None:
        try:
            self._commit(batch)
        except BaseException as error:
            spoken = self._speak(error)
            if len(batch) > 1 and not isinstance(spoken, StoreBusy):
                return self._redo(batch)
            for job in batch:
                job.error = spoken
        self._answer(batch)
        return None

    def _redo(self, batch: list[_Job]) -> None:
        """Run each alone, so that the failing ones fail for themselves and nobody else."""
        for job in batch:
            self._settle([job])

    def _commit(self, batch: list[_Job]) -> None:
        with self._engine.begin() as connection:
            connection.exec_driver_sql(BEGIN)
            units = [self._perform(job, Unit(connection, self._clock())) for job in batch if not job.future.cancelled()]
        if any(unit.ring for unit in units):
            self._bell.ring()

    @staticmethod
    def _perform(job: _Job, unit: Unit) -> Unit:
        try:
            job.result = job.work(unit)
        except StopIteration as error:  # a future refuses to carry it, and its caller would wait for ever
            raise RuntimeError("a unit of work raised StopIteration") from error
        return unit

    def _answer(self, batch: list[_Job]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits for the answer
            self._loop.call_soon_threadsafe(_resolve, batch)


def _resolve(batch: list[_Job]) -> None:
    for job in batch:
        if job.future.done():
            continue
        if job.error is None:
            job.future.set_result(job.result)
        else:
            job.future.set_exception(job.error)
