"""Stores with the tables of these tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.sqlite import SqliteStore, open_sqlite
from storage.store import Store
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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scratch.db"


@pytest.fixture
async def sqlite(path: Path, clock: FrozenClock) -> AsyncIterator[SqliteStore]:
    opened = await open_sqlite(path, clock)
    await opened.alter(metadata.create_all)
    yield opened
    await opened.close()
