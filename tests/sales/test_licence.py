import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales.licence import ALPHABET, KEY_BYTES, expiry, format_key, normalise_key

KEY = format_key(bytes(range(10)))
quick = settings(max_examples=80, deadline=None)
keys = st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES).map(format_key)


def test_the_alphabet_is_32_symbols_without_0_o_1_i() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") - set(ALPHABET) == set("0O1I")


@pytest.mark.parametrize(
    ("random", "key"),
    [
        (bytes(10), "2222-2222-2222-2222"),
        (b"\xff" * 10, "ZZZZ-ZZZZ-ZZZZ-ZZZZ"),
        (bytes(9) + b"\x01", "2222-2222-2222-2223"),
        (b"\x80" + bytes(9), "J222-2222-2222-2222"),
        (sum(value << 5 * (15 - value) for value in range(16)).to_bytes(10, "big"), "2345-6789-ABCD-EFGH"),
    ],
)
def test_each_symbol_holds_five_bits(random: bytes, key: str) -> None:
    assert format_key(random) == key


@quick
@given(keys)
def test_a_key_is_four_groups_of_four(key: str) -> None:
    assert re.fullmatch(f"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{3}}", key)


@quick
@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES))
def test_no_bit_is_lost(random: bytes) -> None:
    number = 0
    for symbol in format_key(random).replace("-", ""):
        number = number * 32 + ALPHABET.index(symbol)
    assert number.to_bytes(KEY_BYTES, "big") == random


@pytest.mark.parametrize("size", [0, 9, 11, 16])
def test_a_key_is_made_of_ten_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="10 bytes"):
        format_key(bytes(size))


@quick
@given(keys, st.sampled_from([" ", "-", "", " - ", "\u00a0", "\n", "–", "_"]))
def test_case_blanks_and_dashes_are_forgiven(key: str, between: str) -> None:
    assert normalise_key(key) == key
    assert normalise_key(f"\t{key.lower().replace('-', between)} ") == key
    assert normalise_key(between.join(key)) == key


@pytest.mark.parametrize("typed", ["1", "I", "i", "l", "L"])
def test_one_and_i_are_read_as_the_l_they_look_like(typed: str) -> None:
    assert normalise_key(f"ABC{typed}-2345-6789-WXYZ") == "ABCL-2345-6789-WXYZ"


@pytest.mark.parametrize("typed", ["0", "O", "o"])
def test_zero_and_o_stand_in_no_key_and_are_not_guessed(typed: str) -> None:
    assert normalise_key(f"ABC{typed}-2345-6789-WXYZ") is None


@pytest.mark.parametrize(
    "text", ["", "-", KEY[:-1], KEY + "2", KEY + KEY, "XXXX-XXXX-XXXX-XXX中", "/start", "A" * 10_000]
)
def test_what_cannot_be_a_key_is_none(text: str) -> None:
    assert normalise_key(text) is None


@quick
@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    key = normalise_key(text)
    assert key is None or normalise_key(key) == key


START = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


def test_a_plan_ends_after_its_days_to_the_second() -> None:
    assert expiry(START, 30) == datetime(2026, 12, 21, 18, 30, tzinfo=UTC)
    assert expiry(START, 365) == START + timedelta(days=365)


def test_a_lifetime_never_ends() -> None:
    assert expiry(START, None) is None
