"""`payos confirm-webhook`, run as a process against a payOS on loopback."""

import asyncio
from pathlib import Path

import pytest

from app.announce import announce
from app.payos import webhook_address
from app.run import Role, open_house
from app.settings import Settings
from tests.app.command import Result, command
from tests.gateways.payos_server import PayosServer, refusal, saying, serving
from tests.gateways.payos_signing import SECRETS

KEYS = {f"PAYOS_{name.upper()}": secret for name, secret in SECRETS.items()}
PUBLIC = "https://shop.example/"
HOOK = "https://shop.example/webhooks/main/payos"


async def confirm(payos: PayosServer, cwd: Path, **changes: str) -> Result:
    settings = {**KEYS, "PUBLIC_URL": PUBLIC, "PAYOS_API_URL": payos.url} | changes
    told = await asyncio.to_thread(command, "payos", "confirm-webhook", cwd=cwd, **settings)
    assert "Traceback" not in told.err
    assert not [secret for secret in SECRETS.values() if secret in told.out + told.err]
    return told


async def test_it_registers_this_shops_address(tmp_path: Path) -> None:
    async with serving() as payos:
        told = await confirm(payos, tmp_path)
        assert (told.code, payos.heard[0].body) == (0, {"webhookUrl": HOOK})
    for part in (HOOK, "0000111122223333", "NGUYEN VAN A", "Cửa hàng", "MB"):
        assert part in told.out


async def test_what_payos_refuses_is_told_with_its_words(tmp_path: Path) -> None:
    async with serving() as payos:
        payos.fault = saying(400, refusal("20", f"webhook url is down {SECRETS['api_key']}"))
        told = await confirm(payos, tmp_path)
        assert (told.code, told.out) == (1, "")
        assert "payOS 20: webhook url is down …" in told.err
        assert "must be running" in told.err
        in_vietnamese = await confirm(payos, tmp_path, LANG="vi_VN.UTF-8")
        assert "Shop phải đang chạy" in in_vietnamese.err


async def test_a_payos_that_is_busy_is_asked_later(tmp_path: Path) -> None:
    async with serving() as payos:
        payos.fault = saying(503, "busy")
        told = await confirm(payos, tmp_path)
        assert (told.code, "HTTP 503" in told.err) == (3, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"PAYOS_API_KEY": "", "PAYOS_CHECKSUM_KEY": " "}, "PAYOS_API_KEY, PAYOS_CHECKSUM_KEY"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL is not set"),
        ({"PUBLIC_URL": "http://shop.example"}, "PUBLIC_URL must begin with https://"),
        ({"PAYOS_API_URL": "http://payos.example"}, "PAYOS_API_URL must begin with https://"),
    ],
    ids=str,
)
async def test_what_must_be_mended_is_named(tmp_path: Path, changes: dict[str, str], words: str) -> None:
    async with serving() as payos:
        told = await confirm(payos, tmp_path, **changes)
        assert (told.code, words in told.err, payos.heard) == (2, True, [])


def test_the_address_has_no_slash_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://shop.example/base/")
    assert webhook_address(Settings()) == "https://shop.example/base/webhooks/main/payos"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"PAYOS_CLIENT_ID": "dummy"}, "PAYOS_API_KEY, PAYOS_CHECKSUM_KEY"),
        ({"PAYOS_CLIENT_ID": "dummy", "PAYOS_API_KEY": " ", "PAYOS_CHECKSUM_KEY": "dummy"}, "PAYOS_API_KEY"),
        ({"CASSO_CHECKSUM_KEY": "dummy"}, ""),
        (dict.fromkeys(KEYS, "dummy"), ""),
    ],
)
async def test_a_start_says_which_of_payos_keys_are_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: dict[str, str], missing: str
) -> None:
    where = {"database_url": f"sqlite:///{tmp_path / 'shop.db'}", "port": "0"}
    settings = Settings(**(where | {name.lower(): value for name, value in given.items()}))  # type: ignore[arg-type]
    async with open_house(settings, Role.ALL) as opened:
        await announce(settings, opened.setup, opened.house, opened.base, None)
    told = capsys.readouterr().out
    assert ("payOS" in told) == bool(missing)
    assert missing in told
