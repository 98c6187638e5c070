"""Where a plan is sold and what it may be paid with, the shop's other accounts, its terms."""

import pytest

from app.shop_file import parse_shop_file
from app.words import mistakes
from sales.catalogue import FiledAccount
from sales.way import Rule, Way
from tests.app.test_shop_file import GOOD, broken

PRICE = "price = 79_000"
PLAN = ("product", 0, "plan", 0)
ACCOUNT = """
[[account]]
bank = "Vietcombank"
account = "0071000123456"
holder = "NGUYEN VAN A"
"""


def rule(written: str) -> Rule:
    """The rule of the first plan, with these lines after its price."""
    return parse_shop_file(GOOD.replace(PRICE, f"{PRICE}\n{written}")).products[0].plans[0].rule


def test_a_plan_that_says_nothing_is_sold_everywhere_for_anything() -> None:
    assert rule("") == Rule()


def test_a_list_of_ways_holds_on_every_channel() -> None:
    found = rule('sell_on = ["telegram"]\npay_with = ["stars", "bank"]')
    assert found == Rule(("telegram",), {"": ("stars", "bank")})
    assert found.allows("zalo", Way("casso", "VND", 1, bank=True))
    assert not found.allows("telegram", Way("vnpay", "VND"))


def test_a_table_of_ways_holds_where_it_says() -> None:
    found = rule('pay_with = { telegram = ["stars"], zalo = ["bank"] }')
    assert found == Rule((), {"telegram": ("stars",), "zalo": ("bank",)})
    assert rule('[product.plan.pay_with]\ntelegram = ["stars"]') == Rule((), {"telegram": ("stars",)})
    assert rule('pay_with.telegram = ["sepay-pg", "bakong", "vnpay"]').pay_with["telegram"] == (
        "sepay-pg",
        "bakong",
        "vnpay",
    )


@pytest.mark.parametrize(
    ("written", "message", "place", "field"),
    [
        ('sell_on = ["facebook"]', "mistake-choice", ("sell_on", 0), "sell_on"),
        ('sell_on = "telegram"', "mistake-list", ("sell_on",), "sell_on"),
        ("sell_on = []", "mistake-none", ("sell_on",), "sell_on"),
        ('pay_with = ["stars", "paypal"]', "mistake-choice", ("pay_with", 1), "pay_with"),
        ('pay_with = ["casso"]', "mistake-choice", ("pay_with", 0), "pay_with"),
        ("pay_with = []", "mistake-none", ("pay_with",), "pay_with"),
        ('pay_with = "stars"', "mistake-ways", ("pay_with",), "pay_with"),
        ("pay_with = 3", "mistake-ways", ("pay_with",), "pay_with"),
        ("pay_with = [1]", "mistake-text", ("pay_with", 0), "pay_with"),
        ('pay_with = { telegram = ["cash"] }', "mistake-choice", ("pay_with", "telegram", 0), "telegram"),
        ('pay_with = { telegram = "stars" }', "mistake-ways", ("pay_with", "telegram"), "telegram"),
        ("pay_with = { telegram = [] }", "mistake-none", ("pay_with", "telegram"), "telegram"),
        ('pay_with = { facebook = ["stars"] }', "mistake-unknown", ("pay_with", "facebook"), "facebook"),
        ('pay_with = { everywhere = ["stars"] }', "mistake-unknown", ("pay_with", "everywhere"), "everywhere"),
    ],
)
def test_an_unknown_name_is_told_with_its_place(
    written: str, message: str, place: tuple[str | int, ...], field: str
) -> None:
    (found,) = broken(GOOD.replace(PRICE, f"{PRICE}\n{written}"))
    assert (found.message, found.place, found.line) == (message, (*PLAN, *place), 15)
    assert found.values["field"] == field


def test_the_names_that_are_known_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    (told,) = mistakes(broken(GOOD.replace(PRICE, f'{PRICE}\npay_with = ["cash"]')))
    assert told.endswith('pay_with 1: "pay_with" must be one of: bank, sepay-pg, vnpay, bakong, stars.')


def test_more_accounts_may_be_named() -> None:
    more = 'bank = "970415"\naccount = "111"\nholder = "NGUYEN VAN A"\nword = "SEVQR"\nvirtual = "VA1"\n'
    found = parse_shop_file(f"{GOOD}{ACCOUNT}[[account]]\n{more}").accounts
    assert found == (
        FiledAccount("970436", "0071000123456", "NGUYEN VAN A"),
        FiledAccount("970415", "111", "NGUYEN VAN A", "SEVQR", "VA1"),
    )
    assert parse_shop_file(GOOD).accounts == ()


@pytest.mark.parametrize(
    ("good", "bad", "message", "key"),
    [
        ('"Vietcombank"', '"Moonbank"', "mistake-bank-unknown", "bank"),
        ('"Vietcombank"', '"timo"', "mistake-bank-ambiguous", "bank"),
        ('"Vietcombank"', "970436", "mistake-text", "bank"),
        ('"0071000123456"', '"0071 000"', "mistake-account", "account"),
        ('"0071000123456"', '""', "mistake-account", "account"),
        ('"NGUYEN VAN A"', '""', "mistake-empty", "holder"),
        ('"NGUYEN VAN A"', '"A\\nB"', "mistake-holder", "holder"),
        ('"NGUYEN VAN A"', '"A"\nword = "sevqr"', "mistake-word", "word"),
        ('"NGUYEN VAN A"', '"A"\nvirtual = "1-2"', "mistake-account", "virtual"),
        ('"NGUYEN VAN A"', '"A"\nvirtual = "0071000123456"', "mistake-account-twice", "virtual"),
    ],
)
def test_a_wrong_account_is_told_with_its_place(good: str, bad: str, message: str, key: str) -> None:
    (found,) = broken(GOOD + ACCOUNT.replace(good, bad))
    assert (found.message, found.place) == (message, ("account", 0, key))
    assert (GOOD + ACCOUNT.replace(good, bad)).splitlines()[found.line - 1].startswith(key)
    assert mistakes([found])


def test_one_account_is_named_once() -> None:
    (found,) = broken(GOOD + ACCOUNT + ACCOUNT)
    assert (found.message, found.place) == ("mistake-account-twice", ("account", 1, "account"))


def test_the_terms_are_words_or_an_address() -> None:
    assert parse_shop_file(GOOD).terms == ""
    for terms in ("Không đổi trả.", "https://example.com/terms", "t" * 600):
        assert parse_shop_file(GOOD.replace("[shop]", f'[shop]\nterms = "{terms}"')).terms == terms
    (found,) = broken(GOOD.replace("[shop]", f'[shop]\nterms = "{"t" * 601}"'))
    assert (found.message, found.place) == ("mistake-too-long", ("shop", "terms"))
