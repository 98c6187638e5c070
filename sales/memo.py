"""Find order codes in a transfer memo, whatever banks and keyboards have done to it.

Banks wrap lines inside a word, turn blanks into dots, glue their own text to both ends, strip marks, change
the case. So the memo is folded to bare A-Z0-9 first, and no word boundary is ever looked for.
"""

import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from string import ascii_uppercase, digits

from sales.codes import ALPHABET, LENGTH, LOOKALIKES, is_code

LONGEST = 20_000
"""Characters of a memo that are read at all; real ones have a few hundred."""

LONGEST_GUESSED = 1_000
"""Folded characters in which slips are looked for: guessing costs hundreds of tries at each prefix."""

_KEPT = frozenset(ascii_uppercase + digits)
_FORGIVEN = str.maketrans(LOOKALIKES)
_STROKED = {0x0110: "D"}  # Đ: to Unicode its stroke is no mark that could be stripped
_SYMBOLS = LENGTH - 2


def fold(memo: str) -> str:
    """Reduce a text to A-Z0-9: full width made plain, marks stripped, đ to D, upper case, all else dropped."""
    return "".join(map(_folded, memo[:LONGEST]))


def codes_in(memo: str, prefix: str) -> tuple[str, ...]:
    """List the distinct codes of the prefix in the order they stand, look-alikes put right.

    Every place where the prefix stands is tried. A look-alike is never a symbol of the alphabet, so forgiving
    it cannot spoil what was written right. A code found may still belong to no order.
    """
    return tuple(dict.fromkeys(_written(_read(memo), prefix)))


def suggestions(memo: str, prefix: str, open_codes: Collection[str]) -> tuple[str, ...]:
    """List the open codes that the memo may mean, in the order found: for an admin to decide, never for settling.

    That is a code without its prefix, or one slip away: a wrong symbol, two swapped, one left out. What
    `codes_in` finds is not repeated.
    """
    text = _read(memo)
    certain, wanted = set(_written(text, prefix)), frozenset(open_codes)
    guesses = dict.fromkeys(guess for guess in _guesses(text[:LONGEST_GUESSED], prefix) if guess in wanted)
    return tuple(guess for guess in guesses if guess not in certain)


def _read(memo: str) -> str:
    return fold(memo).translate(_FORGIVEN)


# One character at a time is linear for every text; normalising a whole text is not, for a long run of marks.
@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character).upper().translate(_STROKED)
    return "".join(filter(_KEPT.__contains__, plain))


def _written(text: str, prefix: str) -> Iterator[str]:
    return (code for at in _places(text, prefix) if is_code(code := text[at : at + LENGTH], prefix))


def _places(text: str, prefix: str) -> Iterator[int]:
    at = text.find(prefix)
    while at >= 0:
        yield at
        at = text.find(prefix, at + 1)


def _guesses(text: str, prefix: str) -> Iterator[str]:
    for at in range(len(text) - _SYMBOLS + 1):
        symbols = text[at : at + _SYMBOLS]
        if not symbols.isdigit():
            yield prefix + symbols
    for at in _places(text, prefix):
        yield from (prefix + symbols for symbols in _slips(text[at + 2 : at + LENGTH]))
    for at in _places(text, prefix[0]):
        if text[at + 2 : at + 3] == prefix[1]:
            yield prefix + text[at + 1] + text[at + 3 : at + LENGTH]


def _slips(written: str) -> Iterator[str]:
    """Undo, in every possible way, a swap, a wrong symbol and a missing one."""
    for at in range(len(written)):
        before, after = written[:at], written[at:]
        yield before + after[1:2] + after[:1] + after[2:]
        yield from (before + symbol + after[1:] for symbol in ALPHABET)
    for at in range(_SYMBOLS):
        yield from (written[:at] + symbol + written[at : _SYMBOLS - 1] for symbol in ALPHABET)
