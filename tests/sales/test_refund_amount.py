"""Amounts as admins type them, with their currency and what stands behind them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.money import EXPONENTS, Money
from sales.refund_amount import MOST, Wish, currency_named, read_amount, read_wish, write_amount


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("50000", 50_000),
        ("50.000", 50_000),
        ("50,000", 50_000),
        ("50k", 50_000),
        ("50K", 50_000),
        ("1.250.000", 1_250_000),
        ("50.000đ", 50_000),
        ("50kđ", 50_000),
        ("50000VND", 50_000),
        ("50.000₫", 50_000),
        ("1", 1),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, minor: int) -> None:
    assert read_amount(typed) == minor


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0",
        "0k",
        "-5",
        "+5",
        "5.0000",
        "50.00",
        "1.5tr",
        "50 000",
        "k",
        "5e4",
        "５０",
        "50usd",
        "9" * 14,
        "9" * 11 + "k",
    ],
)
def test_what_could_mean_another_amount_is_none(typed: str) -> None:
    assert read_amount(typed) is None


@pytest.mark.parametrize("group", [".999", ",999", ".000"])
@pytest.mark.parametrize("groups", [5, 9, 1_300])
def test_groups_are_bounded_as_digits_are(groups: int, group: str) -> None:
    assert read_amount("999" + group * groups) is None
    assert read_amount("9" + group * 4) == int("9" + group[1:] * 4) == MOST // 1000**4 * 1000**4 + int(group[1:] * 4)
    assert read_amount("99" + group * 4) is None
    assert read_amount("9" + group * 4 + "k") is None
    assert read_amount(f"{MOST}") == MOST


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("12", "USD", 1_200),
        ("12.50", "USD", 1_250),
        ("12,50$", "USD", 1_250),
        ("12USD", "USD", 1_200),
        ("100", "XTR", 100),
        ("100⭐", "XTR", 100),
        ("1.000xtr", "XTR", 1_000),
        ("20.000៛", "KHR", 20_000),
        ("20k", "KHR", 20_000),
    ],
)
def test_amounts_of_other_currencies_are_read_too(typed: str, currency: str, minor: int) -> None:
    assert read_amount(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("12.5", "USD"),
        ("1.250", "USD"),
        ("12k", "USD"),
        ("50đ", "USD"),
        ("12$", "XTR"),
        ("50đ", "XTR"),
        ("0.00", "USD"),
    ],
)
def test_an_amount_of_another_currency_is_none(typed: str, currency: str) -> None:
    assert read_amount(typed, currency) is None


@pytest.mark.parametrize(
    ("word", "currency"),
    [
        ("VND", "VND"),
        ("vnđ", "VND"),
        ("Đ", "VND"),
        ("d", "VND"),
        ("₫", "VND"),
        ("usd", "USD"),
        ("$", "USD"),
        ("US$", "USD"),
        ("khr", "KHR"),
        ("៛", "KHR"),
        ("XTR", "XTR"),
        ("Stars", "XTR"),
        ("⭐", "XTR"),
        ("⭐\ufe0f", "XTR"),
        ("", None),
        ("đồng", None),
        ("sao", None),
        ("EUR", None),
        ("79k", None),
    ],
)
def test_currencies_are_named_by_name_and_sign(word: str, currency: str | None) -> None:
    assert currency_named(word) == currency


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("", Wish("", None, "")),
        ("79k", Wish("79k", None, "")),
        ("79k VND", Wish("79k", "VND", "")),
        ("79k đ khách đổi ý", Wish("79k", "VND", "khách đổi ý")),
        ("79.000 ₫", Wish("79.000", "VND", "")),
        ("79kđ thêm", Wish("79kđ", "VND", "thêm")),
        ("3.20 USD twice", Wish("3.20", "USD", "twice")),
        ("3,20$", Wish("3,20$", "USD", "")),
        ("20khr", Wish("20khr", "KHR", "")),
        ("20kr", Wish("20kr", "KHR", "")),
        ("100 Stars", Wish("100", "XTR", "")),
        ("VND", Wish("", "VND", "")),
        ("⭐ sorry", Wish("", "XTR", "sorry")),
        ("đồng ý hoàn", Wish("", None, "đồng ý hoàn")),
        ("79k đồng ý hoàn", Wish("79k", None, "đồng ý hoàn")),
        ("khách đổi ý 79k VND", Wish("", None, "khách đổi ý 79k VND")),
        ("79kđ USD", Wish("79kđ", "VND", "USD")),
        ("-5", Wish("-5", None, "")),
        ("1,5tr", Wish("1,5tr", None, "")),
        ("$3.20", Wish("$3.20", None, "")),
        ("US$3", Wish("US$3", None, "")),
    ],
)
def test_what_was_typed_is_parted_into_amount_currency_and_reason(typed: str, wish: Wish) -> None:
    assert read_wish(typed.split()) == wish


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Money(79_000), "79000 VND"),
        (Money(320, "USD"), "3.20 USD"),
        (Money(5, "USD"), "0.05 USD"),
        (Money(100, "XTR"), "100 XTR"),
    ],
)
def test_amounts_are_written_for_anybody(amount: Money, written: str) -> None:
    assert write_amount(amount) == written


@given(st.integers(1, 10**12), st.sampled_from(sorted(EXPONENTS)))
def test_what_is_written_is_read_again(minor: int, currency: str) -> None:
    wish = read_wish(write_amount(Money(minor, currency)).split())
    assert (wish.currency, wish.reason) == (currency, "")
    assert read_amount(wish.amount, currency) == minor


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_somehow(text: str) -> None:
    wish = read_wish(text.split())
    assert read_amount(wish.amount, wish.currency or "VND") is None or wish.amount


@pytest.mark.parametrize("word", ["thừa", "Thừa", "thu\u031b\u0300a", "thua", "surplus", "SURPLUS"])
def test_the_surplus_is_named_in_place_of_an_amount(word: str) -> None:
    assert read_wish([word, "usd", "trả", "nhầm"]) == Wish("", "USD", "trả nhầm", surplus=True)


@pytest.mark.parametrize("words", [["tiền", "thừa"], ["thừathãi"], ["dư"], ["5k", "thừa"], []])
def test_the_word_elsewhere_is_a_reason(words: list[str]) -> None:
    assert not read_wish(words).surplus
