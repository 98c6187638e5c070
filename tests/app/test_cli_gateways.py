"""Gateways at the command line: what is there, keys that are kept without ever being shown, and the switch."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gateways.registry import GATEWAYS
from tests.app.command import clean_environment, command
from tests.app.sealed_shop import SealedShop, sealed_shop
from tests.house.source import ROOT

KEYS = {"PAYOS_CLIENT_ID": "dummy-client", "PAYOS_API_KEY": "dummy-api"}
SECRET = "dummy-checksum-key"


@pytest.fixture
def shop(store_url: str) -> SealedShop:
    return sealed_shop(store_url)


@pytest.fixture
def lite(sqlite_url: str) -> SealedShop:
    return sealed_shop(sqlite_url)


async def listed(shop: SealedShop, gateway: str) -> Any:
    told = await shop.say("gateway", "list", "--json")
    assert told.code == 0, told.err
    return next(each for each in json.loads(told.out) if each["gateway"] == gateway)


async def test_a_piped_key_is_sealed_and_in_force(shop: SealedShop) -> None:
    shop.environment |= KEYS
    await shop.start_once()
    assert (await listed(shop, "payos"))["state"] == "incomplete"
    told = await shop.say("gateway", "set", "payos", "checksum_key", typed=f"  {SECRET}\n".encode())
    assert (told.code, told.err) == (0, "")
    assert "at its next start" in told.out
    assert SECRET not in told.out
    payos = await listed(shop, "payos")
    assert (payos["state"], {each["name"]: each["state"] for each in payos["fields"]}) == (
        "open",
        {"client_id": "environment", "api_key": "environment", "checksum_key": "sealed"},
    )
    assert (await shop.sealed())["payos"]["checksum_key"] == SECRET


async def test_a_variable_that_wins_is_told(lite: SealedShop) -> None:
    lite.environment |= KEYS
    await lite.start_once()
    told = await lite.say("gateway", "set", "payos", "api_key", typed=b"dummy-other")
    assert "PAYOS_API_KEY is set, and wins" in told.out
    fields = (await listed(lite, "payos"))["fields"]
    assert [each["state"] for each in fields] == ["environment", "overruling", "missing"]


async def test_the_list_tells_people_all_but_the_keys(lite: SealedShop) -> None:
    lite.environment |= KEYS | {"PUBLIC_URL": "https://shop.example.com"}
    await lite.start_once()
    told = await lite.say("gateway", "list")
    assert "payos: closed, its keys are not complete" in told.out
    assert "(POST) to https://shop.example.com/webhooks/main/payos" in told.out
    assert "- client_id: set by PAYOS_CLIENT_ID" in told.out
    assert "- checksum_key: missing" in told.out
    assert "dummy" not in told.out
    assert [each.name for each in GATEWAYS if f"{each.name}: " not in told.out] == []


async def test_an_address_is_told_of_gateways_with_a_door_alone(lite: SealedShop) -> None:
    """Bakong, Stars and payOS's payouts send no notices, so their doors are closed."""
    keys = {"BAKONG_TOKEN": "dummy-token", "BAKONG_ACCOUNT": "dummy@toyb", "PUBLIC_URL": "https://shop.example.com"}
    lite.environment |= keys
    told = await lite.say("gateway", "list", "--json")
    listed = {each["gateway"]: (each["method"], each["webhook"]) for each in json.loads(told.out)}
    assert listed == {
        each.name: (each.method or "", f"https://shop.example.com/webhooks/main/{each.name}" if each.method else "")
        for each in GATEWAYS
    }
    assert [name for name, (method, _) in listed.items() if not method] == ["bakong", "stars", "payos-payout"]
    lines = (await lite.say("gateway", "list")).out
    assert [name for name in listed if f"/webhooks/main/{name}\n" in lines] == [
        name for name, (method, _) in listed.items() if method
    ]


async def test_what_may_be_left_out_is_not_called_missing(lite: SealedShop) -> None:
    async def states(gateway: str) -> dict[str, str]:
        return {each["name"]: each["state"] for each in (await listed(lite, gateway))["fields"]}

    assert await states("bakong") == {"token": "missing", "account": "missing", "merchant_id": "optional"}
    assert await states("casso") == {"checksum_key": "either", "secure_token": "either", "api_key": "optional"}
    told = await lite.say("gateway", "list")
    assert "your https address followed by /webhooks/main/casso (PUBLIC_URL is not set)" in told.out
    lite.environment |= {"CASSO_SECURE_TOKEN": "dummy"}
    assert await states("casso") == {"checksum_key": "spared", "secure_token": "environment", "api_key": "optional"}


