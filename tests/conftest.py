"""What every room's tests share: a frozen clock and a migrated store on both databases."""

import gc
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from storage.store import Store, migrate, open_store
from tests.clock import FrozenClock
from tests.postgres import CannotStart, Databases, running_server

MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30
"""Bytes that must be free in memory before the tests' files go there."""


def pytest_configure() -> None:
    """Keep the tests' files in memory where there is room: waiting for a disk proves nothing, and takes half the time.

    What a killed shop has written is there as well; only a power cut would tell the difference.
    """
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """Let the collector pass over the thousands of tests it would find alive again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Databases]:
    """Databases on the server at TEST_DATABASE_URL (whose user may create some), or on one of our own."""
    with ExitStack() as stack:
        url = os.environ.get("TEST_DATABASE_URL")
        if not url:
            try:
                url = stack.enter_context(running_server()).url
            except CannotStart as reason:
                pytest.skip(f"no PostgreSQL: {reason}")
        databases = Databases(url)
        stack.callback(databases.close)
        yield databases


@pytest.fixture
def postgres_url(postgres_databases: Databases) -> Iterator[str]:
    """A migrated database of this test's own."""
    url = postgres_databases.new()
    yield url
    postgres_databases.drop(url)


@pytest.fixture
def empty_postgres_url(postgres_databases: Databases) -> Iterator[str]:
    """A database with nothing in it."""
    url = postgres_databases.new(empty=True)
    yield url
    postgres_databases.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy: migrating costs more than most tests."""
    import asyncio

    path = tmp_path_factory.mktemp("template") / "shop.db"

    async def make() -> None:
        store = await open_store(f"sqlite:///{path}", FrozenClock())
        await migrate(store)
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated file of this test's own."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'shop.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database, once on each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
async def store(store_url: str, clock: FrozenClock) -> AsyncIterator[Store]:
    opened = await open_store(store_url, clock)
    yield opened
    await opened.close()
