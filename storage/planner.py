"""What SQLite's query planner cannot know by itself: that one shop has nearly all rows of its file.

Without statistics SQLite takes any column for selective, and `shop_id = ? AND order_id IN (…)` for a walk through all
rows of the shop. ANALYZE would learn better only from a full database, and its plans would change as that grows. So
the statistics are written by hand, as SQLite's documentation describes (fileformat2, "The sqlite_stat1 Table").
"""

from sqlalchemy import Connection, text

from storage.schema import metadata

ROWS = 1_000_000
FEW = 10
COMMON = frozenset({"shop_id", "gateway", "source", "channel", "state", "currency", "told_by"})
"""Columns that most rows share one value of."""

_FORGET = text("DELETE FROM sqlite_stat1")
_TEACH = text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :stat)")
_INDEXES = text(
    "SELECT l.name AS name, l.\"unique\" AS one, group_concat(i.name, ',') AS columns"
    " FROM pragma_index_list(:table) AS l, pragma_index_info(l.name) AS i GROUP BY l.name ORDER BY l.name"
)


def teach_planner(connection: Connection) -> None:
    """Write statistics for every index, in the transaction that changes the schema: who sees that reads them too."""
    connection.exec_driver_sql("ANALYZE alembic_version")  # makes the table of statistics, which nobody else may
    connection.execute(_FORGET)
    rows = [row for table in metadata.sorted_tables for row in _statistics(connection, table.name)]
    connection.execute(_TEACH, rows)


def _statistics(connection: Connection, table: str) -> list[dict[str, str]]:
    indexes = connection.execute(_INDEXES, {"table": table})
    return [
        {"table": table, "index": each.name, "stat": _stat(each.columns.split(","), unique=bool(each.one))}
        for each in indexes
    ]


def _stat(columns: list[str], *, unique: bool) -> str:
    """How many rows there are, and how many share the first column, the first two, and so on."""
    shared = [
        ROWS if COMMON.issuperset(columns[:length]) else 1 if unique and length == len(columns) else FEW
        for length in range(1, len(columns) + 1)
    ]
    return " ".join(map(str, [ROWS, *shared]))
