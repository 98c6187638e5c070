from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales.money import Money
from sales.posting import Account, Posting, arrival, balanced, earn, release, spend

quick = settings(max_examples=100, deadline=timedelta(seconds=2))
amounts = st.integers(-(10**13), 10**13)
places = st.dictionaries(st.sampled_from([each.value for each in Account if each is not Account.RECEIVED]), amounts)


def test_an_arrival_counts_what_came_and_says_where_it_is() -> None:
    assert arrival(Money(90), revenue=79, credit=11) == (
        Posting(Account.RECEIVED, Money(90)),
        Posting(Account.REVENUE, Money(-79)),
        Posting(Account.CREDIT, Money(-11)),
    )


def test_a_negative_place_takes_back_what_was_put_there() -> None:
    lines = arrival(Money(30), revenue=100, deposit=-70)
    assert Posting(Account.DEPOSIT, Money(70)) in lines
    assert balanced(lines)


def test_a_place_that_gets_nothing_gets_no_line() -> None:
    assert [line.account for line in arrival(Money(5), unplaced=5, credit=0)] == ["received", "unplaced"]


def test_every_line_is_in_the_currency_that_came() -> None:
    assert {line.amount.currency for line in arrival(Money(500, "USD"), unplaced=500)} == {"USD"}


@pytest.mark.parametrize("wrong", [{}, {"revenue": 78}, {"revenue": 80}, {"revenue": 79, "credit": 1}])
def test_places_that_do_not_add_up_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="is not the sum"):
        arrival(Money(79), **wrong)


def test_a_place_that_is_no_account_is_refused() -> None:
    with pytest.raises(ValueError, match="pocket"):
        arrival(Money(79), pocket=79)


@quick
@given(places)
def test_whatever_the_places_an_arrival_balances(shares: dict[str, int]) -> None:
    assert balanced(arrival(Money(sum(shares.values())), **shares))


@quick
@given(places, st.integers(1, 10**13))
def test_one_unit_or_more_beside_the_sum_is_refused(shares: dict[str, int], off: int) -> None:
    with pytest.raises(ValueError, match="is not the sum"):
        arrival(Money(sum(shares.values()) + off), **shares)


def test_currencies_balance_each_for_itself() -> None:
    dong, dollar = Money(100, "VND"), Money(-100, "USD")
    assert not balanced([Posting(Account.RECEIVED, dong), Posting(Account.REVENUE, dollar)])
    assert balanced([])


def test_a_part_goes_where_it_is_wanted_and_the_books_stay_balanced() -> None:
    part = Money(20)
    deposit, credit, revenue = (Posting(each, part) for each in (Account.DEPOSIT, Account.CREDIT, Account.REVENUE))
    assert spend(part) == (credit, deposit.undone)
    assert release(part) == (deposit, credit.undone)
    assert earn(part) == (deposit, revenue.undone)
    assert spend(-part) == (credit.undone, deposit)
    assert all(balanced(lines) for lines in (spend(part), release(part), earn(part)))
