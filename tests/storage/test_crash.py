"""A process that dies keeps what it has promised, and one that ends does end."""

import sqlite3
from pathlib import Path
from subprocess import Popen

import pytest

from storage.sqlite import SqliteStore, open_sqlite
from tests.clock import FrozenClock
from tests.storage.processes import child, run
from tests.storage.tables import get_counter, names


def acknowledged(process: "Popen[str]", least: int) -> set[str]:
    """Kill after so many promises, and answer all that were made until then."""
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(least)]
    process.kill()
    lines += process.stdout.readlines()
    return {line.strip() for line in lines if line.endswith("\n")}


@pytest.mark.parametrize("promises", [1, 40, 300])
async def test_what_was_acknowledged_survives_a_kill(path: Path, clock: FrozenClock, promises: int) -> None:
    assert run("make", path).returncode == 0
    with child("acknowledge", path) as process:
        promised = acknowledged(process, promises)
    store = await open_sqlite(path, clock)
    kept = set(await store.read(names))
    await store.close()
    assert len(promised) >= promises
    assert promised <= kept
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_closed_store_lets_its_process_end(sqlite: SqliteStore, path: Path) -> None:
    """A connection of aiosqlite 0.22 left open hangs the process at its exit: its thread is no daemon."""
    ended = run("close_and_exit", path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert await sqlite.read(get_counter("closed")) == 1


async def test_a_process_that_crashes_without_closing_ends_too(sqlite: SqliteStore, path: Path) -> None:
    assert run("crash_without_closing", path).returncode == 3
    assert await sqlite.read(get_counter("crashed")) == 1
