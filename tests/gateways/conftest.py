"""payOS and Bakong on loopback, and our clients of them."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from gateways import bakong_api
from gateways.gateway import Asking, Links, Reach
from gateways.payos_api import links
from tests.clock import FrozenClock
from tests.gateways import bakong_server
from tests.gateways.bakong_server import BakongServer
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
    return links(Reach(SECRETS, payos.url, session, clock))


@pytest.fixture
async def bakong() -> AsyncIterator[BakongServer]:
    async with bakong_server.serving() as server:
        yield server


@pytest.fixture
def bakong_reach(bakong: BakongServer, session: ClientSession, clock: FrozenClock) -> Reach:
    return Reach(bakong_server.SECRETS, bakong.url, session, clock)


@pytest.fixture
def desk(bakong_reach: Reach) -> Asking:
    """Our second look at Bakong."""
    return bakong_api.asking(bakong_reach)
