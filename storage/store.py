"""The store: where flows hand in their units of work, whichever database keeps them."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from sales.clock import Clock
from sales.errors import Misconfigured
from storage.bell import Bell
from storage.unit import Unit

T = TypeVar("T")

LAST_PORT = 65_535


class Store(Protocol):
    """One database, SQLite or PostgreSQL; the same units run on both.

    Every write is as if it ran alone: nothing it has read changes before its commit. For this a unit may be
    run more than once, so it must be repeatable from its start and touch nothing but its Unit. `dialect` is
    "sqlite" or "postgresql"; `bell` rings after each commit of a unit that asked for it.

    Raises StoreBusy when the database is locked, down or too contended (nothing was kept, unless the connection
    broke during the very commit: then nobody can know, and the repetition must change nothing), Conflict when a
    unique key is taken, and whatever the work itself raises.
    """

    dialect: str
    bell: Bell

    async def write(self, work: Callable[[Unit], T]) -> T:
        """Run `work` in a transaction and answer what it answered after the commit is safe on the disk."""
        ...

    async def read(self, work: Callable[[Unit], T], *, bounded: bool = True) -> T:
        """Run `work` on one snapshot of what is committed; it cannot write.

        Only with `bounded` False may it take as long as it needs, as a backup does.
        """
        ...

    async def alter(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction for changing the schema, while no other process does the same."""
        ...

    async def close(self) -> None:
        """Finish what was taken, then let go of the database; may be called twice."""
        ...


async def open_store(url: str, clock: Clock) -> Store:
    """Open the database behind a `sqlite:///path` or `postgresql://…` URL (libpq's forms, sockets included).

    Raises Misconfigured for any other URL, and for SQLite in memory: its reader would not see what its writer wrote.
    Raises StoreBusy when a SQLite file cannot be opened; the PostgreSQL server need not be up yet.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        from storage.sqlite import open_sqlite  # noqa: PLC0415 - only the driver in use is imported

        return await open_sqlite(Path(str(parsed.database)), clock)
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        from storage.postgres import PostgresStore  # noqa: PLC0415 - only the driver in use is imported

        return PostgresStore(f"postgresql://{url.partition('://')[2]}", clock)
    raise Misconfigured("database-url-malformed")


async def migrate(store: Store) -> None:
    """Bring the schema to the newest revision, all of it or nothing; several processes may do so at once."""
    if not await at_head(store):
        from storage.migrations.upgrade import upgrade  # noqa: PLC0415 - alembic weighs 8 MB, seldom needed

        await store.alter(upgrade)


async def at_head(store: Store) -> bool:
    """Answer whether the schema is at the newest revision."""
    from storage.migrations.revision import is_newest  # noqa: PLC0415

    return await store.read(lambda unit: is_newest(unit.conn))


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The cause quotes what it could not read, perhaps a password.
        raise Misconfigured("database-url-malformed") from None
    if parsed.port is not None and not 0 < parsed.port <= LAST_PORT:
        raise Misconfigured("database-url-malformed")
    return parsed
