"""Writes a copy of a shop into an empty database: all of it, checked, in the transaction of whoever calls."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, LargeBinary, Table, Text, func, insert, inspect, select, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from sales.errors import Misconfigured
from sales.ids import ShopId
from storage import money, work
from storage.backup import PAGE, Copy, Row, TableCopy, Value, standing_tables
from storage.migrations import revision
from storage.schema import metadata
from storage.schema.shop import shops
from storage.shops import leap_numbers
from storage.unit import Unit

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_LAST_ID = 2**53
"""No shop ever comes so far; after the largest number a column holds, there would be no next id."""
_VERSIONS = "alembic_version"


def restore(conn: Connection, copy: Copy, now: datetime, judge: Callable[[Unit], None]) -> dict[str, int]:
    """Fill an empty database with `copy` and bring it to the newest schema; answers table → rows.

    `judge` has the last word before the commit. Raises Misconfigured when the database holds rows already, or when
    the copy cannot be what it claims to be; the caller then undoes everything.
    """
    from storage.migrations.upgrade import upgrade  # noqa: PLC0415 - alembic is imported only when migrating

    if occupied(conn):
        raise Misconfigured("restore-not-empty")
    _clear(conn)
    upgrade(conn, copy.revision)
    counts, last_ids = _fill_all(conn, copy)
    _check_links(conn)
    upgrade(conn)
    _go_on_counting(conn, last_ids)
    unit = Unit(conn, now)
    work.take_over(unit)
    leap_numbers(unit)
    _check_books(unit)
    judge(unit)
    return counts


def occupied(conn: Connection) -> bool:
    """Whether a shop's table holds any row."""
    return any(conn.scalar(select(table.c.id).limit(1)) is not None for table in standing_tables(conn))


def known(stands: str) -> bool:
    """Whether this program knows the way from that revision to its own."""
    return stands in revision.all_known()


def _clear(conn: Connection) -> None:
    """Take away tables that nobody has written to: the copy may be older than they are."""
    if inspect(conn).has_table(_VERSIONS):
        metadata.drop_all(conn)
        conn.execute(text(f"DROP TABLE {_VERSIONS}"))


def _fill_all(conn: Connection, copy: Copy) -> tuple[dict[str, int], dict[str, int]]:
    """Answers table → rows, and table → the last id it has given out."""
    tables = {table.name: table for table in standing_tables(conn)}
    counts: dict[str, int] = {}
    last_ids: dict[str, int] = {}
    for part in copy.tables:
        table = tables.pop(part.name, None)
        if table is None or set(table.c.keys()) != set(part.columns):
            raise _broken(part.name)
        counts[part.name] = _fill(conn, table, part)
        last_ids[part.name] = part.last_id
    if tables:
        raise _broken(min(tables))
    return counts, last_ids


def _fill(conn: Connection, table: Table, part: TableCopy) -> int:
    count = 0
    while page := list(islice(part.rows, PAGE)):
        _put(conn, table, part.columns, page)
        count += len(page)
    if conn.scalar(select(func.count()).select_from(table)) != count:
        raise _broken(part.name)
    return count


def _put(conn: Connection, table: Table, columns: tuple[str, ...], page: Sequence[Row]) -> None:
    for row in page:
        if len(row) != len(columns) or not all(map(_fits, (table.c[name].type for name in columns), row)):
            raise _broken(table.name)
    try:
        conn.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in page])
    except (IntegrityError, DataError) as error:
        raise _broken(table.name) from error
    except DBAPIError as error:
        # asyncpg refuses a number too long for its column in a class of its own.
        if type(error) is DBAPIError:
            raise _broken(table.name) from error
        raise


def _fits(kind: object, value: Value) -> bool:
    """Whether a value is of its column's kind and both databases take it: PostgreSQL's text has no NUL."""
    match value:
        case None:
            return True
        case bytes():
            return isinstance(kind, LargeBinary)
        case str():
            return isinstance(kind, Text) and "\0" not in value and _is_unicode(value)
    return not isinstance(value, bool) and not isinstance(kind, Text | LargeBinary) and _SMALLEST <= value <= _LARGEST


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_links(conn: Connection) -> None:
    """PostgreSQL has checked each row as it came; SQLite is asked afterwards."""
    if conn.dialect.name == "sqlite":
        broken = conn.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise _broken(str(broken[0]))


def _go_on_counting(conn: Connection, last_ids: dict[str, int]) -> None:
    """Let new ids begin after the last that was ever given out, rows deleted since then included."""
    for table in standing_tables(conn):
        largest = int(conn.scalar(select(func.max(table.c.id))) or 0)
        last = max(largest, last_ids.get(table.name, 0))
        if last > _LAST_ID:
            raise _broken(table.name)
        for statement in _COUNT_ON[conn.dialect.name] if last else ():
            conn.execute(statement, {"name": table.name, "last": last})


_COUNT_ON = {
    "sqlite": (
        text("DELETE FROM sqlite_sequence WHERE name = :name"),
        text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"),
    ),
    "postgresql": (text("SELECT setval(CAST(pg_get_serial_sequence(:name, 'id') AS regclass), :last)"),),
}


def _check_books(unit: Unit) -> None:
    for shop in _shops(unit):
        sums = money.totals(unit, shop)
        if money.unbalanced(unit, shop) or any(sum(accounts.values()) for accounts in sums.values()):
            raise Misconfigured("restore-unbalanced")


def _shops(unit: Unit) -> Iterator[ShopId]:
    yield from map(ShopId, unit.conn.scalars(select(shops.c.id)).all())


def _broken(part: str) -> Misconfigured:
    return Misconfigured("restore-broken", part=part)
