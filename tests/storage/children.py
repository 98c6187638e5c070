"""Processes for tests to start and kill: `python -m tests.storage.children COMMAND PATH`."""

import asyncio
import itertools
import sqlite3
import sys
from pathlib import Path

from sqlalchemy import create_engine

from sales.clock import utc_now
from storage.sqlite import open_sqlite
from storage.store import migrate, open_store
from tests.storage.tables import metadata, names, set_counter


async def acknowledge(path: str) -> None:
    """Write for ever from 16 tasks, and say each name only after its commit."""
    store = await open_sqlite(Path(path), utc_now)
    numbers = itertools.count()

    async def writer() -> None:
        for number in numbers:
            await store.write(set_counter(f"{number:06d}", number))
            print(f"{number:06d}", flush=True)

    await asyncio.gather(*(writer() for _ in range(16)))


async def close_and_exit(path: str) -> None:
    """Write, read, close; nothing may keep the process."""
    store = await open_sqlite(Path(path), utc_now)
    await store.write(set_counter("closed", 1))
    await store.read(names)
    await store.close()


async def crash_without_closing(path: str) -> None:
    """Leave everything open and fall."""
    store = await open_sqlite(Path(path), utc_now)
    await store.write(set_counter("crashed", 1))
    await store.read(names)
    raise SystemExit(3)


async def hold_the_lock(path: str) -> None:
    """Keep the write lock until the standard input is closed."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    print("locked", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    connection.close()


async def upgrade(url: str) -> None:
    """Bring a database to the newest revision."""
    store = await open_store(url, utc_now)
    await migrate(store)
    await store.close()


async def make(path: str) -> None:
    """Make the tables of the tests."""
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()


if __name__ == "__main__":
    asyncio.run(globals()[sys.argv[1]](sys.argv[2]))