async def test_stars_wait_for_the_bot(lite: SealedShop) -> None:
    assert (await listed(lite, "stars"))["state"] == "open"
    del lite.environment["TELEGRAM_BOT_TOKEN"]
    lite.environment |= {"CASSO_CHECKSUM_KEY": "dummy"}
    assert (await listed(lite, "stars"))["state"] == "chatless"
    assert "stars: closed, it needs the Telegram bot" in (await lite.say("gateway", "list")).out


async def test_before_the_first_start_the_list_tells_of_the_environment(tmp_path: Path) -> None:
    shop = sealed_shop(f"sqlite:///{tmp_path}/none.db", **KEYS)
    assert (await listed(shop, "payos"))["state"] == "incomplete"
    assert not (tmp_path / "none.db").exists()
    told = await shop.say("gateway", "set", "payos", "checksum_key", typed=SECRET.encode())
    assert (told.code, "python -m app run" in told.err) == (2, True)
    assert (await shop.say("migrate")).code == 0
    again = await shop.say("gateway", "set", "payos", "checksum_key", typed=SECRET.encode())
    assert (again.code, again.err) == (2, told.err), "one cure for both"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("set", "paypal", "key"), "There are: casso, payos"),
        (("set", "payos", "secret"), "It has: client_id, api_key, checksum_key"),
        (("off", "paypal"), "There are: casso, payos"),
        (("set", "payos"), "Say which key"),
    ],
)
async def test_unknown_names_are_answered_with_the_known_ones(
    lite: SealedShop, words: tuple[str, ...], sentence: str
) -> None:
    await lite.start_once()
    told = await lite.say("gateway", *words, typed=SECRET.encode())
    assert (told.code, sentence in told.err) == (2, True)
    assert SECRET not in told.out + told.err


@pytest.mark.parametrize("typed", [b"", b" \n", b"two\nlines", b"\xff\xfe", b"x" * 4097, b"\x1b[2J", b"x y"])
async def test_what_is_no_key_is_refused_and_changes_nothing(lite: SealedShop, typed: bytes) -> None:
    lite.environment |= KEYS
    await lite.start_once()
    before = await lite.sealed()
    told = await lite.say("gateway", "set", "payos", "api_key", typed=typed)
    assert (told.code, "Nothing was changed" in told.err) == (2, True)
    assert await lite.sealed() == before


async def test_a_key_is_no_word_of_the_command(lite: SealedShop) -> None:
    told = await lite.say("gateway", "set", "payos", "api_key", SECRET)
    assert told.code == 2
    assert await lite.say("gateway", "set", "--help")


def test_the_sandbox_keeps_no_real_keys(tmp_path: Path) -> None:
    told = command("gateway", "set", "payos", "api_key", cwd=tmp_path, typed=SECRET.encode())
    assert (told.code, "This is the sandbox" in told.err) == (2, True)
    listed = command("gateway", "list", cwd=tmp_path)
    assert (listed.code, "casso: closed" in listed.out) == (0, True)
    assert listed.out.startswith("This is the sandbox: it plays every gateway")
    switched = command("gateway", "off", "vnpay", cwd=tmp_path)
    assert (switched.code, "none can be switched here" in switched.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


async def test_each_key_is_asked_for_without_being_shown(lite: SealedShop) -> None:
    """At a terminal; what is left empty stays as it is."""
    lite.environment |= KEYS
    await lite.start_once()
    shown, code = at_a_terminal(lite, ["gateway", "set", "payos"], b"\n\n" + SECRET.encode() + b"\n")
    assert code == 0, shown
    assert "payos checksum_key (not shown while you type)" in shown
    assert SECRET not in shown
    assert await lite.sealed() == {
        "payos": {"client_id": "dummy-client", "api_key": "dummy-api", "checksum_key": SECRET}
    }


def at_a_terminal(shop: SealedShop, words: list[str], typed: bytes) -> tuple[str, int]:
    """Run a command with a terminal of its own: what stood on the screen, and the exit code."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env=clean_environment(**shop.environment),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    for line in typed.splitlines(keepends=True):
        shown += _until(ours, b":")
        os.write(ours, line)
    shown += _rest(ours)
    os.close(ours)
    return shown.decode(), running.wait(timeout=60)


def _until(terminal: int, end: bytes) -> bytes:
    shown = b""
    while not shown.rstrip().endswith(end) and (more := _read(terminal)):
        shown += more
    return shown


def _rest(terminal: int) -> bytes:
    shown = b""
    while more := _read(terminal):
        shown += more
    return shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1000)
    except OSError:  # the other side has gone
        return b""
