"""A founded shop on a SQLite file of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import open_store
from tests.clock import FrozenClock
from tests.flows.shop import Shop, open_shop


@pytest.fixture
async def shop(sqlite_url: str, clock: FrozenClock) -> AsyncIterator[Shop]:
    opened = await open_store(sqlite_url, clock)
    yield await open_shop(opened)
    await opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to restore: no file at all, or a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/shop.db"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where to write a backup."""
    return tmp_path / "kept.zip"
