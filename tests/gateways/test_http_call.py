"""One call of somebody else's API, against a real server on loopback that answers as told."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.helpers import calculate_timeout_when
from aiohttp.test_utils import TestServer

from gateways.http_call import PATIENCE, Api, check_address
from sales.errors import Later, Misconfigured, Rejected
from tests.clock import FrozenClock

KEY = "dummy-key-that-nobody-may-see"
HEADERS = {"Authorization": f"Bearer {KEY}"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Other:
    """Somebody else's server."""

    url: str = ""
    heard: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    handler: Handler | None = None
    status: int = 200
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(request)
        self.bodies.append(await request.read())
        if self.handler is not None:
            return await self.handler(request)
        return web.Response(status=self.status, text=self.body, headers=self.headers)


@pytest.fixture
async def other() -> AsyncIterator[Other]:
    played, app = Other(), web.Application()
    app.router.add_route("*", "/{path:.*}", played.handle)
    async with TestServer(app) as server:
        played.url = str(server.make_url("")).rstrip("/")
        yield played


@pytest.fixture
def api(other: Other, session: ClientSession, clock: FrozenClock) -> Api:
    return Api("Other", other.url, session, clock, limit=1000, retry_after="x-own-retry-after")


async def test_what_is_asked_arrives(api: Api, other: Other) -> None:
    await api.call("POST", "/v1/things", HEADERS, {"a": "ộ"}, {"page": "2", "since": "2026-11-21 10:00:00"})
    (heard,) = other.heard
    assert (heard.method, heard.path) == ("POST", "/v1/things")
    assert dict(heard.query) == {"page": "2", "since": "2026-11-21 10:00:00"}
    assert heard.headers["Authorization"] == HEADERS["Authorization"]
    assert json.loads(other.bodies[0]) == {"a": "ộ"}


async def test_without_a_body_none_is_sent(api: Api, other: Other) -> None:
    assert await api.ask("GET", "/v1/things") == {}
    assert (other.bodies, "Content-Type" in other.heard[0].headers) == ([b""], False)


@pytest.mark.parametrize("status", [200, 201, 302, 400, 401, 404])
async def test_a_server_that_is_up_has_replied(api: Api, other: Other, status: int) -> None:
    other.status, other.body, other.headers = status, "told", {"Location": f"{other.url}/elsewhere"}
    reply = await api.call("GET", "/")
    assert (reply.status, reply.body, len(other.heard)) == (status, b"told", 1)
    assert "told" not in repr(reply)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 599])
async def test_one_that_is_busy_or_down_is_asked_later(api: Api, other: Other, status: int) -> None:
    other.status, other.body = status, "<html>busy</html>"
    for headers, seconds in (
        ({}, None),
        ({"Retry-After": "7"}, 7),
        ({"X-Own-Retry-After": "3", "Retry-After": "7"}, 3),
    ):
        other.headers = headers
        with pytest.raises(Later, match=rf"^Other: HTTP {status}$") as later:
            await api.call("GET", "/")
        assert later.value.seconds == seconds


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, "<html>", Later),
        (200, "", Later),
        (200, '{"a":1,"a":2}', Later),
        (200, "1," * 2000, Later),
        (302, "{}", Later),
        (307, "{}", Later),
        (400, "{}", Rejected),
        (401, "<html>", Rejected),
        (403, "", Rejected),
        (404, "{}", Rejected),
        (503, "{}", Later),
    ],
)
async def test_where_the_status_says_all_it_is_sorted(
    api: Api, other: Other, status: int, body: str, error: type[Exception]
) -> None:
    other.status, other.body, other.headers = status, body, {"Location": "/elsewhere"}
    with pytest.raises(error) as raised:
        await api.ask("GET", "/", HEADERS)
    assert type(raised.value) is error
    assert len(other.heard) == 1


async def test_more_values_are_read_where_more_are_expected(api: Api, other: Other) -> None:
    other.body = json.dumps([1] * 300)
    assert await api.ask("GET", "/", commas=299) == [1] * 300
    with pytest.raises(Later, match="Malformed"):
        await api.ask("GET", "/", commas=298)


async def test_the_longest_answer_is_read_and_one_byte_more_is_not(api: Api, other: Other) -> None:
    other.body = "x" * 1000
    assert len((await api.call("GET", "/")).body) == 1000
    other.body += "x"
    with pytest.raises(Later, match="Malformed"):
        await api.call("GET", "/")


async def test_an_answer_packed_small_is_measured_unpacked(api: Api, other: Other) -> None:
    async def packed(_request: web.Request) -> web.StreamResponse:
        response = web.Response(text="x" * 5_000_000)
        response.enable_compression(web.ContentCoding.gzip)
        return response

    other.handler = packed
    with pytest.raises(Later, match="Malformed"):
        await api.call("GET", "/")


async def test_a_silent_server_is_given_up_in_time(other: Other, session: ClientSession) -> None:
    never = asyncio.Event()

    async def silent(_request: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"{")
        await never.wait()
        return response

    for handler in (silent, dripping):
        other.handler = handler
        with pytest.raises(Later, match="Timeout"):
            await Api("Other", other.url, session, patience=0.05).call("GET", "/")
    never.set()


def test_nobody_waits_longer_than_ten_seconds(session: ClientSession) -> None:
    assert Api("Other", "https://other.example", session).patience == 10


async def test_nor_is_a_second_rounded_up(api: Api, other: Other, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a clock of 100.1 a call of ten seconds ends at 110.1, not at 111."""
    given: list[ClientTimeout] = []
    request = ClientSession._request

    async def noted(self: ClientSession, *places: Any, **named: Any) -> Any:
        given.append(named["timeout"])
        return await request(self, *places, **named)

    monkeypatch.setattr(ClientSession, "_request", noted)
    await replace(api, patience=PATIENCE).call("GET", "/")
    [timeout] = given
    assert timeout.total == 10
    assert calculate_timeout_when(100.1, timeout.total, timeout.ceil_threshold) == 110.1


async def test_no_words_of_an_error_hold_a_secret_or_an_address(api: Api, other: Other, session: ClientSession) -> None:
    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    other.handler = hang_up
    for asked in (api, Api("Other", "http://127.0.0.1:9", session), Api("Other", "http://no such host", session)):
        with pytest.raises(Later) as later:
            await asked.call("GET", f"/{KEY}", HEADERS, query={"key": KEY})
        assert KEY not in str(later.value)
        assert "127.0.0.1" not in str(later.value)
        assert later.value.__suppress_context__
        assert (KEY in repr(asked), "127.0.0.1" in repr(asked)) == (False, False)


@pytest.mark.parametrize("key", ["a\r\nb: c", "khóa", "\0"])
async def test_a_key_that_fits_no_header_is_never_sent(api: Api, other: Other, key: str) -> None:
    with pytest.raises(Rejected) as rejected:
        await api.call("GET", "/", {"Authorization": f"Bearer {key}"})
    assert (key in str(rejected.value), other.heard) == (False, [])


@pytest.mark.parametrize(
    "url", ["http://other.example", "http://10.0.0.1", "http://localhost.example", "ftp://127.0.0.1", "", "http://["]
)
def test_keys_never_travel_unencrypted(url: str) -> None:
    with pytest.raises(Misconfigured, match="url-insecure") as insecure:
        check_address(url, "OTHER_API_URL")
    assert insecure.value.values == {"setting": "OTHER_API_URL"}


@pytest.mark.parametrize("url", ["https://other.example", "http://127.0.0.1:1", "http://localhost", "http://[::1]:2"])
def test_https_and_this_machine_are_fine(url: str) -> None:
    check_address(url, "OTHER_API_URL")
