"""The marker: ends jobs, many by one Unit, since a commit for each would cost more than the jobs."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from flows.office import After
from flows.together import Together
from sales.errors import StoreBusy
from storage import queue
from storage.queue import Claimed
from storage.store import Store
from storage.unit import Unit
from storage.work import OUTBOX

MARK_TRIES = 20
MARK_PAUSE = 1.0
"""What is done must be marked even when the database is busy just then, or it would be done again."""


@dataclass(frozen=True, slots=True)
class _End:
    """`done` is a job to be marked before `after` runs, and only if it is still ours; None when `after` ends it."""

    done: Claimed | None
    after: After


class Marker:
    """One marker a process; any number of jobs may be ended at once.

    It is patient with a busy database: the lease is longer than all tries together. Its methods raise StoreBusy
    after the last try, or what the end itself raises; then nothing of this end was kept, and no other is harmed.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._together = Together(self._write, self._alone)

    async def mark(self, claimed: Claimed, after: After) -> bool:
        """Write that a job is done, and what belongs to its end; False when another worker has taken it over."""
        return await self._patiently(_End(claimed, after))

    async def leave(self, end: Callable[[Unit], object]) -> None:
        """End a job in another way: `end` plans its next try or buries it, behind the queue's own fence."""
        await self._patiently(_End(None, end))

    async def _patiently(self, end: _End) -> bool:
        for _ in range(MARK_TRIES - 1):
            with suppress(StoreBusy):
                return await self._together.do(end)
            await asyncio.sleep(MARK_PAUSE)
        return await self._together.do(end)

    async def _write(self, ends: Sequence[_End]) -> list[bool]:
        return await self._store.write(lambda unit: _write(unit, ends))

    async def _alone(self, end: _End) -> bool:
        (ours,) = await self._write([end])
        return ours


def _write(unit: Unit, ends: Sequence[_End]) -> list[bool]:
    """Mark what is done, then write what belongs to each end; nothing where another worker has taken the job over."""
    done = [end.done for end in ends if end.done is not None]
    marks = iter(queue.complete_all(unit, OUTBOX, done))
    ours = [end.done is None or next(marks) for end in ends]
    for end, mine in zip(ends, ours, strict=True):
        if mine and end.after is not None:
            end.after(unit)
    return ours
