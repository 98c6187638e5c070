"""What is said of a shop file that is right."""

from pathlib import Path

import pytest

from app.doctor.examine import as_lines
from app.doctor.finding import Mark
from app.doctor.shop_file import check
from app.shop_file import parse_shop_file
from app.shop_file.advice import NOBODY, advise
from app.shop_file.means import Means
from app.words import said
from gateways.bakong import BAKONG
from gateways.casso import CASSO
from gateways.gateway import Gateway
from gateways.payos import PAYOS
from gateways.sepay import SEPAY
from gateways.sepay_pg import SEPAY_PG
from gateways.stars import STARS
from gateways.vnpay import VNPAY
from sales.catalogue import FiledAccount
from tests.app.command import command
from tests.app.doctor.patients import patient
from tests.app.test_shop_file import GOOD
from tests.house.source import ROOT

PRICE = "price = 79_000"
ONLY_STARS = 'pay_with = { telegram = ["stars"] }'


BANK = FiledAccount("970422", "1", "A")


def means(*gateways: Gateway, accounts: tuple[FiledAccount, ...] = (BANK,), at_web: bool = True) -> Means:
    return Means((*gateways, STARS), accounts, at_web)


def told(written: str, with_means: Means | None = None) -> list[tuple[str, str]]:
    """What is said of the first plan with these lines in the place of its price; the other keeps to every rule."""
    text = GOOD.replace(PRICE, written).replace("price = 299_000", "prices = { XTR = 750 }")
    return [(each.message, each.values.get("plan", "")) for each in advise(parse_shop_file(text), with_means)]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (PRICE, "advice-stars-price"),
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
        f"{PRICE}\nprices = {{ XTR = 150 }}\n{ONLY_STARS}",
        f'{PRICE}\nprices = {{ XTR = 150 }}\npay_with = ["stars"]',
        "prices = { XTR = 150 }",
    ],
)
def test_a_plan_that_keeps_to_the_rules_is_not_named(written: str) -> None:
    assert told(written) == []


def test_a_plan_that_is_sold_where_no_chat_is_yet_is_named() -> None:
    """Once: what it costs matters to nobody then."""
    for with_means in (None, means(CASSO)):
        assert told(f'{PRICE}\nsell_on = ["zalo"]', with_means) == [("advice-no-chat", "One month")]
    assert told('prices = { XTR = 9 }\nsell_on = ["zalo", "telegram"]') == []


@pytest.mark.parametrize(
    ("written", "ways", "currencies"),
    [
        (f'{PRICE}\npay_with = ["bakong"]', "bakong", "USD, KHR"),
        (f"{PRICE}\n{ONLY_STARS}", "stars", "XTR"),
        ('prices = { USD = 3 }\npay_with = ["bank", "vnpay", "stars"]', "bank, vnpay, stars", "VND, XTR"),
    ],
)
def test_a_plan_without_a_price_that_its_ways_take_is_named_whatever_is_set_up(
    written: str, ways: str, currencies: str
) -> None:
    file = parse_shop_file(GOOD.replace(PRICE, written))
    for with_means in (None, means(CASSO, BAKONG)):
        [found] = [each for each in advise(file, with_means) if each.message in ("advice-no-price", "advice-no-way")]
        assert found.values == {"product": "App", "plan": "One month", "ways": ways, "currencies": currencies}
        assert currencies in said(found.message, found.values)


def test_a_price_that_nothing_takes_is_named() -> None:
    written = f"{PRICE}\nprices = {{ USD = 3, XTR = 9 }}\n{ONLY_STARS}"
    assert told(written, means(CASSO, PAYOS)) == [("advice-currency", "One month")]
    [found] = advise(parse_shop_file(GOOD.replace(PRICE, written)), means(CASSO))[-1:]
    assert said(found.message, found.values).startswith("App · One month:")
    assert told(written, means(BAKONG)) == []
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
    file = parse_shop_file(GOOD.replace("price = 79_000", "prices = { XTR = 9 }").replace("price = 299", "price = 1"))
    found = [each for each in advise(file, means(SEPAY, accounts=(account,))) if "account" in each.message]
    assert [(each.message, each.values["word"]) for each in found] == ([advice] if advice else [])
    assert not any("account" in each.message for each in advise(file, means(CASSO, accounts=(account,))))
    assert all(account.account in said(each.message, each.values) for each in found)


