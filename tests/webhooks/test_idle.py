"""A connection that never finishes its request is not kept."""

import asyncio

import pytest
from aiohttp import web

from tests.webhooks.house import PATH, House
from webhooks.server import IDLE, build_app, build_runner

BARE = b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: shop\r\n"


@pytest.mark.parametrize("sent", [b"", b"POST", BARE + b"X-Half-A-Hea"], ids=["nothing", "a method", "half a header"])
async def test_a_request_that_does_not_come_is_not_waited_for(house: House, sent: bytes) -> None:
    assert await heard(house, sent) == b""


async def test_a_connection_that_has_asked_once_is_not_kept_either(house: House) -> None:
    answer = await heard(house, b"GET /health/live HTTP/1.1\r\nHost: shop\r\n\r\nGET /hea")
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b'{"live": true}')


def test_a_proxy_may_keep_its_connections_for_a_minute() -> None:
    assert 60 < IDLE < 120
    assert build_runner(build_app(House().doors()))._kwargs["keepalive_timeout"] == IDLE


async def heard(house: House, sent: bytes) -> bytes:
    """Send bytes to a house that has no patience, answer all that comes until it hangs up."""
    runner = build_runner(build_app(house.doors()), shutdown_timeout=1.0, idle=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        reader, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
        writer.write(sent)
        try:
            return await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()
    finally:
        await runner.cleanup()
