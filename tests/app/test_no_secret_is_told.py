"""Secrets of gateways stand in no log, no repr and no page, however loud the log and however odd the visitor."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from app.gateway_settings import ADDRESSES, SECRETS
from app.holdings import given_by
from gateways.registry import GATEWAYS
from tests.app.command import clean_environment
from tests.app.sealed_shop import SealedShop, sealed_shop
from tests.house.source import ROOT

TOLD = ("SEPAY_MERCHANT", "VNPAY_TMN_CODE", "BAKONG_ACCOUNT", "BAKONG_MERCHANT_ID")
"""Names of the seller: every buyer sees them."""

GIVEN = {
    variable: f"seller{number:03}" if variable in TOLD else f"dummysecret{number:03}x"
    for number, variable in enumerate(each for named in SECRETS.values() for each in named.values())
}
MARK = re.compile(r"dummysecret[0-9]{3}x")
NOWHERE = "http://127.0.0.1:1"

FORGED = (
    {"data": b"{}", "headers": {"content-type": "application/json"}},
    {"data": b"not json", "headers": {"x-casso-signature": "t=1,v1=00", "authorization": "Apikey wrong"}},
    {"data": b'{"data":{"amount":1},"signature":"00"}', "headers": {"secure-token": "wrong", "x-secret-key": "wrong"}},
    {"data": b"\xff\x00", "headers": {"x-sepay-signature": "sha256=00", "x-sepay-timestamp": "0"}},
)
QUERIES = ("", "?vnp_TxnRef=1&vnp_SecureHash=00", "?a=1&a=2")


@pytest.fixture
def shop(tmp_path: Path) -> SealedShop:
    addresses = dict.fromkeys(ADDRESSES.values(), NOWHERE)
    return sealed_shop(f"sqlite:///{tmp_path}/shop.db", **GIVEN, **addresses, LOG_LEVEL="debug")


@contextmanager
def running(shop: SealedShop) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """The whole house as a process of its own; answers its address. What it says is in its pipes at the end."""
    house = subprocess.Popen(
        [sys.executable, "-m", "app", "run"],
        cwd=ROOT,
        env=clean_environment(**shop.environment) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert house.stdout is not None
    said = b""
    try:
        while (found := re.search(rb"open at (http://\S+?)\.? ", said)) is None:
            line = os.read(house.stdout.fileno(), 10_000)
            assert line, said
            said += line
        yield found[1].decode(), house
    finally:
        house.terminate()
        rest, _ = house.communicate(timeout=60)
        LOGS.append((said + rest).decode())


LOGS: list[str] = []
"""What each house has said, in the order of their ends."""


async def visits(base: str) -> list[str]:
    """Forged notices to every door by both methods, and pages that are not there; answers all that came back."""
    names = [*(each.name for each in GATEWAYS), "nobody"]
    paths = [f"/webhooks/{shop}/{name}" for shop in ("main", "other") for name in names]
    paths += ["/return/main/vnpay", "/pay/main/1", "/nowhere", "/metrics", "/health/ready", "/back"]
    answers: list[str] = []
    async with ClientSession() as http:
        for path in paths:
            for query in QUERIES:
                async with http.get(f"{base}{path}{query}", allow_redirects=False) as answer:
                    answers.append(f"{answer.status} {answer.headers} {await answer.text()}")
            for forged in FORGED:
                async with http.post(f"{base}{path}", **forged) as answer:  # type: ignore[arg-type]
                    answers.append(f"{answer.status} {answer.headers} {await answer.text()}")
    return answers


async def test_a_loud_house_tells_no_secret_to_forgers_or_into_its_log(shop: SealedShop) -> None:
    with running(shop) as (base, _):
        answers = await visits(base)
    statuses = {each.partition(" ")[0] for each in answers}
    assert {"401", "404"} <= statuses
    assert [each for each in answers if MARK.search(each)] == []
    log = LOGS.pop()
    assert "notice.forged" in log
    assert MARK.findall(log) == []


async def test_a_bug_behind_a_door_tells_no_secret(shop: SealedShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one whose own words hold a secret: its words are not told."""
    from webhooks import notices

    def fail(*_args: object) -> object:
        raise RuntimeError(f"it was {GIVEN['CASSO_CHECKSUM_KEY']}")

    monkeypatch.setattr(notices, "_read", fail)
    async with (
        shop.open() as opened,
        ClientSession() as http,
        http.post(f"{opened.base}/webhooks/main/casso", data=b"{}") as answer,
    ):
        assert (answer.status, MARK.findall(await answer.text())) == (500, [])


async def test_no_repr_shows_a_secret(shop: SealedShop) -> None:
    async with shop.open() as opened:
        house = opened.house
        told = [opened.setup, house.premises, shop.settings, given_by(shop.settings), house, opened]
        assert house.premises.plugs
        shown = "".join(f"{each!r} {each!s}" for each in (*told, *house.premises.plugs))
    assert MARK.findall(shown) == []


async def test_no_command_shows_a_secret(shop: SealedShop) -> None:
    await shop.start_once()
    told = [await shop.say(*words) for words in (("gateway", "list"), ("gateway", "list", "--json"), ("doctor",))]
    assert [MARK.findall(each.out + each.err) for each in told] == [[], [], []]


async def test_nothing_readable_lies_on_the_disk(shop: SealedShop, tmp_path: Path) -> None:
    await shop.start_once()
    assert (await shop.sealed())["casso"]["checksum_key"] == GIVEN["CASSO_CHECKSUM_KEY"]
    assert await asyncio.to_thread(readable_files, tmp_path) == []


def readable_files(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir() if MARK.search(each.read_bytes().decode("latin-1"))]
