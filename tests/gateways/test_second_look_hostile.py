"""What an API that is down, busy, lying or endless does to the second look: a typed error, within its time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from gateways import http_call
from gateways.gateway import Gateway, Reach, Secrets
from gateways.registry import GATEWAYS
from sales.errors import Later, Rejected
from sales.transfer import Sighting
from tests.clock import FrozenClock
from tests.gateways import bakong_server, casso_server, payos_signing, sepay_pg_signing, sepay_server, vnpay_signing
from tests.gateways.asked import question

SECRETS: dict[str, Secrets] = {
    "bakong": bakong_server.SECRETS,
    "casso": casso_server.SECRETS,
    "payos": payos_signing.SECRETS,
    "sepay": sepay_server.SECRETS,
    "sepay-pg": sepay_pg_signing.SECRETS,
    "vnpay": vnpay_signing.SECRETS,
}
ASKED = pytest.mark.parametrize("gateway", [each for each in GATEWAYS if each.ask], ids=lambda each: each.name)


@dataclass
class Hostile:
    """Answers every call with one and the same; `hangs` never does."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    hangs: bool = False
    endless: bool = False
    calls: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.endless:
            return await self._pour(request)
        return web.Response(status=self.status, body=self.body, headers=dict(self.headers))

    async def _pour(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse()
        await stream.prepare(request)
        try:
            while True:
                await stream.write(b"[" * 65536)
        except ConnectionError:
            return stream


@asynccontextmanager
async def serving(hostile: Hostile) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", hostile.handle)
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0.01)
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


async def look(gateway: Gateway, hostile: Hostile, session: ClientSession) -> tuple[Sighting, ...]:
    async with serving(hostile) as url:
        assert gateway.ask is not None
        asking = gateway.ask(Reach(SECRETS[gateway.name], url, session, FrozenClock()))
        assert asking is not None
        return await asking.ask([question(account="", qr_md5="0" * 32)])


async def later(gateway: Gateway, hostile: Hostile, session: ClientSession) -> Later:
    """The error that it ends in, which names no secret and no address."""
    with pytest.raises(Later) as trouble:
        await look(gateway, hostile, session)
    words = str(trouble.value)
    assert not [secret for secret in SECRETS[gateway.name].values() if secret in words]
    assert "127.0.0.1" not in words
    assert trouble.value.__suppress_context__ or trouble.value.__context__ is None
    return trouble.value


@ASKED
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_down(gateway: Gateway, session: ClientSession, status: int) -> None:
    assert (await later(gateway, Hostile(status, b"<html>down"), session)).seconds is None


@ASKED
async def test_busy_says_for_how_long(gateway: Gateway, session: ClientSession) -> None:
    hostile = Hostile(429, b"{}", (("Retry-After", "77"),))
    assert (await later(gateway, hostile, session)).seconds == 77
    assert (await later(gateway, replace(hostile, headers=(("Retry-After", "soon"),)), session)).seconds is None
    assert hostile.calls == 1


@ASKED
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><html><body>Just a moment...</body></html>",
        b"[" * 100_000,
        b'{"data": {"records": "x"}}',
        b'{"data": {"records": {}}}',
        b'{"data": []}',
        b'{"data": {}}',
        b'{"error": "x"}',
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe",
        b'{"error": 0, "error": 0, "data": {"records": [], "totalPages": 1}}',
    ],
)
async def test_nonsense(gateway: Gateway, session: ClientSession, body: bytes) -> None:
    await later(gateway, Hostile(200, body), session)


@ASKED
@pytest.mark.parametrize("status", [400, 403, 404, 422])
@pytest.mark.parametrize("body", [b"", b"<html><title>404 Not Found</title></html>", b"[]", b"null"])
async def test_a_refusal_in_somebody_elses_words_is_no_answer(
    gateway: Gateway, session: ClientSession, status: int, body: bytes
) -> None:
    with pytest.raises((Later, Rejected)):
        await look(gateway, Hostile(status, body), session)


@ASKED
async def test_a_redirect_is_not_followed(gateway: Gateway, session: ClientSession) -> None:
    hostile = Hostile(302, b"", (("Location", "/elsewhere"),))
    await later(gateway, hostile, session)
    assert hostile.calls == 1


@ASKED
async def test_a_body_without_end_is_not_read_to_it(gateway: Gateway, session: ClientSession) -> None:
    async with asyncio.timeout(5):
        await later(gateway, Hostile(endless=True), session)


@ASKED
async def test_a_server_that_hangs_is_left_in_time(
    gateway: Gateway, session: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert http_call.PATIENCE <= 10
    given: list[float | None] = []

    def impatient(total: float | None = None, **_: Any) -> Any:
        given.append(total)
        return real(total=0.05)

    real = http_call.ClientTimeout
    monkeypatch.setattr(http_call, "ClientTimeout", impatient)
    await later(gateway, Hostile(hangs=True), session)
    assert given == [http_call.PATIENCE]


@ASKED
async def test_nobody_there(gateway: Gateway, session: ClientSession) -> None:
    assert gateway.ask is not None
    asking = gateway.ask(Reach(SECRETS[gateway.name], "http://127.0.0.1:1", session, FrozenClock()))
    assert asking is not None
    with pytest.raises(Later):
        await asking.ask([question(qr_md5="0" * 32)])
