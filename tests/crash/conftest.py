"""A world that stays, and a shop in it that dies."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.crash.outside import Outside
from tests.crash.shop import Shop


@pytest.fixture
async def outside(request: pytest.FixtureRequest) -> AsyncIterator[Outside]:
    """With the gateway that a test names, or Casso."""
    opened = Outside(getattr(request, "param", "casso"))
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def shop(tmp_path: Path, outside: Outside) -> AsyncIterator[Shop]:
    made = Shop(tmp_path, outside.environment)
    yield made
    await made.kill_if_alive()
    print(made.log.read_text()[-5000:])  # pytest shows it when the test has failed
