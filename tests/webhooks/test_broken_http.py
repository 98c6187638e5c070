"""Bytes that no HTTP client would send."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from structlog.testing import capture_logs

from tests.webhooks.house import PATH, House, Visitor, notice, opened
from webhooks.notices import receive
from webhooks.server import build_app

POST = b"POST /webhooks/main/casso HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"

BROKEN = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "unheard method": b"BREW /webhooks/main/casso HTTP/1.1\r\nHost: x\r\n\r\n",
    "no version": b"POST /webhooks/main/casso\r\n\r\n",
    "header without colon": POST + b"nonsense\r\n\r\n",
    "zero in a header": POST + b"X-Casso-Signature: t=1,v1=\x00\r\n\r\n",
    "blank before colon": POST + b"X-Casso-Signature : x\r\n\r\n",
    "two lengths": POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    "length and chunks": CHUNKED + b"Content-Length: 2\r\n\r\n{}",
    "negative length": POST + b"Content-Length: -1\r\n\r\n",
    "length in words": POST + b"Content-Length: two\r\n\r\n",
    "huge header": POST + b"X-Casso-Signature: " + b"x" * 20_000 + b"\r\n\r\n",
    "huge address": b"POST /webhooks/" + b"x" * 20_000 + b"/casso HTTP/1.1\r\nHost: x\r\n\r\n",
    "chunk size in words": CHUNKED + b"\r\nzz\r\n{}\r\n0\r\n\r\n",
    "chunk size of a giant": CHUNKED + b"\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    "chunk without its end": CHUNKED + b"\r\n2\r\n{}garbage\r\n0\r\n\r\n",
    "no gzip": POST + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!",
    "no deflate": POST + b"Content-Encoding: deflate\r\nContent-Length: 9\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    "unknown coding": POST + b"Transfer-Encoding: rot13\r\n\r\n{}",
    "strange expectation": POST + b"Expect: a-miracle\r\nContent-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("name", BROKEN)
async def test_broken_http_is_the_senders_fault(house: House, visitor: Visitor, name: str) -> None:
    with capture_logs() as logs:
        heard = await visitor.say(BROKEN[name])
    assert heard[:7] + heard[8:10] == b"HTTP/1. 4" or heard.startswith(b"HTTP/0.9 4"), heard
    assert not [word for word in (b"Traceback", b"aiohttp", b"Python") if word in heard]
    assert house.settled == []
    assert not [log for log in logs if log["log_level"] == "error"]


@pytest.mark.parametrize("rest", [b"zz\r\n{}\r\n0\r\n\r\n", b"2\r\n{}garbage\r\n0\r\n\r\n", b"-2\r\n{}\r\n"])
async def test_a_body_that_breaks_while_it_is_read_ends_as_a_timeout(rest: bytes) -> None:
    house = House(patience=0.2)
    async with opened(house) as visitor, visitor.line() as (reader, writer):
        writer.write(CHUNKED + b"Expect: 100-continue\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"  # the handler reads from here on
        writer.write(rest)
        heard = await asyncio.wait_for(reader.read(), 20)
    assert b"HTTP/1.1 408 " in heard
    assert house.settled == []


async def test_a_body_that_aiohttp_cannot_read_is_a_bad_request(house: House) -> None:
    class Broken:
        async def iter_any(self) -> AsyncIterator[bytes]:
            yield b"{"
            raise web.RequestPayloadError("bad chunk")

    names = {"shop": "main", "gateway": "casso"}
    request = make_mocked_request("POST", PATH, payload=Broken(), match_info=names, app=build_app(house.doors()))
    with pytest.raises(web.HTTPBadRequest):
        await receive(request)


async def test_complaints_about_broken_http_quote_nothing(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await visitor.say(POST + b"X-Casso-Signature: t=1,v1=private\x00\r\n\r\n")
    assert "private" not in caplog.text


async def test_a_sender_that_hangs_up_half_way_harms_nobody(house: House, visitor: Visitor) -> None:
    with capture_logs() as logs:
        for sent in (b"", b"POST", POST, POST + b"Content-Length: 100\r\n\r\n{", CHUNKED + b"\r\n5\r\n{"):
            await visitor.say(sent, hang_up=True)
        assert (await visitor.notify(notice())).status == 200
    assert len(house.settled) == 1
    assert not [log for log in logs if log["log_level"] == "error"]


async def test_an_old_client_is_served(visitor: Visitor) -> None:
    heard = await visitor.say(b"GET /health/live HTTP/1.0\r\n\r\n")
    assert heard.startswith(b"HTTP/1.0 200 ")
