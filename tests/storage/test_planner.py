"""On SQLite no statement of the settling path walks through all rows of the shop."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.sql.base import Executable

from storage import buyers, catalogue, money, orders, pairing
from storage.planner import ROWS, teach_planner

SETTLING = {
    f"{room.__name__}.{name}": statement
    for room in (money, orders, pairing, buyers, catalogue)
    for name, statement in vars(room).items()
    if name.isupper() and isinstance(statement, Executable)
}
WALKS = ("SCAN", "(shop_id=?)", "(ANY(")


@pytest.fixture
def connection(sqlite_url: str) -> Iterator[Connection]:
    with create_engine(sqlite_url).connect() as opened:
        yield opened


def plan(connection: Connection, statement: Executable) -> list[str]:
    options = {"render_postcompile": True}
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs=options)  # type: ignore[attr-defined]
    values = tuple("[]" for _ in compiled.positiontup or ())
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)
    return [row.detail for row in rows if "json_each" not in row.detail]


@pytest.mark.parametrize(
    "name", [name for name in SETTLING if not name.endswith(("_PEER",)) and "_ADD" not in name and "_KEEP" not in name]
)
def test_the_settling_path_searches_by_what_it_knows(connection: Connection, name: str) -> None:
    steps = plan(connection, SETTLING[name])
    assert steps
    assert not [step for step in steps if any(walk in step for walk in WALKS)]


def test_without_statistics_it_would_walk(connection: Connection) -> None:
    connection.exec_driver_sql("DROP TABLE IF EXISTS sqlite_stat1")
    connection.commit()
    with connection.engine.connect() as fresh:
        walking = [name for name in SETTLING if any("(shop_id=?)" in step for step in plan(fresh, SETTLING[name]))]
    assert walking


def test_every_index_is_taught_and_teaching_twice_changes_nothing(connection: Connection) -> None:
    taught = text("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx")
    before = connection.execute(taught).all()
    teach_planner(connection)
    assert connection.execute(taught).all() == before
    stats = {row.idx: row.stat for row in before}
    assert stats["ix_attempts_order"] == f"{ROWS} 10"
    assert stats["ix_attempts_account"] == f"{ROWS} {ROWS} 10"


def test_the_statements_are_really_found() -> None:
    assert {"storage.money._KNOWN", "storage.orders._CLOSE", "storage.pairing._LONE"} <= set(SETTLING)
