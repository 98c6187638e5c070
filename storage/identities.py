"""Ids drawn before the rows that get them are written, so that rows pointing at each other go out in bulk."""

from collections.abc import Mapping

from sqlalchemy import Table, text

from storage.unit import Unit

_LAST = text("SELECT name, seq FROM sqlite_sequence")
_NEXT = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")


def draw_ids(unit: Unit, counts: Mapping[Table, int]) -> dict[Table, list[int]]:
    """Draw that many ids of each table that nobody else will get, rising.

    The Unit must use them before it draws again from the same table: on SQLite, where nobody else writes meanwhile,
    AUTOINCREMENT counts on from the largest id ever written.
    """
    if unit.conn.dialect.name == "sqlite":
        last = {name: seq for name, seq in unit.conn.execute(_LAST)}
        starts = {table: last.get(table.name, 0) + 1 for table in counts}
        return {table: list(range(starts[table], starts[table] + count)) for table, count in counts.items()}
    return {table: _next(unit, table, count) for table, count in counts.items()}


def _next(unit: Unit, table: Table, count: int) -> list[int]:
    return sorted(unit.conn.execute(_NEXT, {"name": table.name, "count": count}).scalars())
