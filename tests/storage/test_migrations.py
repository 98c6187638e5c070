"""The way to the newest schema is the same on both databases, whole or not at all, and ends where the tables say."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Text, inspect, text

from storage.columns import identity, table
from storage.migrations.revision import SCRIPTS, newest
from storage.migrations.upgrade import upgrade
from storage.schema import metadata
from storage.store import Store, at_head, migrate, open_store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.storage.processes import ROOT, run


def differences(connection: Connection, wanted: MetaData) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), wanted))


def tables(unit: Unit) -> set[str]:
    return set(inspect(unit.conn).get_table_names())


async def test_an_empty_database_is_brought_to_the_newest_revision(empty: Store) -> None:
    assert await at_head(empty) is False
    await migrate(empty)
    assert await at_head(empty) is True
    assert await empty.read(tables) == {*metadata.tables, "alembic_version"}


async def test_migrating_again_changes_nothing(empty: Store) -> None:
    await migrate(empty)
    await empty.write(lambda unit: unit.conn.execute(text("DROP INDEX ix_events_order")) and None)
    await migrate(empty)
    indexes = await empty.read(lambda unit: [index["name"] for index in inspect(unit.conn).get_indexes("events")])
    assert indexes == []


async def test_each_step_is_short_of_the_newest_until_the_last(empty: Store) -> None:
    for step in sorted(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py")):
        assert await at_head(empty) is False
        await empty.alter(lambda connection, step=step: upgrade(connection, step))  # type: ignore[misc]
    assert await at_head(empty) is True


async def test_the_schema_has_not_drifted_from_the_tables(store: Store) -> None:
    assert await store.read(lambda unit: differences(unit.conn, metadata)) == []


async def test_a_drift_would_be_seen(store: Store) -> None:
    wanted = MetaData()
    for known in metadata.sorted_tables:
        known.to_metadata(wanted)
    table("forgotten", identity(), within=wanted)
    wanted.tables["orders"].append_column(Column("note", Text))
    found = await store.read(lambda unit: differences(unit.conn, wanted))
    assert [change[0] for change in found] == ["add_table", "add_column"]


async def test_what_alembic_does_not_compare_is_the_same_too(store: Store, empty: Store) -> None:
    """Checks, the conditions of partial indexes, STRICT and AUTOINCREMENT: as the tables make them."""
    if store.dialect != empty.dialect:
        return
    await empty.alter(metadata.create_all)
    drawn, migrated = await empty.read(details), await store.read(details)
    migrated.pop("alembic_version")
    assert migrated == drawn
    assert sum(len(parts) for parts in drawn.values()) > 100


def details(unit: Unit) -> dict[str, set[str]]:
    inspector = inspect(unit.conn)
    found: dict[str, set[str]] = {}
    for name in inspector.get_table_names():
        checks = {f"{check['name']}: {check['sqltext']}" for check in inspector.get_check_constraints(name)}
        found[name] = checks | _indexes(unit.conn, name) | _columns(unit.conn, name)
    return found


def _indexes(connection: Connection, name: str) -> set[str]:
    if connection.dialect.name == "sqlite":
        rows = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :t"), {"t": name}
        )
    else:
        rows = connection.execute(text("SELECT indexdef FROM pg_indexes WHERE tablename = :t"), {"t": name})
    return {" ".join(row[0].split()) for row in rows if row[0]}


def _columns(connection: Connection, name: str) -> set[str]:
    if connection.dialect.name == "sqlite":
        made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :t"), {"t": name}) or ""
        # A table that was built anew is quoted; one that was made at once is not.
        return {line.strip().rstrip(",").replace('"', "") for line in made.splitlines() if "CONSTRAINT" not in line}
    query = (
        "SELECT column_name, data_type, is_nullable, is_identity FROM information_schema.columns WHERE table_name = :t"
    )
    return {str(tuple(row)) for row in connection.execute(text(query), {"t": name})}


async def test_every_table_is_strict(sqlite_url: str, clock: FrozenClock) -> None:
    store = await open_store(sqlite_url, clock)
    query = "SELECT name FROM pragma_table_list WHERE NOT strict AND name NOT LIKE 'sqlite%'"
    loose = await store.read(lambda unit: list(unit.conn.scalars(text(query))))
    await store.close()
    assert loose == ["alembic_version"]


def scripts_with_a_fault(folder: Path) -> Path:
    """Copy the steps and add one that makes a table and then fails."""
    copy = folder / "migrations"
    shutil.copytree(SCRIPTS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / "9999_fault.py").write_text(
        dedent(
            f"""
            from alembic import op
            revision = "9999"
            down_revision = "{newest()}"

            def upgrade():
                op.execute("CREATE TABLE half_way (id INTEGER)")
                op.execute("INSERT INTO nowhere VALUES (1)")
            """
        )
    )
    return copy


async def test_a_failing_upgrade_of_an_empty_database_leaves_it_empty(
    empty: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.migrations.upgrade.SCRIPTS", scripts_with_a_fault(tmp_path))
    with pytest.raises(Exception, match="nowhere"):
        await migrate(empty)
    assert await empty.read(tables) == set()


async def test_a_failing_upgrade_leaves_the_schema_as_it_was(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = scripts_with_a_fault(tmp_path)
    with monkeypatch.context() as newer:
        newer.setattr("storage.migrations.upgrade.SCRIPTS", faulty)
        newer.setattr("storage.migrations.revision.SCRIPTS", faulty)
        with pytest.raises(Exception, match="nowhere"):
            await migrate(store)
    assert await at_head(store) is True
    assert "half_way" not in await store.read(tables)


async def test_a_schema_that_is_the_newest_is_left_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.migrations.upgrade.upgrade", lambda _: pytest.fail("alembic was asked"))
    await migrate(store)
    assert await at_head(store) is True


async def test_three_processes_may_migrate_at_once(empty_url: str, clock: FrozenClock) -> None:
    ended = await asyncio.gather(*(asyncio.to_thread(run, "upgrade", empty_url) for _ in range(3)))
    assert [(one.returncode, one.stderr) for one in ended] == [(0, "")] * 3
    store = await open_store(empty_url, clock)
    assert await at_head(store) is True
    await store.close()


def test_the_newest_file_is_the_only_head() -> None:
    scripts = ScriptDirectory(str(SCRIPTS))
    assert scripts.get_heads() == [newest()]
    assert [step.revision for step in scripts.walk_revisions()][-1] == "0001"


def test_alembic_is_imported_only_to_migrate() -> None:
    asked = "import sys, storage.store, storage.migrations.revision; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False).returncode == 0
