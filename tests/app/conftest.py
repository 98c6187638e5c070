"""A founded shop on a SQLite file of the test's own."""

from collections.abc import AsyncIterator

import pytest

from storage.store import open_store
from tests.clock import FrozenClock
from tests.flows.shop import Shop, open_shop


@pytest.fixture
async def shop(sqlite_url: str, clock: FrozenClock) -> AsyncIterator[Shop]:
    opened = await open_store(sqlite_url, clock)
    yield await open_shop(opened)
    await opened.close()
