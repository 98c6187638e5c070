from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales.credit import Lot, draw, joined, rest, totals, without
from sales.ids import OrderId
from sales.money import Money

quick = settings(max_examples=200, deadline=timedelta(seconds=2))


def lot(order: int, minor: int, currency: str = "VND") -> Lot:
    return Lot(OrderId(order), f"KX{order}", Money(minor, currency))


def minors(lots: list[Lot]) -> list[tuple[int, int]]:
    return [(each.order, each.amount.minor) for each in lots]


lots = st.lists(st.integers(-50, 100), max_size=6).map(
    lambda minors: [lot(place, minor) for place, minor in enumerate(minors)]
)


def test_the_oldest_goes_first_and_no_more_than_is_wanted() -> None:
    mine = [lot(1, 30), lot(2, 50), lot(3, 10)]
    assert minors(draw(mine, Money(45))) == [(1, 30), (2, 15)]
    assert minors(draw(mine, Money(500))) == [(1, 30), (2, 50), (3, 10)]


def test_currencies_never_mix() -> None:
    mine = [lot(1, 30), lot(2, 50, "USD")]
    assert minors(draw(mine, Money(60, "USD"))) == [(2, 50)]
    assert totals(mine) == {"VND": 30, "USD": 50}


def test_one_more_joins_what_lies_on_its_order_in_its_currency() -> None:
    mine = [lot(1, 30), lot(2, -50), lot(2, 7, "USD")]
    assert joined(mine, lot(2, 60)) == [lot(1, 30), lot(2, 7, "USD"), lot(2, 10)]
    assert without(joined(mine, lot(1, 5)), {(OrderId(1), "VND"): 34})[-1] == lot(1, 1)
    assert joined([], lot(3, 5)) == [lot(3, 5)]


def test_what_was_taken_back_counts_against_what_is_left() -> None:
    assert minors(draw([lot(1, -40), lot(2, 50)], Money(50))) == [(2, 10)]
    assert draw([lot(1, -60), lot(2, 50)], Money(50)) == []
    assert totals([lot(1, -60), lot(2, 50)]) == {"VND": -10}


def test_equal_and_opposite_lots_are_nothing() -> None:
    assert totals([lot(1, -50), lot(2, 50)]) == {}


@quick
@given(mine=lots, most=st.integers(0, 300))
def test_never_more_is_drawn_than_there_is_than_is_wanted_or_than_lies_on_one_order(mine: list[Lot], most: int) -> None:
    taken = draw(mine, Money(most))
    sum_of = sum(each.amount.minor for each in taken)
    assert sum_of == max(min(most, totals(mine).get("VND", 0)), 0)
    lies = {each.order: each.amount.minor for each in mine}
    assert all(0 < each.amount.minor <= lies[each.order] for each in taken)


def test_what_is_promised_otherwise_is_not_free() -> None:
    mine = [lot(1, 30), lot(2, 50), lot(3, -5)]
    assert minors(without(mine, {(OrderId(1), "VND"): 30, (OrderId(2), "VND"): 20})) == [(2, 30), (3, -5)]
    assert minors(without(mine, {(OrderId(2), "USD"): 50})) == [(1, 30), (2, 50), (3, -5)]


def test_a_promise_of_more_than_credit_takes_nothing_from_other_orders() -> None:
    assert minors(without([lot(1, 10), lot(2, 50)], {(OrderId(1), "VND"): 40})) == [(2, 50)]
    assert minors(without([lot(1, -10)], {(OrderId(1), "VND"): 40})) == [(1, -10)]


@pytest.mark.parametrize(
    ("price", "have", "left"),
    [
        (Money(79_000), {}, 79_000),
        (Money(79_000), {"VND": 20_000}, 59_000),
        (Money(79_000), {"USD": 20_000}, 79_000),
        (Money(79_000), {"VND": 90_000}, 0),
        (Money(79_000), {"VND": 78_500}, 0),
        (Money(79_000), {"VND": 78_499}, 501),
        (Money(400), {}, 400),
        (Money(320, "USD"), {"USD": 319}, 1),
    ],
)
def test_what_credit_leaves_of_a_price(price: Money, have: dict[str, int], left: int) -> None:
    assert rest(price, have, 500) == Money(left, price.currency)
