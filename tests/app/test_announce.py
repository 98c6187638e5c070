"""What a start says is missing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.announce import announce, what_is_missing
from app.run import Role, open_house
from app.settings import Settings
from app.setup import Setup
from app.vault_key import keep_key, next_key_file
from flows.premises import Admin
from gateways.casso import CASSO
from gateways.payos import PAYOS
from sales.clock import utc_now
from sales.shop import BankAccount
from tests.flows.shop import BANK, Shop
from tests.house.source import ROOT

NOTHING = Setup(
    clock=utc_now,
    bank=None,
    admins=(),
    gateways={},
    urls={},
    base="",
    telegram_url="",
    back="",
    telegram_token=None,
    smtp_url=None,
    mail_from=None,
)
ACCOUNT = BankAccount(1, *BANK)
ALL = ["telegram", "bank", "casso", "mail", "admins"]


def test_a_bare_shop_lacks_everything(shop: Shop) -> None:
    assert what_is_missing(NOTHING, shop.premises, (), ()) == ALL


def test_an_admin_who_joined_by_invitation_is_one(shop: Shop) -> None:
    assert what_is_missing(NOTHING, shop.premises, [Admin("telegram", "1")], ()) == ALL[:-1]


@pytest.mark.parametrize(("spare", "lacks"), [(None, False), (CASSO, True)])
def test_links_need_no_account_of_ours_unless_casso_watches_one(shop: Shop, spare: object, lacks: bool) -> None:
    premises = replace(shop.premises, gateway=PAYOS, spare=spare)  # type: ignore[arg-type]
    given = {"payos": {"api_key": "k"}} | ({"casso": {"checksum_key": "k"}} if spare else {})
    found = what_is_missing(replace(NOTHING, gateways=given), premises, (), ())
    assert ("bank" in found, "casso" in found) == (lacks, False)


@pytest.mark.parametrize(
    ("gateways", "shown", "lacking"),
    [
        ([], True, ["casso"]),
        (["stars"], True, ["casso"]),
        (["sepay"], True, []),
        (["sepay"], False, ["bank"]),
        (["vnpay"], False, []),
        (["vnpay", "stars"], True, ["casso"]),
        (["vnpay", "casso"], False, ["bank"]),
        (["stars"], False, ["bank", "casso"]),
    ],
)
def test_an_account_wants_a_watcher_and_a_watcher_an_account(
    shop: Shop, gateways: list[str], shown: bool, lacking: list[str]
) -> None:
    """An account may stand in the shop file alone; whoever takes VNPay alone needs neither."""
    given = replace(NOTHING, gateways={name: {"key": "k"} for name in gateways})
    found = what_is_missing(given, shop.premises, (), [ACCOUNT] if shown else [])
    assert [each for each in found if each in ("bank", "casso")] == lacking


def test_what_is_there_is_not_missing(shop: Shop) -> None:
    given = replace(
        NOTHING,
        gateways={"casso": {"checksum_key": "k"}},
        telegram_token="1:t",
        smtp_url="smtp://127.0.0.1",
        mail_from="shop@example.com",
    )
    assert what_is_missing(given, shop.premises, shop.premises.admins, [ACCOUNT]) == []


@pytest.mark.parametrize(("values", "said"), [({}, False), ({"public_url": "https://shop.example.com"}, True)])
async def test_a_sandbox_that_somebody_meant_to_be_real_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], values: Any, said: bool
) -> None:
    monkeypatch.setattr("app.announce.terminal_language", lambda: "en")
    settings = Settings(database_url=f"sqlite:///{tmp_path}/shop.db", shop_file=ROOT / "shop.toml", port=0, **values)
    async with open_house(settings, Role.ALL) as opened:
        await announce(settings, opened.setup, opened.house, opened.base, None)
    told = capsys.readouterr().out
    sentence = "PUBLIC_URL is set, but no token and no gateway key: this is the sandbox"
    assert ("The sandbox is open" in told, sentence in told) == (True, said)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"payos_api_key": "dummy"},
            "payOS is not complete and stays closed; these are not set: PAYOS_CLIENT_ID",
        ),
        ({"casso_api_key": "dummy"}, "Casso is not complete and stays closed; these are not set: CASSO_CHECKSUM_KEY."),
        ({"casso_checksum_key": "dummy"}, ""),
    ],
)
async def test_half_a_gateway_is_told_with_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], values: Any, said: str
) -> None:
    monkeypatch.setattr("app.announce.terminal_language", lambda: "en")
    settings = Settings(database_url=f"sqlite:///{tmp_path}/shop.db", shop_file=ROOT / "shop.toml", port=0, **values)
    async with open_house(settings, Role.ALL) as opened:
        await announce(settings, opened.setup, opened.house, opened.base, None)
    told = capsys.readouterr().out
    assert ("is not complete" in told, said in told, "dummy" in told) == (bool(said), True, False)


async def test_a_new_vault_key_that_waits_to_be_set_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.announce.terminal_language", lambda: "en")
    given: dict[str, Any] = {"vault_key": "A" * 43, "casso_checksum_key": "dummy"}
    settings = Settings(database_url=f"sqlite:///{tmp_path}/shop.db", shop_file=ROOT / "shop.toml", port=0, **given)
    keep_key(next_key_file(settings), "B" * 43)
    async with open_house(settings, Role.ALL) as opened:
        await announce(settings, opened.setup, opened.house, opened.base, None)
    told = capsys.readouterr().out
    assert (f"A new vault key lies at {next_key_file(settings)}" in told, "B" * 43 in told) == (True, False)
    assert next_key_file(settings).exists()
