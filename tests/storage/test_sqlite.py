"""What is SQLite's own: the file, the pragmas, and who holds the lock."""

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from sales.errors import StoreBusy
from storage.sqlite import SqliteStore, open_sqlite
from storage.store import open_store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.storage.processes import child
from tests.storage.tables import metadata, names, read_then_write, set_counter


async def test_the_file_is_made_with_its_folder_and_for_its_owner_only(tmp_path: Path, clock: FrozenClock) -> None:
    path = tmp_path / "data" / "of the shop" / "shop.db"
    store = await open_store(f"sqlite:///{path}", clock)
    await store.alter(metadata.create_all)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    await store.close()
    assert modes == {0o600}
    assert [file.name for file in path.parent.iterdir()] == ["shop.db"]


async def test_a_relative_path_is_taken_from_where_the_program_runs(
    tmp_path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = await open_store("sqlite:///shop.db", clock)
    await store.close()
    assert (tmp_path / "shop.db").exists()


@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)]
)
async def test_the_writer_is_careful(sqlite: SqliteStore, name: str, value: object) -> None:
    assert await sqlite.write(lambda unit: unit.conn.exec_driver_sql(f"PRAGMA {name}").scalar()) == value


async def test_a_reader_has_the_same_patience(sqlite: SqliteStore) -> None:
    assert await sqlite.read(lambda unit: unit.conn.exec_driver_sql("PRAGMA busy_timeout").scalar()) == 5000


async def test_readers_do_not_wait_for_the_writer(sqlite: SqliteStore) -> None:
    await sqlite.write(set_counter("a", 1))
    loop = asyncio.get_running_loop()

    def look_meanwhile(unit: Unit) -> list[str]:
        set_counter("b", 1)(unit)
        return asyncio.run_coroutine_threadsafe(sqlite.read(names), loop).result(20)

    assert await sqlite.write(look_meanwhile) == ["a"]


async def test_a_lock_held_by_another_process_is_busy_and_passes(
    path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite._BUSY_MS", 50)
    store = await open_sqlite(path, clock)
    await store.alter(metadata.create_all)
    await store.write(set_counter("a", 0))
    with child("hold_the_lock", path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        attempts = [store.write(read_then_write("a")) for _ in range(5)]
        answers = await asyncio.gather(*attempts, return_exceptions=True)
        assert await store.read(names) == ["a"]
        holder.communicate("")
    assert [type(answer) for answer in answers] == [StoreBusy] * 5
    assert str(answers[0]) == "sqlite: SQLITE_BUSY"
    assert await store.write(read_then_write("a")) == 1
    await store.close()


async def test_a_busy_batch_is_not_tried_one_by_one(
    path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of 100 units would wait its full patience, and the last caller would hear of it minutes later."""
    monkeypatch.setattr("storage.sqlite._BUSY_MS", 200)
    store = await open_sqlite(path, clock)
    await store.alter(metadata.create_all)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    async with asyncio.timeout(10):
        writes = [store.write(set_counter(str(number), 1)) for number in range(100)]
        answers = await asyncio.gather(*writes, return_exceptions=True)
    holder.close()
    assert {type(answer) for answer in answers} == {StoreBusy}
    await store.close()


async def test_too_many_readers_are_busy(path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.sqlite._BUSY_MS", 50)
    monkeypatch.setattr("storage.sqlite._READERS", 1)
    store = await open_sqlite(path, clock)
    async with store._readers.connect() as connection:
        await connection.execute(text("SELECT 1"))
        with pytest.raises(StoreBusy, match="no free reader"):
            await store.read(lambda unit: unit.now)
    await store.close()


async def test_a_full_disk_is_busy(sqlite: SqliteStore) -> None:
    def fill(unit: Unit) -> None:
        pages = unit.conn.exec_driver_sql("PRAGMA page_count").scalar()
        unit.conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for number in range(200):
            set_counter(str(number) + "x" * 500, 1)(unit)

    with pytest.raises(StoreBusy, match="SQLITE_FULL"):
        await sqlite.write(fill)
    assert await sqlite.read(names) == []


async def test_foreign_keys_are_checked_after_a_change_of_the_schema(sqlite: SqliteStore) -> None:
    await sqlite.alter(lambda connection: connection.exec_driver_sql("CREATE TABLE a (id INTEGER PRIMARY KEY)"))
    with pytest.raises(RuntimeError, match="point at nothing"):
        await sqlite.alter(_point_at_nothing)
    assert await sqlite.read(lambda unit: unit.conn.exec_driver_sql("SELECT count(*) FROM a").scalar()) == 0
    with pytest.raises(DBAPIError, match="no such table"):
        await sqlite.read(lambda unit: unit.conn.exec_driver_sql("SELECT * FROM b"))


def _point_at_nothing(connection: Connection) -> None:
    for statement in ("CREATE TABLE b (a INTEGER REFERENCES a (id))", "INSERT INTO b VALUES (1)"):
        connection.exec_driver_sql(statement)


async def test_nothing_is_left_open(path: Path, clock: FrozenClock) -> None:
    store = await open_sqlite(path, clock)
    await store.alter(metadata.create_all)
    await asyncio.gather(*(store.read(names) for _ in range(20)), store.write(set_counter("a", 1)))
    await store.close()
    assert not _open_files(path)


def _open_files(path: Path) -> list[str]:
    links = [str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()]
    return [link for link in links if link.startswith(str(path))]
