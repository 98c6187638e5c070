"""Amounts as statements write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.notice_fields import MAX_AMOUNT
from gateways.statement_number import NoAmount, read_amount

AMOUNTS = st.integers(0, MAX_AMOUNT)


def grouped(amount: int, mark: str) -> str:
    return f"{amount:,}".replace(",", mark)


@given(AMOUNTS, st.sampled_from([(".", ","), (",", "."), ("'", "."), (" ", ","), ("\u00a0", ",")]), st.integers(0, 2))
def test_every_amount_is_read_in_every_way_of_writing_it(amount: int, marks: tuple[str, str], decimals: int) -> None:
    cents = marks[1] + "0" * decimals if decimals else ""
    assert read_amount(grouped(amount, marks[0]) + cents) == amount
    assert read_amount(str(amount)) == read_amount(amount) == read_amount(float(amount)) == amount


@given(
    st.integers(1, MAX_AMOUNT),
    st.sampled_from(["-{}", "({})", "{}-", "- {}", "{} DR", "{}D", "-{} VND", "\u2212{}", "({}) VN\u0110"]),
)
def test_a_sign_is_read_wherever_it_stands(amount: int, form: str) -> None:
    assert read_amount(form.format(grouped(amount, "."))) == -amount


@given(st.integers(1, MAX_AMOUNT), st.sampled_from(["+{}", "{}+", "{} CR", "{}C", "{} \u0111", "{}\u20ab", " {} vnd "]))
def test_money_in_may_be_marked_too(amount: int, form: str) -> None:
    assert read_amount(form.format(grouped(amount, ","))) == amount


@pytest.mark.parametrize("cell", [None, "", " ", "-", "--", "0", "0,00", "0.000", 0, 0.0])
def test_nothing_is_nought(cell: str | float | None) -> None:
    assert read_amount(cell) == 0


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("79.000", 79_000),
        ("79,000", 79_000),
        ("1.234,000", 1234),
        ("1234.00", 1234),
        ("1,0", 1),
        ("0000079000", 79_000),
    ],
)
def test_what_a_mark_means_is_told_by_what_stands_around_it(cell: str, amount: int) -> None:
    assert read_amount(cell) == amount


@pytest.mark.parametrize(
    "cell",
    [
        "1.234.567.00",  # a mark cannot part thousands and decimals
        "12.34.567",
        "1,234.567",
        "1.234,56",  # no part of a đồng may be lost
        "1.5",
        "1,23",
        ".000",
        "1e6",
        "1.23E+06",
        "=A1+B1",
        "nan",
        "--5",
        "-(5)",
        "+-5",
        "5CRDR",
        "\u0663\u0664",  # digits, but of no statement here
        "12345678901234567",
        "100000000000000",
        "Trang 1/3",
        True,
        1.5,
        float("nan"),
        float("inf"),
        -1e300,
        MAX_AMOUNT + 1,
    ],
)
def test_what_could_be_read_in_two_ways_or_not_at_all_is_refused(cell: str | float) -> None:
    with pytest.raises(NoAmount):
        read_amount(cell)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        amount = read_amount(text)
    except NoAmount:
        return
    assert abs(amount) <= MAX_AMOUNT
    assert not amount or any(letter in "123456789" for letter in text)
