"""PostgreSQL as a store: many processes, every unit serializable, tried again when two of them collide."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import TypeVar
from uuid import uuid4

import asyncpg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from sales.clock import Clock
from sales.errors import Misconfigured, StoreBusy
from storage.bell import Bell
from storage.errors import Conflict
from storage.listener import CHANNEL, Listener, application
from storage.unit import Unit

T = TypeVar("T")

_CONNECT_SECONDS = 5
_UNIT_SECONDS = 30
_POOL = 5
_SERVER_SETTINGS = {
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
}
_RETRIES = 12
_COLLIDED = {"40001", "40P01"}  # serialization failure, deadlock
_LOCK_TIMEOUT = "55P03"
_TAKEN = "23505"
_DOWN_CLASSES = {"08", "28", "53", "57", "58"}  # connection, login, resources, operator (also timeouts), system
_NO_DATABASE = "3D000"
_MIGRATION_LOCK = 0x63686F74646F6E  # "chotdon"

_jitter = Random()  # noqa: S311 - it spreads retries, it hides nothing


class _Collision(Exception):
    """Two units wanted the same rows; this one was undone and may run again."""


class PostgresStore:
    """A Store on a PostgreSQL database; `dsn` is a libpq URL."""

    dialect = "postgresql"

    def __init__(self, dsn: str, clock: Clock) -> None:
        self.bell = Bell()
        self._clock = clock
        self._name = uuid4().hex
        self._turn = asyncio.Lock()
        self._engine = _engine(dsn, application(self._name))
        self._serializable = self._engine.execution_options(isolation_level="SERIALIZABLE")
        self._snapshot = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._listener = Listener(dsn, self._name, self.bell)

    async def write(self, work: Callable[[Unit], T]) -> T:
        """Run `work`, again if it collided with another; see Store."""

        def run(connection: Connection) -> tuple[T, bool]:
            unit = Unit(connection, self._clock())
            result = work(unit)
            if unit.ring:
                connection.execute(_NOTIFY, {"channel": CHANNEL, "name": self._name})
            return result, unit.ring

        async with _speaking():
            result, ring = await _repeated(self._serializable, self._turn, run)
        if ring:
            self.bell.ring()
        return result

    async def read(self, work: Callable[[Unit], T], *, bounded: bool = True) -> T:
        """Run `work` on a snapshot; see Store."""
        async with _speaking(bounded=bounded), self._snapshot.connect() as connection:
            return await connection.run_sync(lambda conn: work(Unit(conn, self._clock())))

    async def alter(self, work: Callable[[Connection], T]) -> T:
        """Run `work` apart, one process at a time; see Store."""

        def run(connection: Connection) -> T:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            return work(connection)

        async with _speaking(bounded=False), self._engine.begin() as connection:
            return await connection.run_sync(run)

    async def close(self) -> None:
        """Hang up."""
        await self._listener.close()
        await self._engine.dispose()


_NOTIFY = text("SELECT pg_notify(:channel, :name)")


def _engine(dsn: str, name: str) -> AsyncEngine:
    """`name` tells at the server which process a connection belongs to (see storage/reseal.py)."""
    settings = _SERVER_SETTINGS | {"application_name": name}

    async def connect() -> "asyncpg.Connection":
        # asyncpg reads the URL itself: it knows all of libpq's forms (sockets, several hosts, sslmode).
        try:
            return await asyncpg.connect(dsn, timeout=_CONNECT_SECONDS, server_settings=settings)
        except ValueError:  # its words may quote the address
            raise Misconfigured("database-url-unusable") from None

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        hide_parameters=True,
        pool_size=_POOL,
        max_overflow=0,
        pool_timeout=_CONNECT_SECONDS,
        pool_pre_ping=True,  # a server that was restarted costs one question, not one sale
    )


async def _repeated(engine: AsyncEngine, turn: asyncio.Lock, run: Callable[[Connection], T]) -> T:
    """Run once beside the others, and after a collision take turns with those who collided too.

    Without turns 200 units that want the same row keep undoing each other.
    """
    with suppress(_Collision):
        return await _once(engine, run)
    async with turn:
        for attempt in range(_RETRIES):
            with suppress(_Collision):
                return await _once(engine, run)
            await asyncio.sleep(_jitter.uniform(0, 0.005 * 2 ** min(attempt, 6)))
        return await _once(engine, run)


async def _once(engine: AsyncEngine, run: Callable[[Connection], T]) -> T:
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(run)
    except DBAPIError as error:
        if _sqlstate(error) in _COLLIDED:
            raise _Collision from error
        raise


@asynccontextmanager
async def _speaking(*, bounded: bool = True) -> AsyncIterator[None]:
    """Bound the time of a unit, and say in the store's words what the driver means.

    OSError and its child TimeoutError are the network's: a unit does no input or output of its own.
    """
    try:
        async with asyncio.timeout(_UNIT_SECONDS if bounded else None):
            yield
    except (OSError, PoolTimeout, _Collision) as error:
        raise StoreBusy(f"postgresql: {type(error).__name__}") from error
    except DBAPIError as error:
        _hide_values(error)
        state = _sqlstate(error)
        if _is_lost(error) or state[:2] in _DOWN_CLASSES or state in (_LOCK_TIMEOUT, _NO_DATABASE):
            raise StoreBusy(f"postgresql: {state or 'connection lost'}") from error
        if state == _TAKEN:
            raise Conflict(str(error.orig)) from error
        raise


def _is_lost(error: DBAPIError) -> bool:
    """Whether the connection is gone: what asyncpg itself says of it has no code, and SQLAlchemy may not notice."""
    return error.connection_invalidated or (isinstance(error, InterfaceError) and not _sqlstate(error))


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _hide_values(error: DBAPIError) -> None:
    """Drop the DETAIL, in which the server quotes whole rows, before anybody logs the trace."""
    cause = error.orig and error.orig.__cause__
    if isinstance(cause, asyncpg.PostgresError):
        cause.detail = None
