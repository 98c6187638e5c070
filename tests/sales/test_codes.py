from collections import Counter
from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sales.codes import (
    ALPHABET,
    CODES,
    LENGTH,
    LOOKALIKES,
    BadPrefix,
    Mint,
    NoMoreCodes,
    _data_at,
    check_prefix,
    check_symbol,
    is_code,
)
from sales.errors import GiveUp, Tell

KEY = bytes(range(32))
MINT = Mint("KX", KEY)
WEIGHTS = (2, 3, 5, 7, 11, 13)

numbers = st.integers(0, CODES - 1)
data = st.text(ALPHABET, min_size=6, max_size=6)
quick = settings(max_examples=80, deadline=None)


def test_the_alphabet_has_no_vowel_no_d_or_w_and_one_of_each_look_alike_pair() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 19
    assert not set(ALPHABET) & set("AEIOUYDW01")
    assert not set(ALPHABET) & LOOKALIKES.keys()
    assert set(LOOKALIKES.values()) <= set(ALPHABET)


CHECKED = {
    "222222": "2",
    "322222": "4",
    "232222": "5",
    "223222": "7",
    "222322": "9",
    "222232": "K",
    "222223": "M",
    "XXXXXX": "R",
    "K7M4PX": "4",
}


@pytest.mark.parametrize(("written", "check"), CHECKED.items())
def test_the_check_symbol_is_the_weighted_sum_modulo_19(written: str, check: str) -> None:
    total = sum(weight * ALPHABET.index(symbol) for weight, symbol in zip(WEIGHTS, written, strict=True))
    assert check_symbol(written) == check == ALPHABET[total % 19]


@pytest.mark.parametrize("written", ["", "22222", "2222222", "22222O", "k22222", "２22222"])
def test_what_is_not_six_symbols_has_no_check_symbol(written: str) -> None:
    with pytest.raises(ValueError, match="six symbols"):
        check_symbol(written)


@quick
@given(data)
def test_every_wrong_symbol_is_caught(written: str) -> None:
    code = "KX" + written + check_symbol(written)
    assert is_code(code, "KX")
    wrong = [code[:at] + symbol + code[at + 1 :] for at in range(2, LENGTH) for symbol in ALPHABET]
    assert not any(is_code(text, "KX") for text in wrong if text != code)


@quick
@given(data)
def test_every_swap_of_two_symbols_is_caught(written: str) -> None:
    symbols = written + check_symbol(written)
    for one, other in combinations(range(7), 2):
        swapped = list(symbols)
        swapped[one], swapped[other] = symbols[other], symbols[one]
        assert "".join(swapped) == symbols or not is_code("KX" + "".join(swapped), "KX")


@pytest.mark.parametrize("spoil", [str.lower, lambda code: code[:-1], lambda code: code + "2", lambda code: " " + code])
def test_only_nine_plain_characters_are_a_code(spoil: Callable[[str], str]) -> None:
    assert is_code(MINT.code(7), "KX")
    assert not is_code(spoil(MINT.code(7)), "KX")


def test_a_code_of_another_prefix_is_none_of_ours() -> None:
    assert not is_code(MINT.code(7), "KT")
    assert not is_code("", "KX")


@quick
@given(numbers)
def test_a_minted_code_is_a_code_with_two_letters_or_more(number: int) -> None:
    code = MINT.code(number)
    assert len(code) == LENGTH == 9
    assert is_code(code, "KX")
    assert sum(symbol.isalpha() for symbol in code[2:]) >= 2


@quick
@given(numbers, numbers)
def test_two_numbers_never_share_their_data(one: int, other: int) -> None:
    # The alphabet is in ASCII order, so a strictly rising list is a list without repetition; that
    # numbers reach each of its places once is test_permutation's part.
    assume(one != other)
    assert (_data_at(one) < _data_at(other)) == (one < other)
    assert MINT.code(one) != MINT.code(other)


