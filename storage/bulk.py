"""Rows written many at a time over the driver itself, by a statement that SQLAlchemy compiles once for each database.

Its own bulk insert prepares every value of every row anew; on the settling path, which writes a dozen rows for each
notice, that costs as much as the database does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, Table, insert

from storage.columns import insert_ignore
from storage.unit import Unit

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bulk:
    """An INSERT of these columns; `ignore` passes over rows whose unique key is taken."""

    table: Table
    columns: tuple[str, ...]
    ignore: bool = False

    def __call__(self, unit: Unit, rows: Sequence[Row]) -> int:
        """Write the rows, each with all of the columns; answers how many were new, -1 where the driver cannot tell."""
        if not rows:
            return 0
        text, tuples = _compiled(self, unit.conn.dialect)
        return unit.conn.exec_driver_sql(text, tuples(rows)).rowcount


def names(table: Table, *, drawn: bool = False) -> tuple[str, ...]:
    """All columns of a table; its id only where that is drawn beforehand (storage/identities)."""
    return tuple(column.name for column in table.c if drawn or column.name != "id")


@lru_cache
def _compiled(bulk: Bulk, dialect: Dialect) -> tuple[str, Callable[[Sequence[Row]], list[tuple[Any, ...]]]]:
    statement = (insert_ignore if bulk.ignore else insert)(bulk.table)
    compiled = statement.compile(dialect=dialect, column_keys=list(bulk.columns))
    places = [str(name) for name in compiled.positiontup or ()]
    return str(compiled), _writer(bulk.table, places, dialect)


def _writer(table: Table, columns: list[str], dialect: Dialect) -> Callable[[Sequence[Row]], list[tuple[Any, ...]]]:
    """Turns rows into what the driver takes, column by column: most columns need no turning at all."""
    take = itemgetter(*columns)
    turned = [(place, write) for place, name in enumerate(columns) if (write := _processor(table, name, dialect))]

    def tuples(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        written = []
        for row in rows:
            values = list(take(row))
            for place, write in turned:
                values[place] = write(values[place])
            written.append(tuple(values))
        return written

    return tuples


def _processor(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
