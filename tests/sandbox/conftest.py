from collections.abc import AsyncIterator

import pytest

from tests.sandbox.house import SECRETS, SEPAY, House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    await house.open()
    yield house
    await house.close()


@pytest.fixture
async def watched() -> AsyncIterator[House]:
    """A street whose bank SePay watches as well, behind Casso."""
    house = House({**SECRETS, "sepay": SEPAY})
    await house.open()
    yield house
    await house.close()
