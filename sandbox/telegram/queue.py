"""The bot's queue of updates: what getUpdates answers, waits for, confirms and drops."""

import asyncio
from collections.abc import Iterable

from telegram import Update

from sandbox.news import News
from sandbox.telegram.errors import ApiError

KEPT = 1000
LONGEST_POLL = 50
ANOTHER_POLL = "other getUpdates request; make sure that only one bot instance is running"
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
        self._rival = ""

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

    @property
    def allowed(self) -> list[str]:
        """The kinds that were chosen; none means the platform's default."""
        return sorted(self._allowed)

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
        mine = self._take_line(ANOTHER_POLL)
        loop = asyncio.get_running_loop()
        end = loop.time() + min(seconds, LONGEST_POLL)
        while not self._waiting and not self._news.closed and loop.time() < end:
            await self._news.within(self._news.version, end - loop.time())
            self._check_alone(mine)
        return list(self._waiting.values())[:limit]

    def interrupt(self) -> None:
        """End a waiting poll, because the bot has set a webhook."""
        self._take_line("setWebhook request")

    async def first(self) -> Update | None:
        """Wait for the oldest update that is not confirmed; None once closed."""
        while not self._waiting and not self._news.closed:
            await self._news.after(self._news.version)
        return None if self._news.closed else next(iter(self._waiting.values()))

    def take(self, update_id: int) -> None:
        """Confirm one update."""
        self._waiting.pop(update_id, None)

    def _take_line(self, rival: str) -> int:
        """End whichever poll waits; `rival` is told to it as the reason."""
        self._poller, self._rival = self._poller + 1, rival
        self._news.tell()
        return self._poller

    def _confirm(self, offset: int) -> None:
        stay = list(self._waiting)[offset:] if offset < 0 else [number for number in self._waiting if number >= offset]
        self._waiting = {number: self._waiting[number] for number in stay}

    def _check_alone(self, mine: int) -> None:
        if mine != self._poller:
            raise ApiError(409, f"Conflict: terminated by {self._rival}")
