"""Stores with the tables of these tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.sqlite import SqliteStore, open_sqlite
from storage.store import Store, open_store
from tests.clock import FrozenClock
from tests.flows.shop import Shop, open_shop
from tests.storage.tables import metadata


@pytest.fixture
async def scratch(store: Store) -> Store:
    await store.alter(metadata.create_all)
    return store


@pytest.fixture
async def shop(store: Store) -> Shop:
    """A founded shop with goods on its shelf."""
    return await open_shop(store)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it, once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture
async def empty(empty_url: str, clock: FrozenClock) -> AsyncIterator[Store]:
    opened = await open_store(empty_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scratch.db"


@pytest.fixture
async def sqlite(path: Path, clock: FrozenClock) -> AsyncIterator[SqliteStore]:
    opened = await open_sqlite(path, clock)
    await opened.alter(metadata.create_all)
    yield opened
    await opened.close()