STARS_RULE = "advice-stars-price"


@pytest.mark.parametrize(
    ("written", "with_means", "payable"),
    [
        (PRICE, means(), True),
        (PRICE, means(CASSO, accounts=()), False),
        (PRICE, means(PAYOS, accounts=()), True),
        (PRICE, means(VNPAY, accounts=()), True),
        (PRICE, means(SEPAY_PG, accounts=()), True),
        (PRICE, means(SEPAY_PG, accounts=(), at_web=False), False),
        (PRICE, means(BAKONG, accounts=()), False),
        ("prices = { USD = 3 }", means(BAKONG, accounts=()), True),
        ("prices = { USD = 3 }", means(CASSO), False),
        (f'{PRICE}\npay_with = ["vnpay"]', means(CASSO), False),
        (f'{PRICE}\npay_with = ["vnpay"]', means(VNPAY), True),
        (f'{PRICE}\npay_with = ["bank"]', means(VNPAY, accounts=()), False),
    ],
)
def test_a_plan_that_nobody_can_pay_is_named(written: str, with_means: Means, payable: bool) -> None:
    found = told(written, with_means)
    assert (("advice-no-way", "One month") in found) is not payable
    assert ("advice-no-way", "One month") not in told(written)


def test_where_nobody_can_pay_for_anything_it_is_said_once() -> None:
    found = advise(parse_shop_file(GOOD), means(CASSO, accounts=()))
    assert [each.message for each in found] == [STARS_RULE, STARS_RULE, NOBODY]
    assert "python -m app gateway list" in said(found[-1].message, found[-1].values)


@pytest.mark.parametrize("lang", ["vi_VN.UTF-8", "en_US.UTF-8"])
def test_the_words_say_what_to_write(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.setenv("LC_ALL", lang)
    advice = advise(parse_shop_file(GOOD), None)[0]
    words = said(advice.message, advice.values)
    assert words.startswith("App · One month:")
    assert "prices = { XTR = 150 }" in words
    assert ONLY_STARS in words
    assert "zalo" not in words.lower(), "nobody can buy there"


def test_validate_prints_it_after_fine_and_is_content() -> None:
    done = command("validate")
    first, *advice = done.out.splitlines()
    assert (done.code, "is fine" in first) == (0, True)
    assert advice
    assert all(line.startswith("⚠ ") and line.count("⚠") == 1 for line in advice)
    assert not any("no gateway that is set up" in line for line in advice)


async def test_the_doctor_says_it_in_short_and_of_a_real_shop_alone(tmp_path: Path) -> None:
    shop = {"shop_file": ROOT / "shop.toml", "database_url": f"sqlite:///{tmp_path}/shop.db"}
    account = {"bank_bin": "970422", "bank_account": "1", "bank_holder": "NGUYEN VAN A"}
    async with patient(**shop, **account, telegram_bot_token="7:dummy", casso_checksum_key="dummy") as real:
        found = await check(real)
    assert [each.message for each in found][:2] == ["shop-file-fine", "doctor-stars"]
    assert found[1].values["count"] == 4
    assert {each.message for each in found[2:]} == {"advice-currency"}
    assert all(each.mark is Mark.MISSING for each in found[1:])
    assert not any("⚠" in line for line in as_lines([("shop", each) for each in found])), "each line has one mark"
    async with patient(**shop) as toy:
        assert [each.message for each in await check(toy)] == ["shop-file-fine"]


async def test_the_doctor_leaves_it_to_the_bank_to_say_that_nobody_can_pay() -> None:
    async with patient(shop_file=ROOT / "shop.toml", casso_checksum_key="dummy") as shop:
        assert NOBODY not in {each.message for each in await check(shop)}
