"""payOS on loopback, and our client of it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from gateways.gateway import Links
from gateways.payos_api import links
from tests.clock import FrozenClock
from tests.gateways.payos_server import PayosServer, serving
from tests.gateways.payos_signing import SECRETS


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
async def payos() -> AsyncIterator[PayosServer]:
    async with serving() as server:
        yield server


@pytest.fixture
def api(payos: PayosServer, session: ClientSession, clock: FrozenClock) -> Links:
    return links(SECRETS, payos.url, session, clock)
