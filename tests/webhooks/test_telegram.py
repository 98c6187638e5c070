"""The door for Telegram's updates, with a house behind it that keeps what it is given."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace

import pytest
from structlog.testing import capture_logs

from sales.errors import Malformed, StoreBusy
from tests.webhooks.house import Answered, House, Visitor, opened
from webhooks.doors import Ear
from webhooks.server import build_app
from webhooks.telegram import BODY_LIMIT

SECRET = "a_Secret-1"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATH = "/telegram/main"
UPDATE = {"update_id": 7, "message": {"text": "xin chào"}}


@dataclass
class Inbox:
    """Keeps updates, or fails as told; `gate` holds the commit back."""

    kept: list[object] = field(default_factory=list)
    failure: Exception | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    secret: str = SECRET
    told: Mapping[str, object] | None = None

    async def keep(self, update: object) -> Mapping[str, object] | None:
        self.asked.set()
        await self.gate.wait()
        if self.failure:
            raise self.failure
        self.kept.append(update)
        return self.told


@pytest.fixture
def inbox() -> Inbox:
    inbox = Inbox()
    inbox.gate.set()
    return inbox


@pytest.fixture
async def telegram(house: House, inbox: Inbox) -> AsyncIterator[Visitor]:
    """Somebody in front of a door that is open for the shop "main"."""

    def ear(shop: str) -> Ear | None:
        return Ear(inbox.secret, inbox.keep) if shop == "main" else None

    async with opened(house, build_app(replace(house.doors(), telegram=ear))) as visitor:
        yield visitor


async def bring(visitor: Visitor, update: object = UPDATE, secret: str | None = SECRET, path: str = PATH) -> Answered:
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    headers = {} if secret is None else {HEADER: secret}
    return await visitor.ask("POST", path, data=body, headers=headers)


async def test_an_update_is_kept_whole_and_answered(inbox: Inbox, telegram: Visitor) -> None:
    answer = await bring(telegram)
    assert (answer.status, answer.body) == (200, b"")
    assert inbox.kept == [UPDATE]


async def test_what_cannot_wait_is_answered_by_the_answer_itself(inbox: Inbox, telegram: Visitor) -> None:
    inbox.told = {"method": "answerPreCheckoutQuery", "pre_checkout_query_id": "q", "ok": True}
    answer = await bring(telegram)
    assert (answer.status, json.loads(answer.body)) == (200, inbox.told)
    assert answer.headers["Content-Type"].startswith("application/json")


async def test_it_is_answered_only_after_the_commit(inbox: Inbox, telegram: Visitor) -> None:
    inbox.gate.clear()
    answer = asyncio.create_task(bring(telegram))
    await inbox.asked.wait()
    assert not answer.done()
    inbox.gate.set()
    assert (await answer).status == 200


@pytest.mark.parametrize("secret", [None, "", "a_Secret-2", "A_SECRET-1", SECRET + "x", SECRET[:-1], "x" * 5000])
async def test_without_the_secret_nothing_is_kept(inbox: Inbox, telegram: Visitor, secret: str | None) -> None:
    with capture_logs() as logs:
        answer = await bring(telegram, secret=secret)
    assert (answer.status, answer.json) == (401, {"error": "forged"})
    assert inbox.kept == []
    assert [log["event"] for log in logs] == ["update.forged"]
    assert SECRET not in repr(logs)


@pytest.mark.parametrize("value", [b"\xff\xfe", "khoá".encode(), SECRET.encode() + b"\xe9", b"\xed\xa0\x80"])
async def test_a_secret_of_odd_bytes_is_refused_not_stumbled_over(
    inbox: Inbox, telegram: Visitor, value: bytes
) -> None:
    body = json.dumps(UPDATE).encode()
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n{HEADER}: "
    heard = await telegram.say(head.encode() + value + b"\r\n\r\n" + body)
    assert heard.startswith(b"HTTP/1.1 401 ")
    assert inbox.kept == []


async def test_a_secret_sent_twice_is_refused(inbox: Inbox, telegram: Visitor) -> None:
    headers = [(HEADER, SECRET), (HEADER, SECRET)]
    assert (await telegram.ask("POST", PATH, data=json.dumps(UPDATE), headers=headers)).status == 401
    assert inbox.kept == []


async def test_no_ear_and_no_shop_look_alike(inbox: Inbox, telegram: Visitor, visitor: Visitor) -> None:
    for who, path in ((visitor, PATH), (telegram, "/telegram/other"), (telegram, "/telegram/main/x")):
        answer = await bring(who, path=path)
        assert (answer.status, answer.json) == (404, {"error": "not_found"})
    inbox.secret = ""
    assert (await bring(telegram, secret="")).status == 404
    assert inbox.kept == []


@pytest.mark.parametrize(
    "body",
    [b"", b"not JSON", b"\xff\xfe", b"[" * 100_000, b'{"update_id":', b'{"update_id":' + b"9" * 5000 + b"}"],
    ids=lambda body: repr(body[:20]),
)
async def test_what_is_not_json_is_malformed(inbox: Inbox, telegram: Visitor, body: bytes) -> None:
    answer = await bring(telegram, body)
    assert (answer.status, answer.json) == (400, {"error": "bad_request"})
    assert not inbox.asked.is_set()


async def test_what_the_house_cannot_read_is_malformed(inbox: Inbox, telegram: Visitor) -> None:
    inbox.failure = Malformed("no update")
    assert (await bring(telegram, {})).status == 400


async def test_a_busy_house_asks_for_it_again(inbox: Inbox, telegram: Visitor) -> None:
    inbox.failure = StoreBusy("locked")
    answer = await bring(telegram)
    assert (answer.status, answer.json) == (503, {"error": "busy"})
    inbox.failure = None
    assert (await bring(telegram)).status == 200


async def test_a_bug_is_a_bare_500_that_quotes_nothing(inbox: Inbox, telegram: Visitor) -> None:
    inbox.failure = RuntimeError("xin chào")
    with capture_logs() as logs:
        answer = await bring(telegram)
    assert (answer.status, answer.json) == (500, {"error": "internal"})
    assert [log["route"] for log in logs] == ["/telegram/{shop}"]
    assert "xin" not in repr(logs)


async def test_the_limit_itself_is_read_and_one_byte_more_is_not(inbox: Inbox, telegram: Visitor) -> None:
    empty = len(json.dumps(UPDATE | {"pad": ""}))
    for size, status in ((BODY_LIMIT, 200), (BODY_LIMIT + 1, 413)):
        assert (await bring(telegram, UPDATE | {"pad": "x" * (size - empty)})).status == status
    assert len(inbox.kept) == 1


async def test_a_stranger_is_refused_before_the_body_is_read(inbox: Inbox, telegram: Visitor) -> None:
    head = b"POST /telegram/main HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 999999999\r\n\r\n"
    assert (await telegram.say(head)).startswith(b"HTTP/1.1 401 ")


async def test_packed_bodies_are_refused(telegram: Visitor) -> None:
    headers = {HEADER: SECRET, "Content-Encoding": "gzip"}
    assert (await telegram.ask("POST", PATH, data=b"x", headers=headers)).status == 415


async def test_wrong_method(telegram: Visitor) -> None:
    answer = await telegram.ask("GET", PATH)
    assert (answer.status, answer.headers["Cache-Control"]) == (405, "no-store")
