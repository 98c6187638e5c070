"""What many callers want is done together: what arrives while a commit is under way shares the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from sales.errors import StoreBusy

MOST_AT_ONCE = 128

TURNS = 3
"""Turns of the loop from a socket that has something to read until what it wants stands here."""

Wanted = TypeVar("Wanted")
Answer = TypeVar("Answer")


class Together(Generic[Wanted, Answer]):
    """Answers any number of callers at once, each as if it were alone.

    `all_of` does a list in one Unit and answers in its order; `alone` does a single one when its list has failed, so
    that one bad thing harms no other.
    """

    def __init__(
        self,
        all_of: Callable[[Sequence[Wanted]], Awaitable[Sequence[Answer]]],
        alone: Callable[[Wanted], Awaitable[Answer]],
    ) -> None:
        self._all_of = all_of
        self._alone = alone
        self._waiting: list[tuple[Wanted, asyncio.Future[Answer]]] = []
        self._drain: asyncio.Task[None] | None = None

    async def do(self, wanted: Wanted) -> Answer:
        """Answer when it is committed; raises StoreBusy when nothing was kept, or what `alone` raises.

        It is done even when its caller is cancelled meanwhile.
        """
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((wanted, done))
        if self._drain is None or self._drain.done():
            self._drain = asyncio.create_task(self._do_waiting())
        # The drain is a task of its own: a caller who hangs up does not take the others' commit with it.
        return await done

    async def _do_waiting(self) -> None:
        while self._waiting:
            await self._gather()
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            await self._do_batch(batch)

    async def _gather(self) -> None:
        """Let what is on its way through the loop arrive: a commit costs about the same for one as for many."""
        seen = 0
        while seen < len(self._waiting) < MOST_AT_ONCE:
            seen = len(self._waiting)
            for _ in range(TURNS):
                await asyncio.sleep(0)

    async def _do_batch(self, batch: Sequence[tuple[Wanted, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._all_of([wanted for wanted, _ in batch])
        except StoreBusy as busy:
            # One by one they would wait for the same lock, and their callers with them.
            for _, done in batch:
                _refuse(done, busy)
        except Exception:
            for wanted, done in batch:
                await self._do_alone(wanted, done)
        else:
            for (_, done), answer in zip(batch, answers, strict=True):
                _answer(done, answer)

    async def _do_alone(self, wanted: Wanted, done: asyncio.Future[Answer]) -> None:
        try:
            _answer(done, await self._alone(wanted))
        except Exception as error:
            _refuse(done, error)


def _answer(done: asyncio.Future[Answer], answer: Answer) -> None:
    if not done.done():
        done.set_result(answer)


def _refuse(done: asyncio.Future[Answer], error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
