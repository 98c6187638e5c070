"""How much is read, and for how long."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from gateways.gateway import Request
from tests.gateways.casso_signing import ROW, TOKEN, named, row
from tests.webhooks.house import PATH, House, Visitor, counted, notice, opened
from webhooks.notices import BODY_LIMIT


def padded(size: int) -> Request:
    """A true notice of one row whose body is exactly `size` bytes."""
    told = {"error": 0, "data": [row()]}
    empty = len(named(told | {"padding": ""}).body)
    return named(told | {"padding": "x" * (size - empty)})


async def test_the_limit_itself_is_read(house: House, visitor: Visitor) -> None:
    house.secrets["main", "casso"] = {"secure_token": TOKEN}
    request = padded(BODY_LIMIT)
    assert len(request.body) == BODY_LIMIT == 262_144
    assert (await visitor.notify(request)).status == 200
    assert [each.ref for each in house.settled[0][2]] == [str(ROW["id"])]


async def test_one_byte_more_is_too_large(house: House, visitor: Visitor) -> None:
    answer = await visitor.notify(padded(BODY_LIMIT + 1))
    assert (answer.status, answer.json) == (413, {"error": "too_large"})
    assert house.settled == []
    assert await counted(visitor, "too_large") == 1


async def test_announced_length_is_refused_before_a_byte_comes(visitor: Visitor) -> None:
    heard = await visitor.say(
        b"POST /webhooks/main/casso HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 999999999\r\n\r\n"
    )
    assert heard.startswith(b"HTTP/1.1 413 ")


async def test_chunks_without_a_length_are_read_to_the_limit_and_no_further(house: House, visitor: Visitor) -> None:
    async with visitor.line() as (reader, writer):
        writer.write(b"POST /webhooks/main/casso HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(17):
            writer.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
        assert b" 413 " in await asyncio.wait_for(reader.readline(), 10)
        await asyncio.wait_for(reader.read(), 10)  # and closes, though the sender never said it was done
    assert house.settled == []


async def test_true_notice_in_chunks_is_read(house: House, visitor: Visitor) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for place in range(0, len(request.body), 7):
            yield request.body[place : place + 7]

    request = notice()
    assert (await visitor.ask("POST", PATH, data=pieces(), headers=list(request.headers))).status == 200
    assert house.settled[0][3] == request.body


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity, gzip", "nonsense"])
async def test_packed_bodies_are_refused(house: House, visitor: Visitor, coding: str) -> None:
    headers = [*notice().headers, ("Content-Encoding", coding)]
    answer = await visitor.ask("POST", PATH, data=gzip.compress(notice().body), headers=headers)
    assert (answer.status, answer.json) == (415, {"error": "unsupported_encoding"})
    assert house.settled == []


async def test_a_body_said_to_be_plain_is_read(visitor: Visitor) -> None:
    headers = [*notice().headers, ("Content-Encoding", "Identity")]
    assert (await visitor.ask("POST", PATH, data=notice().body, headers=headers)).status == 200


async def test_a_body_that_never_ends_times_out() -> None:
    house = House(patience=0.05)
    async with opened(house) as visitor:
        heard = await visitor.say(
            b"POST /webhooks/main/casso HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100\r\n\r\n{"
        )
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert heard.endswith(b'{"error": "timeout"}')
    assert house.settled == []
