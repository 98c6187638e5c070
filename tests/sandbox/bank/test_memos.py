"""The shapes are real ones: whoever looks closely still finds the code, whoever compares does not."""

import re

import pytest

from sandbox.bank.memos import LINE, SHAPES, Garbler, replaced, wrapped

CODE = "KX7R2M9CF"


def letters(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_the_code_is_changed_around_but_still_there(shape: object) -> None:
    assert callable(shape)
    memo = shape(CODE)
    assert memo != CODE
    assert CODE in letters(memo)


def test_a_line_break_falls_inside_the_code() -> None:
    memo = wrapped(CODE)
    assert CODE not in memo
    assert "KX7  R2M9CF" in memo
    assert memo[LINE : LINE + 2] == "  "


def test_a_replaced_memo_holds_nothing_of_the_code() -> None:
    assert CODE[2:] not in letters(replaced(CODE))


def test_the_garbler_goes_round() -> None:
    garble = Garbler()
    first = [garble(CODE) for _ in SHAPES]
    assert len(set(first)) == len(SHAPES)
    assert garble(CODE) == first[0]
