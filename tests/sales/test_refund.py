"""Where the money that is given back is taken from, and by which means it goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.money import Money
from sales.order import Payment
from sales.posting import Account, Posting, balanced
from sales.refund import HELD, Means, calling_off, coming_back, idle_of, means_of, owing, sending, what_is_left


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


def test_calling_off_puts_back_what_was_taken_however_often_it_was_sent() -> None:
    owed = owing({Account.CREDIT: 30, Account.REVENUE: 70}, Money(80))
    for booked in (owed, owed + sending(Money(80)), (owed + sending(Money(80))) + coming_back(Money(80))):
        off = calling_off(booked, Money(80))
        assert balanced(off)
        assert {line.account: line.amount.minor for line in off} == {
            Account.CREDIT: -30,
            Account.REVENUE: -50,
            Account.REFUND_OWED: 80,
        }


@pytest.mark.parametrize(("payment", "idle"), [("open", 6), ("paid", 6), ("expired", 16), ("cancelled", 16)])
def test_what_has_bought_nothing_is_idle(payment: str, idle: int) -> None:
    held = {Account.CREDIT: 5, Account.UNPLACED: 1, Account.DEPOSIT: 10, Account.REVENUE: 100}
    assert sum(idle_of(held, Payment(payment)).values()) == idle


def test_what_is_overdrawn_is_not_idle() -> None:
    assert idle_of({Account.CREDIT: -5, Account.UNPLACED: 3}, Payment.PAID) == {Account.UNPLACED: 3}


@pytest.mark.parametrize(("debt", "credit", "part"), [(-5, -30, -50), (0, -30, -50), (40, -40, -40), (900, -80, 0)])
def test_a_part_that_a_gateway_has_taken_back_meanwhile_fills_the_credit_it_left_below_zero(
    debt: int, credit: int, part: int
) -> None:
    owed = owing({Account.CREDIT: 30, Account.DEPOSIT: 50}, Money(80))
    off = calling_off(owed, Money(80), debt)
    assert balanced(off)
    lies: dict[Account, int] = {}
    for line in off:
        lies[line.account] = lies.get(line.account, 0) + line.amount.minor
    assert lies == {Account.CREDIT: credit, Account.DEPOSIT: part, Account.REFUND_OWED: 80}


@pytest.mark.parametrize(
    ("taken", "waiting", "left"),
    [
        ({}, {1, 2}, {1: 79, 2: 50}),
        ({2: -50}, {1, 2}, {1: 79, 2: 0}),
        ({None: -80}, {1, 2}, {1: 0, 2: 49}),
        ({2: -60}, {1, 2}, {1: 69, 2: 0}),
        ({9: -50}, {1}, {1: 79, 2: 0}),
        ({None: -200}, {1, 2}, {1: 0, 2: 0}),
    ],
)
def test_refunds_take_of_the_money_they_name_then_of_what_waits_no_more_then_of_the_oldest(
    taken: dict[int | None, int], waiting: set[int | None], left: dict[int | None, int]
) -> None:
    assert what_is_left({1: 79, 2: 50}, taken, waiting) == left


def test_what_a_gateway_took_back_is_of_what_waits_no_more() -> None:
    assert what_is_left({1: 79, 2: 79, 3: -79}, {}, {1}) == {1: 79, 2: 0, 3: 0}
