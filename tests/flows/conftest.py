"""An open shop on each database."""

from collections.abc import AsyncIterator

import pytest

from storage.store import Store, open_store
from tests.clock import FrozenClock
from tests.flows.shop import Shop, open_shop


@pytest.fixture
async def shop(store: Store) -> Shop:
    return await open_shop(store)


@pytest.fixture
async def sqlite_shop(sqlite_url: str, clock: FrozenClock) -> AsyncIterator[Shop]:
    """A shop on SQLite alone, for what does not depend on the database."""
    opened = await open_store(sqlite_url, clock)
    yield await open_shop(opened)
    await opened.close()
