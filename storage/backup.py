"""The shop's rows as plain values, read in one snapshot: what a backup is made of.

Both databases keep the same plain values (whole numbers, text, bytes; see storage/columns.py), so what was read on
one may be written on the other. Tables are read as they stand in the database and not as this program would make
them, so that a schema which is not migrated yet can be kept before it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, Table, bindparam, inspect, select, text

from sales.errors import Misconfigured
from storage.migrations import revision
from storage.schema import metadata
from storage.schema.shop import shops
from storage.unit import Unit

PAGE = 500
"""Rows that are held in memory at once."""

Value = int | str | bytes | None
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class TableCopy:
    """One table: `rows` comes once, by id, each in the order of `columns`; `last_id` is the last id given out."""

    name: str
    columns: tuple[str, ...]
    last_id: int
    rows: Iterator[Row]


@dataclass(frozen=True, slots=True)
class Copy:
    """All of the shop's tables, parents before children; `revision` is the schema they stand in."""

    revision: str
    shops: tuple[str, ...]
    tables: Iterator[TableCopy]


def copy_all(unit: Unit) -> Copy:
    """Read everything, table by table as `tables` is walked through, which must happen inside the Unit.

    Raises Misconfigured when there is nothing yet, or when a newer program has made the tables.
    """
    conn = unit.conn
    stands = revision.current(conn)
    if stands is None:
        raise Misconfigured("database-not-migrated")
    if stands > revision.newest():
        raise Misconfigured("database-newer", revision=stands)
    slugs = tuple(conn.scalars(select(shops.c.slug).order_by(shops.c.id)))
    return Copy(stands, slugs, (_copy(conn, table) for table in standing_tables(conn)))


def standing_tables(conn: Connection) -> list[Table]:
    """The shop's tables as the database describes them, parents before children; others' tables are left alone."""
    found = MetaData()
    found.reflect(conn, only=sorted(metadata.tables.keys() & inspect(conn).get_table_names()))
    return found.sorted_tables


def _copy(conn: Connection, table: Table) -> TableCopy:
    return TableCopy(table.name, tuple(table.c.keys()), _last_id(conn, table.name), _rows(conn, table))


def _rows(conn: Connection, table: Table) -> Iterator[Row]:
    page = select(table).where(table.c.id > bindparam("last")).order_by(table.c.id).limit(PAGE)
    last = -1
    while found := conn.execute(page, {"last": last}).all():
        yield from (tuple(row) for row in found)
        last = found[-1].id


_LAST_ID = {
    "sqlite": text("SELECT seq FROM sqlite_sequence WHERE name = :name"),
    "postgresql": text("SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(:name, 'id') AS regclass))"),
}


def _last_id(conn: Connection, name: str) -> int:
    """Ids name messages to the outside, so those of deleted rows must not come again either."""
    return int(conn.scalar(_LAST_ID[conn.dialect.name], {"name": name}) or 0)
