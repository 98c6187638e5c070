"""A whole house in the toy street, over real HTTP, and people who use it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from app.house import run_all
from app.run import Open, Role, open_house
from app.settings import Settings
from tests.journeys.people import Town


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", port=0)


@pytest.fixture
async def opened(settings: Settings) -> AsyncIterator[Open]:
    """An open house with all its errands running."""
    stop = asyncio.Event()
    async with open_house(settings, Role.ALL) as house:
        running = asyncio.create_task(run_all(house.errands, stop))
        yield house
        stop.set()
        await running


@pytest.fixture
async def town(opened: Open) -> AsyncIterator[Town]:
    """The street as a browser sees it."""
    async with ClientSession(opened.base) as http:
        yield Town(http, opened)
