"""SQLite as a store: one writer thread with group commit, readers on snapshots of the WAL beside it."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from sales.clock import Clock
from sales.errors import StoreBusy
from storage.bell import Bell
from storage.errors import Conflict
from storage.unit import Unit
from storage.writer import BEGIN, Writer

T = TypeVar("T")

_BUSY_MS = 5_000
_MIGRATION_MS = 60_000
_READERS = 4
_WRITING = (
    "PRAGMA synchronous=FULL",
    # Statement journals would otherwise be files: a changed row with RETURNING then costs five times as much.
    "PRAGMA temp_store=MEMORY",
    # 16 MB of log before it is copied into the file: after the default 4 MB, one commit in a dozen waits for that.
    "PRAGMA wal_autocheckpoint=4000",
)
_DOWN = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
_TAKEN = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}


class SqliteStore:
    """A Store on one file."""

    dialect = "sqlite"

    def __init__(self, path: Path, clock: Clock) -> None:
        self.bell = Bell()
        self._path = path
        self._clock = clock
        self._writer = Writer(_writing_engine(path, _BUSY_MS), clock, self.bell, _spoken)
        self._readers = _reading_engine(path)

    async def write(self, work: Callable[[Unit], T]) -> T:
        """Run `work` in the writer thread; see Store."""
        return await self._writer.run(work)

    async def read(self, work: Callable[[Unit], T], *, bounded: bool = True) -> T:
        """Run `work` on a snapshot; see Store."""
        try:
            async with self._readers.connect() as connection:
                return await connection.run_sync(lambda conn: work(Unit(conn, self._clock())))
        except (DBAPIError, PoolTimeout) as error:
            raise _spoken(error) from error.__cause__

    async def alter(self, work: Callable[[Connection], T]) -> T:
        """Run `work` apart, as the only writer; see Store."""
        return await asyncio.to_thread(_alter, self._path, work)

    async def close(self) -> None:
        """Finish what was taken and let go of the file."""
        await self._writer.close()
        await self._readers.dispose()


async def open_sqlite(path: Path, clock: Clock) -> SqliteStore:
    """Open `path`, made with its folder if it is not there; only its owner may read a file made here.

    Raises StoreBusy when it cannot be written, or is something else than a database.
    """
    await asyncio.to_thread(_prepare, path)
    return SqliteStore(path, clock)


def _prepare(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreBusy(f"sqlite: {path}: {error.strerror}") from error
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _switch_to_wal(connection)


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Set the journal mode, which stays with the file.

    SQLite does not wait its busy_timeout here when others do the same, so we knock again ourselves.
    """
    deadline = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.DatabaseError as error:
            if not _is_down(error) or time.monotonic() > deadline:
                raise _spoken(error) from error
            time.sleep(0.02)
        else:
            return


def _writing_engine(path: Path, busy_ms: int, foreign_keys: str = "ON") -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"isolation_level": None, "timeout": busy_ms / 1000},
        hide_parameters=True,
        pool_size=1,
        max_overflow=0,
    )
    _on_connect(engine, f"PRAGMA foreign_keys={foreign_keys}", *_WRITING)
    return engine


def _reading_engine(path: Path) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        connect_args={"isolation_level": None, "timeout": _BUSY_MS / 1000},
        hide_parameters=True,
        pool_size=_READERS,
        max_overflow=0,
        pool_timeout=_BUSY_MS / 1000,
    )
    _on_connect(engine.sync_engine, "PRAGMA query_only=ON")
    _begin_with(engine.sync_engine, "BEGIN")
    return engine


def _on_connect(engine: Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()


def _begin_with(engine: Engine, statement: str) -> None:
    """Begin in our own words: the driver's own way begins too late and upgrades a reader to a writer, which loses."""

    @event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


def _alter(path: Path, work: Callable[[Connection], T]) -> T:
    """Foreign keys cannot be switched inside a transaction, and a table that is rebuilt breaks them for a moment."""
    engine = _writing_engine(path, _MIGRATION_MS, foreign_keys="OFF")
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(BEGIN)
            result = work(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"rows that point at nothing after the change: {broken[:5]}")
    except DBAPIError as error:
        raise _spoken(error) from error.__cause__
    finally:
        engine.dispose()
    return result


def _is_down(error: BaseException | None) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DOWN


def _spoken(error: BaseException) -> BaseException:
    """Say in the store's words what the driver means; what is no matter of the store stays as it is."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, PoolTimeout) or _is_down(cause):
        return StoreBusy(f"sqlite: {getattr(cause, 'sqlite_errorname', 'no free reader')}")
    if getattr(cause, "sqlite_errorcode", None) in _TAKEN:
        return Conflict(str(cause))
    return error
