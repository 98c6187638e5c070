"""Whole numbers in every spelling that is exact, and in no other."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from gateways.dong_text import Dong, dong, whole

any_text = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("written", "number"),
    [(92704, 92704), ("92704", 92704), (92704.0, 92704), (0, 0), ("0", 0), (0.0, 0), ("007", 7), (1e5, 100_000)],
)
def test_a_whole_number_is_read_in_any_exact_spelling(written: object, number: int) -> None:
    assert whole(written) == dong(written) == number
    assert type(whole(written)) is int


@pytest.mark.parametrize("written", ["100000.00", "100000.0", "100000.000000", "100000"])
def test_amounts_may_have_zeros_behind_a_point(written: str) -> None:
    assert dong(written) == 100_000


@pytest.mark.parametrize("written", ["123.00", "123.0"])
def test_ids_may_not(written: str) -> None:
    with pytest.raises(ValueError, match="no whole number"):
        whole(written)


@pytest.mark.parametrize(
    "written",
    [
        *(True, False, None, [], {}, b"1", -1, -1.0, 0.5, 199000.5, 1e-9, float("inf"), float("nan")),
        *("", " ", "x", "-1", "+1", "1e5", "1_000", "1,000", "199.000,00", "٣", "1 ", "\n1", "1\n", "1.00\n"),
        *("1.", ".00", "1.5", "1.001", "1.0.0", "0x10", "9" * 17, "1.0000000"),
    ],
)
def test_nothing_is_guessed(written: object) -> None:
    with pytest.raises(ValueError, match="no whole number"):
        dong(written)


@pytest.mark.parametrize("spelt", ["9007199254740993.0", "9007199254740992.0", "1e16", "1e300"])
def test_a_number_that_was_rounded_is_none(spelt: str) -> None:
    with pytest.raises(ValueError, match="no whole number"):
        whole(json.loads(spelt))
    assert whole(json.loads("9007199254740993")) == 9_007_199_254_740_993


def test_somebody_has_paid_more_than_nothing_and_less_than_all_there_is() -> None:
    amount: TypeAdapter[int] = TypeAdapter(Dong)
    assert amount.validate_python("10000000000000.00") == 10**13
    for written in (0, "0.00", 10**13 + 1, "10000000000001", True, 1.5):
        with pytest.raises(ValidationError):
            amount.validate_python(written)


@given(any_text)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        number = dong(text)
    except ValueError:
        return
    assert (text.split(".", maxsplit=1)[0].lstrip("0") or "0") == str(number)


@given(st.integers(0, 10**16) | st.floats())
def test_a_number_is_itself(number: float) -> None:
    try:
        assert whole(number) == number
    except ValueError:
        assert isinstance(number, float)
