"""The bot's queue of updates: what getUpdates answers, waits for, confirms and drops."""

import asyncio
from collections.abc import Iterable

from telegram import Update

from sandbox.news import News
from sandbox.telegram.errors import ApiError

KEPT = 1000
LONGEST_POLL = 50
OUTSIDE_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that come only when asked for by name (Bot API, getUpdates)."""


class UpdateQueue:
    """Updates in order, kept until a poll with a higher offset confirms them; one poller at a time."""

    def __init__(self, first_id: int) -> None:
        self.next_id = first_id
        self._waiting: dict[int, Update] = {}
        self._allowed: frozenset[str] = frozenset()
        self._news = News()
        self._poller = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, kind: str, update: Update) -> None:
        """Add an update numbered `next_id`, unless the bot has said that it does not want this kind."""
        self.next_id = update.update_id + 1
        if kind not in self._allowed if self._allowed else kind in OUTSIDE_DEFAULT:
            return
        self._waiting[update.update_id] = update
        while len(self._waiting) > KEPT:
            del self._waiting[next(iter(self._waiting))]
        self._news.tell()

    def allow(self, kinds: Iterable[str]) -> None:
        """Choose the kinds of updates put from now on; none means the platform's default."""
        self._allowed = frozenset(kinds)

    def drop(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()

    def close(self) -> None:
        """Let a waiting poll end."""
        self._news.close()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """Confirm all before `offset`, then answer up to `limit` updates, waiting for the first at most `seconds`.

        A negative offset keeps only that many of the latest.
        Raises 409 when another poll begins meanwhile, 502 once closed.
        """
        if self._news.closed:
            # An empty answer would send a bot that still polls round and round without a pause.
            raise ApiError(502, "Bad Gateway")
        self._confirm(offset)
        self._poller = mine = self._poller + 1
        self._news.tell()
        loop = asyncio.get_running_loop()
        end = loop.time() + min(seconds, LONGEST_POLL)
        while not self._waiting and not self._news.closed and loop.time() < end:
            await self._news.within(self._news.version, end - loop.time())
            self._check_alone(mine)
        return list(self._waiting.values())[:limit]

    def _confirm(self, offset: int) -> None:
        stay = list(self._waiting)[offset:] if offset < 0 else [number for number in self._waiting if number >= offset]
        self._waiting = {number: self._waiting[number] for number in stay}

    def _check_alone(self, mine: int) -> None:
        if mine != self._poller:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
