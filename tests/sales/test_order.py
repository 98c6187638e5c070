from datetime import UTC, datetime

import pytest

from sales.ids import BuyerId, OrderId
from sales.money import Money
from sales.order import MOVES, Bill, Payment, sources_of

MOMENT = datetime(2026, 11, 21, 9, tzinfo=UTC)
MOVES_THAT_EXIST = {
    ("open", "paid"),
    ("open", "expired"),
    ("open", "cancelled"),
    ("expired", "paid"),
    ("cancelled", "paid"),
}


def bill(total: int, deposited: int) -> Bill:
    return Bill(
        OrderId(1), "KX2345678", BuyerId(1), Payment.OPEN, Money(total), MOMENT, MOMENT, deposits={"VND": deposited}
    )


@pytest.mark.parametrize("source", Payment)
@pytest.mark.parametrize("target", Payment)
def test_a_move_exists_or_not_as_the_table_says(source: Payment, target: Payment) -> None:
    assert (target in MOVES[source]) == ((source.value, target.value) in MOVES_THAT_EXIST)


@pytest.mark.parametrize("target", Payment)
def test_the_sources_of_a_state_are_the_table_read_backwards(target: Payment) -> None:
    assert {(source.value, target.value) for source in sources_of(target)} == {
        move for move in MOVES_THAT_EXIST if move[1] == target.value
    }


def test_every_state_has_its_row_in_the_table() -> None:
    assert set(MOVES) == set(Payment)


def test_nothing_ever_leaves_paid_and_nothing_returns_to_open() -> None:
    assert MOVES[Payment.PAID] == frozenset()
    assert sources_of(Payment.OPEN) == ()


@pytest.mark.parametrize(("deposited", "missing"), [(0, 79_000), (1, 78_999), (79_000, 0), (80_000, 0)])
def test_missing_is_what_deposits_leave_and_never_below_zero(deposited: int, missing: int) -> None:
    assert bill(79_000, deposited).missing == Money(missing)
