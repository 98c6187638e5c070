from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from tests.webhooks.house import PATH, House, Visitor, notice, opened
from webhooks.server import build_app


async def page(_request: web.Request) -> web.Response:
    raise web.HTTPForbidden(text="a sentence of the room itself")


async def elsewhere(_request: web.Request) -> web.Response:
    raise web.HTTPFound("/toys/page")


async def bug(_request: web.Request) -> web.Response:
    raise RuntimeError("secret words")


@pytest.fixture
async def with_room(house: House) -> AsyncIterator[Visitor]:
    """Open a house to which another room was added, as app/ does with the sandbox."""
    app, room = build_app(house.doors()), web.Application()
    room.add_routes([web.get("/page", page), web.get("/elsewhere", elsewhere), web.get("/bug/{token}", bug)])
    app.add_subapp("/toys/", room)
    async with opened(house, app) as visitor:
        yield visitor


async def test_another_room_words_its_own_refusals(with_room: Visitor) -> None:
    answer = await with_room.ask("GET", "/toys/page")
    assert (answer.status, answer.body) == (403, b"a sentence of the room itself")


async def test_another_room_may_redirect(with_room: Visitor) -> None:
    answer = await with_room.ask("GET", "/toys/elsewhere", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (302, "/toys/page")


async def test_a_bug_anywhere_is_a_bare_500(with_room: Visitor) -> None:
    with capture_logs() as logs:
        answer = await with_room.ask("GET", "/toys/bug/a-token")
    assert (answer.status, answer.json) == (500, {"error": "internal"})
    [entry] = logs
    assert entry["route"] == "/toys/bug/{token}"
    assert not [word for word in ("secret words", "a-token") if word in repr(entry)]


async def test_the_doors_stay_open_beside_another_room(with_room: Visitor) -> None:
    assert (await with_room.notify(notice())).status == 200


PATHS = [PATH, "/telegram/main", "/health/live", "/health/ready", "/metrics", "/nowhere", "/toys/page"]


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_keeps_its_guard(with_room: Visitor, path: str) -> None:
    headers = (await with_room.ask("GET", path)).headers
    assert headers["Server"] == "chotdon"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert (headers.get("Cache-Control") == "no-store") == (not path.startswith(("/nowhere", "/toys")))


async def test_even_answers_to_broken_http_tell_no_version(visitor: Visitor) -> None:
    heard = await visitor.say(b"nonsense\r\n\r\n")
    assert b"\r\nServer: chotdon\r\n" in heard


async def test_nothing_else_is_served(visitor: Visitor) -> None:
    for path in ("/", "/webhooks", "/sandbox", "/static/x", "/.env"):
        assert (await visitor.ask("GET", path)).status == 404


@pytest.mark.parametrize("odd", ["%00", "%FF", "%ED%A0%80", "..%2F%00"])
@pytest.mark.parametrize(
    "path", ["/webhooks/{}/casso", "/webhooks/main/{}", "/telegram/{}", "/health/{}", "/back{}", "/{}"]
)
async def test_odd_bytes_in_a_path_name_nothing(visitor: Visitor, path: str, odd: str) -> None:
    line = f"POST {path.format(odd)} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    assert (await visitor.say(line.encode())).startswith(b"HTTP/1.1 404 ")
