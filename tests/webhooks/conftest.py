from collections.abc import AsyncIterator

import pytest

from tests.webhooks.house import House, Visitor, opened


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def visitor(house: House) -> AsyncIterator[Visitor]:
    async with opened(house) as visitor:
        yield visitor
