"""Prices per currency in a shop file: exact, bounded, and told of when they are wrong."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.shop_file import parse_shop_file
from app.shop_file.prices import MOST_DOLLARS, MOST_RIELS, MOST_STARS
from sales.money import Money
from sales.vietqr import LARGEST
from tests.app.test_shop_file import GOOD, broken

PRICE = "price = 79_000"
PLAN = ("product", 0, "plan", 0)


def prices(written: str) -> tuple[Money, ...]:
    """The prices of the first plan, with this line in the place of its price."""
    return parse_shop_file(GOOD.replace(PRICE, written)).products[0].plans[0].prices


def test_prices_stand_in_the_order_they_are_shown_in() -> None:
    written = f"prices = {{ XTR = 150, KHR = 12_500, USD = 3.20 }}\n{PRICE}"
    assert prices(written) == (Money(79_000), Money(320, "USD"), Money(12_500, "KHR"), Money(150, "XTR"))


def test_prices_may_be_a_table_of_their_own_or_keys_with_dots() -> None:
    table = f"{PRICE}\n[product.plan.prices]\nUSD = 3.2\nVND = 80_000\n"
    assert [mistake.message for mistake in broken(GOOD.replace(PRICE, table))] == ["mistake-price-twice"]
    assert prices(table.replace(PRICE, "")) == (Money(80_000), Money(320, "USD"))
    assert prices("prices.USD = 3.2\nprices.XTR = 150") == (Money(320, "USD"), Money(150, "XTR"))


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("3", 300),
        ("3.2", 320),
        ("3.20", 320),
        ('"3.20"', 320),
        ('"3"', 300),
        ("0.01", 1),
        ("19.99", 1999),
        ("1e2", 10_000),
    ],
)
def test_dollars_are_read_to_the_cent(written: str, cents: int) -> None:
    assert prices(f"prices = {{ USD = {written} }}") == (Money(cents, "USD"),)


@given(st.integers(1, MOST_DOLLARS * 100))
def test_no_cent_is_lost_on_any_amount(cents: int) -> None:
    dollars = Decimal(cents).scaleb(-2)
    assert prices(f"prices = {{ USD = {dollars:f} }}") == (Money(cents, "USD"),)
    assert prices(f'prices = {{ USD = "{dollars:f}" }}') == (Money(cents, "USD"),)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("USD = 3.205", "mistake-dollars"),
        ("USD = 1.500", "mistake-dollars"),
        ("USD = 3.20000000000000000000000000000000001", "mistake-dollars"),
        ("USD = inf", "mistake-dollars"),
        ("USD = nan", "mistake-dollars"),
        ("USD = true", "mistake-dollars"),
        ("USD = []", "mistake-dollars"),
        ('USD = "3,20"', "mistake-dollars"),
        ('USD = "$3"', "mistake-dollars"),
        ('USD = "٣"', "mistake-dollars"),
        ('USD = ""', "mistake-dollars"),
        ("USD = 0", "mistake-too-small"),
        ("USD = 0.00", "mistake-too-small"),
        ("USD = -3.20", "mistake-too-small"),
        (f"USD = {MOST_DOLLARS}.01", "mistake-too-big"),
        ("USD = 1e999999", "mistake-too-big"),
        ("KHR = 12_500.5", "mistake-number"),
        ("KHR = 12.500", "mistake-thousands"),
        ("KHR = 0", "mistake-too-small"),
        (f"KHR = {MOST_RIELS + 1}", "mistake-too-big"),
        ("XTR = 150.0", "mistake-number"),
        ("XTR = -1", "mistake-too-small"),
        (f"XTR = {MOST_STARS + 1}", "mistake-too-big"),
        (f"VND = {LARGEST + 1}", "mistake-too-big"),
        ("EUR = 3", "mistake-currency"),
        ("usd = 3", "mistake-currency"),
    ],
)
def test_a_wrong_price_is_told_with_its_place(written: str, message: str) -> None:
    (found,) = broken(GOOD.replace(PRICE, f"prices = {{ {written} }}"))
    assert (found.message, found.line, found.place) == (message, 14, (*PLAN, "prices", written.split(maxsplit=1)[0]))
    (found,) = broken(GOOD.replace(PRICE, f"[product.plan.prices]\n{written}"))
    assert (found.message, found.line) == (message, 15)


def test_the_largest_prices_are_taken() -> None:
    written = f"prices = {{ USD = {MOST_DOLLARS}, KHR = {MOST_RIELS}, XTR = {MOST_STARS}, VND = {LARGEST} }}"
    assert [price.minor for price in prices(written)] == [LARGEST, MOST_DOLLARS * 100, MOST_RIELS, MOST_STARS]


def test_in_a_line_of_several_only_the_number_meant_is_told_of() -> None:
    (found,) = broken(GOOD.replace(PRICE, 'prices = { KHR = 12_500, XTR = "1.500", USD = 3 }'))
    assert (found.message, found.values["field"]) == ("mistake-number", "XTR")
    (found,) = broken(GOOD.replace(PRICE, "prices = { KHR = 12,500, XTR = 150 }"))
    assert (found.message, found.values["right"], found.line) == ("mistake-thousands", "12_500", 14)


@pytest.mark.parametrize("written", ["", "prices = {}", "[product.plan.prices]"])
def test_a_plan_without_any_price_is_a_mistake(written: str) -> None:
    (found,) = broken(GOOD.replace(PRICE, written))
    assert (found.message, found.place, found.values) == ("mistake-no-price", PLAN, {"name": "One month"})


@pytest.mark.parametrize("written", ["prices = 79_000", 'prices = "3"', "prices = [3]"])
def test_prices_must_be_a_table(written: str) -> None:
    (found,) = broken(GOOD.replace(PRICE, written))
    assert (found.message, found.place) == ("mistake-table", (*PLAN, "prices"))
