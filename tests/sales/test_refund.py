"""Amounts as people type them, and where the money that is given back is taken from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.money import Money
from sales.posting import Account, Posting, balanced
from sales.refund import HELD, Means, means_of, owing, read_amount, sending


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
    "typed", ["", "0", "0k", "-5", "+5", "5.0000", "50.00", "1.5tr", "50 000", "k", "5e4", "５０", "50usd", "9" * 14]
)
def test_what_could_mean_another_amount_is_none(typed: str) -> None:
    assert read_amount(typed) is None


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


def test_each_currency_goes_back_by_its_own_means() -> None:
    means = {currency: means_of(currency) for currency in ("VND", "XTR", "USD", "KHR")}
    assert means == {"VND": Means.VIETQR, "XTR": Means.STARS, "USD": Means.BY_HAND, "KHR": Means.BY_HAND}


def test_what_bought_nothing_is_given_back_first() -> None:
    held = {Account.REVENUE: 100, Account.UNPLACED: 30, Account.CREDIT: 10, Account.DEPOSIT: 20}
    assert owing(held, Money(75)) == (
        Posting(Account.REFUND_OWED, Money(-75)),
        Posting(Account.CREDIT, Money(10)),
        Posting(Account.DEPOSIT, Money(20)),
        Posting(Account.UNPLACED, Money(30)),
        Posting(Account.REVENUE, Money(15)),
    )


def test_more_than_is_held_cannot_be_booked() -> None:
    with pytest.raises(ValueError, match="more than"):
        owing({Account.CREDIT: 10, Account.RECEIVED: 1000, Account.REFUND_OWED: 1000}, Money(11))


amounts = st.integers(0, 10**9)


@given(st.dictionaries(st.sampled_from(HELD), amounts), st.integers(1, 10**9))
def test_owing_balances_and_takes_no_more_than_lies_there(held: dict[Account, int], minor: int) -> None:
    if minor > sum(held.values()):
        with pytest.raises(ValueError, match="more than"):
            owing(held, Money(minor))
        return
    lines = owing(held, Money(minor))
    assert balanced(lines)
    assert all(0 < line.amount.minor <= held[line.account] for line in lines[1:])


def test_sending_moves_it_from_owed_to_paid() -> None:
    assert sending(Money(5)) == (Posting(Account.REFUND_OWED, Money(5)), Posting(Account.REFUND_PAID, Money(-5)))
