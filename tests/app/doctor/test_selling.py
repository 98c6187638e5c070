"""Whether anybody can pay, judged by what the plans cost and what the shop takes."""

from pathlib import Path
from typing import Any

import pytest

from app.doctor import bank, casso
from app.doctor.finding import Mark
from app.words import said
from tests.app.doctor.patients import patient, told
from tests.app.test_shop_file import GOOD

NOBODY = (Mark.BROKEN, "doctor-nobody-can-pay")
UNNOTICED = (Mark.BROKEN, "doctor-money-unnoticed")
BANK = {"bank_bin": "970422", "bank_account": "0000111122223333", "bank_holder": "NGUYEN VAN A"}
FILED = '\n[[account]]\nbank = "MB"\naccount = "9999"\nholder = "LE VAN C"\n'
PAYOS = {"payos_client_id": "dummy", "payos_api_key": "dummy", "payos_checksum_key": "dummy"}
VNPAY = {"vnpay_tmn_code": "dummy", "vnpay_hash_secret": "dummy"}
BAKONG = {"bakong_token": "dummy", "bakong_account": "dummy@toyb"}
SEPAY = {"sepay_webhook_secret": "dummy"}
SEPAY_PG = {"sepay_merchant": "dummy", "sepay_pg_secret": "dummy"}
CASSO = {"casso_checksum_key": "dummy"}
TOKEN = {"telegram_bot_token": "7:dummy"}
STARS = GOOD.replace("price = 79_000", "prices = { XTR = 150 }")
DOLLARS = GOOD.replace("price = 79_000", "prices = { USD = 3 }")
ZALO = GOOD.replace("[[product.plan]]", '[[product.plan]]\nsell_on = ["zalo"]')


async def found(tmp_path: Path, file: str, settings: dict[str, Any]) -> list[tuple[Mark, str]]:
    """What is broken of the two checks."""
    (tmp_path / "shop.toml").write_text(file, encoding="utf-8")
    async with patient(shop_file=tmp_path / "shop.toml", **settings) as shop:
        return [each for each in told([*await bank.check(shop), *await casso.check(shop)]) if each[0] is Mark.BROKEN]


@pytest.mark.parametrize(
    ("file", "settings"),
    [
        (GOOD, BANK | CASSO),
        (GOOD, BANK | SEPAY),
        (GOOD + FILED, CASSO),
        (GOOD + FILED, SEPAY),
        (GOOD, PAYOS),
        (GOOD, VNPAY),
        (GOOD, SEPAY_PG | {"public_url": "https://shop.example.com"}),
        (DOLLARS, BAKONG),
        (STARS, TOKEN),
        (GOOD.replace("price = 79_000", 'price = 79_000\npay_with = ["vnpay"]'), VNPAY),
    ],
)
async def test_one_way_for_one_plan_is_enough(tmp_path: Path, file: str, settings: dict[str, Any]) -> None:
    assert await found(tmp_path, file, settings) == []


@pytest.mark.parametrize(
    ("file", "settings", "watched"),
    [
        (GOOD, TOKEN, False),
        (GOOD, CASSO, True),
        (GOOD, SEPAY | TOKEN, True),
        (GOOD, BAKONG, False),
        (STARS, VNPAY | {"vnpay_hash_secret": None}, False),
        (STARS.replace("price = 299_000", "prices = { XTR = 1 }"), CASSO, True),
        (GOOD, SEPAY_PG, False),
        (ZALO + FILED, CASSO, True),
        (GOOD.replace("price = ", 'pay_with = ["vnpay"]\nprice = '), BANK | CASSO, True),
    ],
)
async def test_with_no_way_for_any_plan_nobody_can_pay(
    tmp_path: Path, file: str, settings: dict[str, Any], watched: bool
) -> None:
    assert await found(tmp_path, file, settings) == [NOBODY, *([] if watched else [UNNOTICED])]


@pytest.mark.parametrize(
    ("file", "settings"), [(GOOD + FILED, TOKEN), (GOOD, BANK | VNPAY), (GOOD + FILED, BAKONG), (STARS, TOKEN | BANK)]
)
async def test_an_account_that_nobody_watches_is_told(tmp_path: Path, file: str, settings: dict[str, Any]) -> None:
    assert await found(tmp_path, file, settings) == [UNNOTICED]


async def test_an_account_that_no_plan_lets_anybody_pay_to_needs_no_watcher(tmp_path: Path) -> None:
    file = GOOD.replace("price = ", 'pay_with = ["vnpay"]\nprice = ')
    assert await found(tmp_path, file, BANK | VNPAY) == []


async def test_every_account_is_told_and_none_while_the_file_is_broken(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(GOOD + FILED, encoding="utf-8")
    async with patient(shop_file=file, **BANK, **CASSO) as shop:
        seen = await bank.check(shop)
        file.write_text("[shop\n")
        assert told(await bank.check(shop)) == []
        assert UNNOTICED not in told(await casso.check(shop))
    assert [each.values["account"] for each in seen] == ["0000111122223333", "9999"]
    assert {each.mark for each in seen} == {Mark.WORKS}


@pytest.mark.parametrize("message", ["start-no-casso", "doctor-no-casso", "doctor-money-unnoticed"])
@pytest.mark.parametrize("lang", ["vi_VN.UTF-8", "en_US.UTF-8"])
def test_no_sentence_leaves_sepay_out(monkeypatch: pytest.MonkeyPatch, lang: str, message: str) -> None:
    monkeypatch.setenv("LC_ALL", lang)
    assert "sepay" in said(message, {"address": "x"}).lower()
