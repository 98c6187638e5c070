from collections.abc import AsyncIterator

import pytest

from tests.sandbox.house import House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    await house.open()
    yield house
    await house.close()
