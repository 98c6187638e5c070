"""Where the model plays: a shop in an empty database, on one event loop, for one run after the other."""

import asyncio
import shutil
from collections.abc import Coroutine
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import text

from storage.schema import metadata
from storage.store import Store, open_store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.many_prices import sell_in_all
from tests.flows.shop import FILE, Shop, open_shop

T = TypeVar("T")

TOLERANCE = 500
"""Đồng too few that still pay an order."""


class Ground(Protocol):
    """A database that can be had empty again."""

    url: str

    async def clear(self) -> None: ...


class SqliteGround:
    """A new copy of a migrated file for each run."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._template, self._folder = template, folder
        self._numbers = count()
        self.url = ""

    async def clear(self) -> None:
        for old in self._folder.glob("run-*"):
            old.unlink()
        path = shutil.copy(self._template, self._folder / f"run-{next(self._numbers)}.db")
        self.url = f"sqlite:///{path}"


class PostgresGround:
    """One database, emptied before each run: making a new one costs more than most runs."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def clear(self) -> None:
        store = await open_store(self.url, FrozenClock())
        await store.write(_empty)
        await store.close()


def _empty(unit: Unit) -> None:
    names = ", ".join(table.name for table in metadata.sorted_tables)
    unit.conn.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


class Hall:
    """Opens shops for runs, and closes the one before."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._runner = asyncio.Runner()
        self._store: Store | None = None
        self.clock = FrozenClock()

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(act)

    def found(self) -> Shop:
        """A new shop in an empty database."""
        return self.run(self._found())

    def restart(self, shop: Shop) -> None:
        """Close the store and open it again on the same database: nothing but what is committed is left."""
        self.run(self._restart(shop))

    def close(self) -> None:
        if self._store is not None:
            self.run(self._store.close())
        self._runner.close()

    async def _found(self) -> Shop:
        if self._store is not None:
            await self._store.close()
        await self._ground.clear()
        self.clock.now = FrozenClock().now
        self._store = await open_store(self._ground.url, self.clock)
        shop = await open_shop(self._store, replace(FILE, tolerance=TOLERANCE, most_open=9), key="A" * 43)
        sell_in_all(shop)
        return shop

    async def _restart(self, shop: Shop) -> None:
        assert self._store is not None
        await self._store.close()
        self._store = shop.store = await open_store(self._ground.url, self.clock)
