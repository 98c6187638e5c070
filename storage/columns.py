"""The column types both databases agree on, and the way every table is made.

SQLite tables are STRICT, which knows only INTEGER, REAL, TEXT, BLOB and ANY; each type here has a form of
its own there, so that a wrong value is refused on both sides instead of being kept as something else.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, Identity, Integer, LargeBinary, MetaData, Table, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.sql.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigInt = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number of 64 bits; every id and every amount of minor units."""

Blob = LargeBinary
"""Bytes."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, kept as whole milliseconds since 1970 and read back in UTC."""

    impl = BigInteger().with_variant(Integer(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """Refuse a naive time: nobody could say which moment it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        return (value - _EPOCH) // _MILLISECOND

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        """Read whole milliseconds as UTC."""
        return None if value is None else _EPOCH + value * _MILLISECOND


class Json(TypeDecorator[Any]):
    """What JSON can say (dicts, lists, strings, numbers), kept as compact text on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        """Write compact text; NaN is no JSON and is refused."""
        if value is None:
            return None
        return _write(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        """Read the text back."""
        return None if value is None else json.loads(value)


class Flag(TypeDecorator[bool]):
    """Yes or no, kept as 1 or 0: SQLite has no boolean in STRICT tables."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, _dialect: Dialect) -> int | None:
        """Write 1 or 0."""
        return None if value is None else int(bool(value))

    def process_result_value(self, value: int | None, _dialect: Dialect) -> bool | None:
        """Read 1 or 0."""
        return None if value is None else bool(value)


def identity(name: str = "id") -> Column[int]:
    """Make a primary key that the database counts up and never gives out twice."""
    return Column(name, BigInt, Identity(), primary_key=True)


def table(name: str, *columns: SchemaItem, within: MetaData = metadata, **options: Any) -> Table:
    """Make a table that is STRICT on SQLite.

    AUTOINCREMENT keeps SQLite from handing the id of a deleted row to a new one: ids name messages to the outside.
    """
    counted = any(isinstance(column, Column) and column.identity is not None for column in columns)
    return Table(name, within, *columns, sqlite_strict=True, sqlite_autoincrement=counted, **options)


def insert_ignore(into: Table) -> Insert:
    """INSERT … ON CONFLICT DO NOTHING for both databases; add `.values()` and, if wanted, `.returning()`.

    PostgreSQL's construct is compiled by SQLite's compiler as well (not the other way round). A row that was
    already there is not returned. Only uniqueness is forgiven: a broken CHECK or NOT NULL still raises.
    """
    return postgresql_insert(into).on_conflict_do_nothing()
