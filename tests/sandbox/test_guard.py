"""The street answers this machine's own page and bot, and nobody else."""

import asyncio
from collections.abc import Mapping
from unittest.mock import Mock

import pytest
from aiohttp.test_utils import make_mocked_request

from sandbox.guard import suspicion
from tests.sandbox.house import House

PATHS = (
    "/sandbox",
    "/sandbox/",
    "/sandbox/api/state",
    "/sandbox/page/main.js",
    "/sandbox/telegram/bot1:x/getMe",
    "/sandbox/payos/v2/payment-requests/1",
    "/sandbox/payos/web/1",
)


async def status(house: House, path: str, headers: Mapping[str, str], method: str = "GET", **more: object) -> int:
    async with house.session.request(method, path, headers=headers, **more) as answer:  # type: ignore[arg-type]
        return answer.status


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Forwarded": "for=1.2.3.4"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Host": "127.0.0.1"},
        {"X-Forwarded-Anything": ""},
        {"X-Real-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"Host": "shop.example.com"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
        {"Host": ""},
    ],
    ids=str,
)
async def test_proxies_and_foreign_names_are_refused(house: House, path: str, headers: dict[str, str]) -> None:
    assert await status(house, path, headers) == 403


async def test_a_path_that_does_not_exist_is_guarded_too(house: House) -> None:
    assert await status(house, "/sandbox/nothing", {"Via": "x"}) == 403
    assert await status(house, "/sandbox/nothing", {}) == 404


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
async def test_this_machines_own_names_pass(house: House, name: str) -> None:
    assert await status(house, "/sandbox", {"Host": f"{name}:{house.port}"}) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
async def test_cross_site_posts_are_refused(house: House, headers: dict[str, str]) -> None:
    before = house.clock()
    assert await status(house, "/sandbox/api/clock", headers, "POST", json={"seconds": 60}) == 403
    assert house.clock() == before


async def test_the_pages_own_posts_pass(house: House) -> None:
    own = {"Origin": house.base, "Sec-Fetch-Site": "same-origin"}
    assert await status(house, "/sandbox/api/clock", own, "POST", json={"seconds": 60}) == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_posts_that_are_not_json_are_refused(house: House, kind: str) -> None:
    headers = {"Content-Type": kind}
    assert await status(house, "/sandbox/api/clock", headers, "POST", data=b'{"seconds": 60}') == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
async def test_json_that_is_no_object_is_400(house: House, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert await status(house, "/sandbox/api/clock", headers, "POST", data=body) == 400


async def test_two_host_headers_are_refused(house: House) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    host = f"Host: 127.0.0.1:{house.port}\r\n".encode()
    writer.write(b"GET /sandbox HTTP/1.1\r\n" + host * 2 + b"Connection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.split()[1] in (b"400", b"403")


@pytest.mark.parametrize(
    ("peer", "passes"),
    [
        (("127.0.0.1", 5000), True),
        (("127.8.9.1", 5000), True),
        (("::1", 5000, 0, 0), True),
        (("192.168.1.5", 5000), False),
        (("8.8.8.8", 5000), False),
        (("fe80::1", 5000, 0, 0), False),
        ("", False),
        (None, False),
    ],
)
def test_only_this_machine_is_at_the_other_end(peer: object, passes: bool) -> None:
    transport = Mock()
    transport.get_extra_info = {"peername": peer, "sockname": ("127.0.0.1", 8080)}.get
    headers = {"Host": "127.0.0.1:8080", "X-Real": "x"}
    request = make_mocked_request("GET", "/", headers, transport=transport)
    assert (suspicion(request) == "") is passes


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_protective_headers(house: House, path: str) -> None:
    async with house.session.get(path) as answer:
        headers = answer.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
