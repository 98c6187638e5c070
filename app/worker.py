"""The worker: claims due rows of a queue and has them worked off, many people at once, each in order."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic

import structlog

from sales.errors import StoreBusy
from storage import queue
from storage.queue import Claimed, Topics
from storage.store import Store
from storage.work import Queue

LEASE = timedelta(minutes=3)
"""Longer than the slowest send with all its timeouts; after it, somebody else may take the row."""

POLL = 1.0
"""Seconds until a worker looks again when no bell rings."""

AT_ONCE = 32
"""Rows that are worked on at once, unless a queue may have more."""

STUCK = 30.0
"""Seconds without a round after which a worker counts as stuck: many polls, and any wait for a busy database."""

GRACE = 10.0
"""Seconds that running work gets to end when the house closes."""

log = structlog.get_logger(__name__)

Handle = Callable[[Claimed], Awaitable[None]]


class Worker:
    """Works off one queue, or some topics of it, until cancelled; `alive` tells whether it still makes its rounds."""

    def __init__(
        self, store: Store, table: Queue, handle: Handle, at_once: int = AT_ONCE, topics: Topics | None = None
    ) -> None:
        self._store = store
        self._table = table
        self._handle = handle
        self._at_once = at_once
        self._topics = topics
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._running: set[asyncio.Task[None]] = set()
        self.beat = 0.0

    @property
    def alive(self) -> bool:
        """Whether it has made a round lately; `beat` is the monotonic second of the last one, 0 before the first."""
        return self.beat > 0 and monotonic() - self.beat < STUCK

    async def run(self) -> None:
        """Claim, work, wait for the bell; cancelling lets running work end first."""
        claiming: asyncio.Future[int] | None = None
        try:
            while True:
                self.beat = monotonic()
                rings = self._store.bell.rings
                claiming = asyncio.ensure_future(self._round())
                if not await asyncio.shield(claiming):
                    await self._store.bell.wait(POLL, since=rings)
        finally:
            # A claim cannot be called back: what it takes at this very moment is worked off with the rest.
            if claiming is not None:
                await asyncio.gather(claiming, return_exceptions=True)
            await self._end_work()

    async def _end_work(self) -> None:
        """Give running work its time to end; what is cut off then comes back with its lease, or at the next start."""
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _round(self) -> int:
        """Claim what there is room for; answers how much that was."""
        room = self._at_once - len(self._running)
        if room <= 0:
            return 0
        try:
            claimed = await self._store.write(
                lambda unit: queue.claim(unit, self._table, self._owner, room, LEASE, self._topics),
            )
        except StoreBusy as busy:
            log.warning("worker.store_busy", queue=self._table.name, reason=str(busy))
            return 0
        for job in claimed:
            task = asyncio.create_task(self._work(job))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(claimed)

    async def _work(self, job: Claimed) -> None:
        try:
            await self._handle(job)
        except Exception as error:  # the lease brings the row back; one job never ends the worker
            log.error("worker.failed", queue=self._table.name, job=job.id, exc_info=error)
        finally:
            # The next row of its lane may be taken now, and there is room for one more.
            self._store.bell.ring()