def test_the_codes_are_exactly_those_with_letters_enough() -> None:
    assert (_data_at(0), _data_at(CODES - 1)) == ("22222C", "XXXXXX")
    assert _is_rich("22222C")
    assert not _is_rich("22222X")
    assert 19**6 - _poor() == CODES


def _is_rich(written: str) -> bool:
    return sum(symbol.isalpha() for symbol in written + check_symbol(written)) >= 2


def _poor() -> int:
    """Count, another way, data with no letter, and with one letter and a digit as check symbol."""
    poor = 8**6
    for place in range(6):
        sums = Counter({0: 1})
        for at, weight in enumerate(WEIGHTS):
            values = range(8, 19) if at == place else range(8)
            sums = _spread(sums, [weight * value for value in values])
        poor += sum(count for total, count in sums.items() if total < 8)
    return poor


def _spread(sums: Counter[int], steps: list[int]) -> Counter[int]:
    after: Counter[int] = Counter()
    for total, count in sums.items():
        for step in steps:
            after[(total + step) % 19] += count
    return after


def test_a_run_of_orders_never_repeats_a_code() -> None:
    codes = [MINT.code(number) for number in range(5_000)]
    assert len(set(codes)) == len(codes)
    assert sorted(codes) != codes


@quick
@given(st.binary(min_size=16, max_size=32), st.binary(min_size=16, max_size=32))
def test_two_shops_number_their_codes_differently(one: bytes, other: bytes) -> None:
    # HMAC pads a short key with zero bytes: keys that differ only there are one key.
    assume(one.rstrip(b"\0") != other.rstrip(b"\0"))
    first = [Mint("KX", one).code(number) for number in range(8)]
    second = [Mint("KX", other).code(number) for number in range(8)]
    assert first != second


def test_codes_stay_what_they_are_over_versions() -> None:
    assert [MINT.code(number) for number in (0, 1, 2, CODES - 1)] == PINNED


def test_beyond_the_last_code_there_is_a_clear_end() -> None:
    MINT.code(CODES - 1)
    with pytest.raises(NoMoreCodes, match=f"KX has only {CODES} codes") as end:
        MINT.code(CODES)
    assert isinstance(end.value, GiveUp)
    with pytest.raises(ValueError, match="-1"):
        MINT.code(-1)


def test_a_mint_keeps_its_key_to_itself() -> None:
    assert "key" not in repr(MINT)
    assert repr(KEY) not in repr(MINT)


@pytest.mark.parametrize("key", [b"", b"short", bytes(15)])
def test_a_key_too_short_mints_nothing(key: bytes) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Mint("KX", key)


@pytest.mark.parametrize("prefix", ["KX", "LT", "QR", "MM", "CF", "HJ", "NP", "VL"])
def test_letters_that_keyboards_leave_alone_make_a_prefix(prefix: str) -> None:
    check_prefix(prefix)
    assert is_code(Mint(prefix, KEY).code(3), prefix)


@pytest.mark.parametrize("prefix", ["", "K", "KXT", "kx", "K7", "K ", "KX\n", "ĐK", "ＫＸ"])
def test_a_prefix_is_two_capital_letters(prefix: str) -> None:
    with pytest.raises(BadPrefix) as refused:
        check_prefix(prefix)
    assert refused.value.message == "shop-prefix-two-letters"
    assert refused.value.values == {"prefix": prefix}


@pytest.mark.parametrize("letter", "AEIOUYDWBGSZ")
def test_a_letter_that_would_be_spoilt_is_named(letter: str) -> None:
    for prefix in (f"K{letter}", f"{letter}K"):
        with pytest.raises(BadPrefix) as refused:
            Mint(prefix, KEY)
        assert isinstance(refused.value, Tell)
        assert refused.value.message == "shop-prefix-unsafe"
        assert refused.value.values == {"prefix": prefix, "letters": letter}


PINNED = ["KXHPKM339", "KXC6HMH2M", "KXLRXL8LL", "KX5T3P2HL"]
