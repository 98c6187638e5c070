"""What is said of a shop file that is right."""

from pathlib import Path

import pytest

from app.doctor.finding import Mark
from app.doctor.shop_file import check
from app.shop_file import parse_shop_file
from app.shop_file.advice import advise
from app.words import said
from gateways.casso import CASSO
from gateways.gateway import Gateway
from gateways.payos import PAYOS
from gateways.sepay import SEPAY
from sales.catalogue import FiledAccount
from tests.app.command import command
from tests.app.doctor.patients import patient
from tests.app.test_shop_file import GOOD
from tests.house.source import ROOT

PRICE = "price = 79_000"
ONLY_STARS = 'pay_with = { telegram = ["stars"] }'


def told(written: str, *opened: Gateway, played: bool = True) -> list[tuple[str, str]]:
    """What is said of the first plan with these lines in the place of its price; the other is sold on Zalo alone."""
    text = GOOD.replace(PRICE, written).replace("price = 299_000", 'price = 299_000\nsell_on = ["zalo"]')
    found = advise(parse_shop_file(text), None if played else opened, [])
    return [(each.message, each.values["plan"]) for each in found]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (PRICE, "advice-stars-price"),
        (f"{PRICE}\n{ONLY_STARS}", "advice-stars-price"),
        (f"{PRICE}\nprices = {{ XTR = 150 }}", "advice-stars-only"),
        (f'{PRICE}\nprices = {{ XTR = 150 }}\npay_with = ["stars", "bank"]', "advice-stars-only"),
        (f'{PRICE}\nprices = {{ XTR = 150 }}\npay_with = {{ zalo = ["bank"] }}', "advice-stars-only"),
        (f'{PRICE}\nprices = {{ XTR = 150 }}\nsell_on = ["telegram"]', "advice-stars-only"),
    ],
)
def test_a_plan_that_telegram_wants_to_be_paid_in_stars_is_named(written: str, message: str) -> None:
    assert told(written) == [(message, "One month")]


@pytest.mark.parametrize(
    "written",
    [
        f'{PRICE}\nsell_on = ["zalo"]',
        f"{PRICE}\nprices = {{ XTR = 150 }}\n{ONLY_STARS}",
        f'{PRICE}\nprices = {{ XTR = 150 }}\npay_with = ["stars"]',
        "prices = { XTR = 150 }",
    ],
)
def test_a_plan_that_keeps_to_the_rules_is_not_named(written: str) -> None:
    assert told(written) == []


def test_a_price_that_nothing_takes_is_named() -> None:
    written = f'{PRICE}\nprices = {{ USD = 3 }}\nsell_on = ["zalo"]'
    assert told(written, CASSO, PAYOS, played=False) == [("advice-currency", "One month")]
    assert told(written) == []


@pytest.mark.parametrize(
    ("account", "advice"),
    [
        (FiledAccount("970415", "1", "A"), ("advice-account-word", "SEVQR")),
        (FiledAccount("970415", "1", "A", word="SEVQR"), None),
        (FiledAccount("970418", "1", "A"), ("advice-account-virtual", "")),
        (FiledAccount("970418", "1", "A", virtual="96247"), None),
        (FiledAccount("970436", "1", "A"), None),
    ],
)
def test_an_account_that_sepay_would_not_see_is_named(account: FiledAccount, advice: tuple[str, str] | None) -> None:
    file = parse_shop_file(GOOD.replace("[[product.plan]]", '[[product.plan]]\nsell_on = ["zalo"]'))
    found = [(each.message, each.values["word"]) for each in advise(file, [SEPAY], [account])]
    assert found == ([advice] if advice else [])
    assert advise(file, [CASSO], [account]) == advise(file, None, [account]) == []
    assert all(account.account in said(each.message, each.values) for each in advise(file, [SEPAY], [account]))


def test_dong_can_always_be_transferred() -> None:
    assert told(f'{PRICE}\nsell_on = ["zalo"]', played=False) == []


@pytest.mark.parametrize("written", ['prices = { USD = 3 }\nsell_on = ["zalo"]', f'{PRICE}\npay_with = ["vnpay"]'])
def test_a_plan_that_nobody_can_pay_is_named(written: str) -> None:
    assert ("advice-no-way", "One month") in told(written, CASSO, played=False)
    assert ("advice-no-way", "One month") not in told(written)


@pytest.mark.parametrize("lang", ["vi_VN.UTF-8", "en_US.UTF-8"])
def test_the_words_say_what_to_write(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.setenv("LC_ALL", lang)
    (advice,) = advise(parse_shop_file(GOOD.replace("price = 299_000", 'price = 1\nsell_on = ["zalo"]')), None, [])
    words = said(advice.message, advice.values)
    assert words.startswith("⚠ App · One month:")
    assert "prices = { XTR = 150 }" in words
    assert ONLY_STARS in words


def test_validate_prints_it_after_fine_and_is_content() -> None:
    done = command("validate")
    first, *advice = done.out.splitlines()
    assert (done.code, "is fine" in first) == (0, True)
    assert advice
    assert all(line.startswith("⚠ ") for line in advice)
    assert not any("no gateway that is set up" in line for line in advice)


async def test_the_doctor_says_it_in_short_and_of_a_real_shop_alone(tmp_path: Path) -> None:
    shop = {"shop_file": ROOT / "shop.toml", "database_url": f"sqlite:///{tmp_path}/shop.db"}
    async with patient(**shop, telegram_bot_token="7:dummy", casso_checksum_key="dummy") as real:
        found = await check(real)
    assert [each.message for each in found][:2] == ["shop-file-fine", "doctor-stars"]
    assert found[1].values["count"] == 4
    assert {each.message for each in found[2:]} == {"advice-currency"}
    assert all(each.mark is Mark.MISSING for each in found[1:])
    async with patient(**shop) as toy:
        assert [each.message for each in await check(toy)] == ["shop-file-fine"]
