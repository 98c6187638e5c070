"""Bakong: its account, its token, and what it says itself."""

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from app.doctor import bakong
from app.doctor.examine import OUTSIDE
from app.doctor.finding import Mark
from app.words import said
from sales.clock import utc_now
from tests.app.doctor.patients import NOWHERE, patient, told
from tests.clock import FrozenClock
from tests.gateways.bakong_server import ACCOUNT, SINGLE, TOKEN, BakongServer, failure, saying, serving

SET = {"bakong_token": TOKEN, "bakong_account": ACCOUNT}
WORKS = [(Mark.WORKS, "doctor-bakong")]


@pytest.fixture
async def server() -> AsyncIterator[BakongServer]:
    async with serving() as opened:
        yield opened


def ending(clock: FrozenClock, **after: float) -> str:
    claims = {"exp": int((clock() + timedelta(**after)).timestamp())}
    return f"e30.{urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}.c2ln"


async def test_a_good_token_is_tried_by_a_code_that_nobody_made(server: BakongServer) -> None:
    async with patient(bakong_api_url=server.url, **SET) as shop:
        found = await bakong.check(shop)
    assert told(found) == WORKS
    assert ACCOUNT in said(found[0].message, found[0].values)
    assert server.heard == [(SINGLE, {"md5": "0" * 32})]
    assert OUTSIDE["bakong"] is bakong.check


@pytest.mark.parametrize("unset", [("bakong_token",), ("bakong_account",), tuple(SET)])
async def test_a_shop_that_does_not_use_it_hears_nothing(unset: tuple[str, ...]) -> None:
    async with patient(**(SET | dict.fromkeys(unset))) as shop:
        assert await bakong.check(shop) == []


@pytest.mark.parametrize("account", ["nguyen_van_a", "0123456789", "a@b@c"])
async def test_an_account_that_is_none_is_broken(server: BakongServer, account: str) -> None:
    async with patient(bakong_api_url=server.url, **(SET | {"bakong_account": account})) as shop:
        found = await bakong.check(shop)
    assert told(found) == [(Mark.BROKEN, "doctor-bakong-account")], "a good token is no good news then"
    assert account in said(found[0].message, found[0].values)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"days": 90}, []),
        ({"days": 14, "seconds": 1}, []),
        ({"days": 14}, [(Mark.MISSING, "doctor-bakong-ends")]),
        ({"hours": 1}, [(Mark.MISSING, "doctor-bakong-ends")]),
        ({"seconds": 0}, [(Mark.BROKEN, "doctor-bakong-ended")]),
        ({"days": -1}, [(Mark.BROKEN, "doctor-bakong-ended")]),
    ],
    ids=str,
)
async def test_a_token_is_told_of_two_weeks_before_its_end(
    server: BakongServer, clock: FrozenClock, after: dict[str, float], expected: list[tuple[Mark, str]]
) -> None:
    server.faults[""] = saying(404, failure(1))
    named = SET | {"bakong_token": ending(clock, **after)}
    async with patient(clock, bakong_api_url=server.url, **named) as shop:
        found = await bakong.check(shop)
    assert told(found) == [*expected, *WORKS]
    for finding in found[:-1]:
        words = said(finding.message, finding.values)
        assert "/renew_token" in words
        assert named["bakong_token"] not in words


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, failure(6), "doctor-bakong-refused"),
        (403, "<html>", "doctor-bakong-refused"),
        (504, "", "doctor-bakong-silent"),
        (200, "<html>", "doctor-bakong-silent"),
    ],
)
async def test_what_bakong_refuses_is_told_without_the_token(
    server: BakongServer, status: int, body: Any, message: str
) -> None:
    server.faults[""] = saying(status, body)
    async with patient(bakong_api_url=server.url, **SET) as shop:
        found = await bakong.check(shop)
    assert told(found) == [(Mark.BROKEN, message)]
    assert TOKEN not in said(found[0].message, found[0].values)


@pytest.mark.parametrize(
    ("url", "message"), [(NOWHERE, "doctor-bakong-silent"), ("http://bakong.example.com", "url-insecure")]
)
async def test_nobody_there_and_an_address_that_is_not_private(url: str, message: str) -> None:
    async with patient(utc_now, bakong_api_url=url, **SET) as shop:
        assert told(await bakong.check(shop)) == [(Mark.BROKEN, message)]
