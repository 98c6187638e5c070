"""The bookkeeper: checks each hour that every đồng is where the books say, and raises the alarm when one is not."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from flows.check_books import Finding, alarm_of_books, check_books
from flows.premises import Premises
from sales.errors import StoreBusy
from storage.store import Store
from storage.unit import Unit

EVERY = timedelta(hours=1)

AGAIN = 60.0
"""Seconds until it tries again while the database is busy."""

BOOKS: Mapping[str, str] = {"chotdon_books_findings": "Rules of conservation that the books break; 0 is well"}
"""The gauge and its meaning."""

log = structlog.get_logger(__name__)


class Bookkeeper:
    """Checks the books of one shop; what was found is good for an hour, whoever asks."""

    def __init__(self, store: Store, premises: Premises) -> None:
        self._store = store
        self._premises = premises
        self._checked_at: datetime | None = None
        self._found: list[Finding] = []
        self._turn = asyncio.Lock()

    async def check(self) -> list[Finding]:
        """Check on a snapshot and tell the admins of what was found; raises StoreBusy."""
        found, self._checked_at = await self._store.read(self._read, bounded=False)
        self._found = found
        if found:
            log.error("books.wrong", findings={each.kind: each.about for each in found})
            await self._store.write(lambda unit: alarm_of_books(unit, self._premises, found))
        return found

    async def watch(self) -> None:
        """Check each hour, for as long as the house is open."""
        while True:
            try:
                await self.check()
            except StoreBusy as busy:
                log.warning("books.store_busy", reason=str(busy))
                await asyncio.sleep(AGAIN)
            else:
                await asyncio.sleep(EVERY.total_seconds())

    async def gauges(self) -> Mapping[str, float]:
        """The gauge; a process without a worker checks for it, at most once an hour."""
        async with self._turn:
            now = await self._store.read(lambda unit: unit.now)
            if self._checked_at is None or now >= self._checked_at + 2 * EVERY:
                await self.check()
        return {"chotdon_books_findings": len(self._found)}

    def _read(self, unit: Unit) -> tuple[list[Finding], datetime]:
        return check_books(unit, self._premises), unit.now
