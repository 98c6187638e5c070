"""Order codes: what a buyer's bank carries in the memo, and what joins money and order.

A code is nine characters: the seller's two letters, six data symbols, one check symbol. Nine is the most
that every bank and gateway carries (payOS for accounts it is not linked to: 9).

The alphabet has 19 symbols, one of each pair that looks alike, and nothing that a Vietnamese keyboard eats:
Telex takes vowel + S F R X J, doubled vowels, D and W, VNI takes vowel + digit and D9. So no vowel, D or W.
19 is prime and the weights are all different, none 0 or -1: the check symbol gives away every single wrong
symbol and every swap of two.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from sales.errors import GiveUp, Tell
from sales.permutation import permute

ALPHABET = "23456789CFHKLMNPRTX"
LOOKALIKES = {"1": "L", "I": "L", "S": "5", "Z": "2", "B": "8", "G": "6"}
"""Characters outside the alphabet, and the symbol each is a misreading of."""

CODES = 45_873_129
"""How many codes one prefix has: all with at least two letters among their seven symbols."""

LENGTH = 9

_BASE = len(ALPHABET)
_WEIGHTS = (2, 3, 5, 7, 11, 13)
_DATA = len(_WEIGHTS)
_FEWEST_LETTERS = 2
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
_TWO_LETTERS = re.compile(r"[A-Z]{2}")
_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - frozenset("AEIOUYDW") - LOOKALIKES.keys()
_LEAST_KEY_BYTES = 16


class BadPrefix(Tell):
    """A prefix that buyers' keyboards or eyes would spoil: `shop-prefix-two-letters` or `shop-prefix-unsafe`."""


class NoMoreCodes(GiveUp):
    """All codes of the prefix are given out."""


def check_prefix(prefix: str) -> None:
    """Raise BadPrefix unless it is two capital letters of CFHJKLMNPQRTVX.

    Vowels, D and W do not survive a Telex or VNI keyboard; B, G, S and Z (like I) are read as other symbols.
    """
    if not _TWO_LETTERS.fullmatch(prefix):
        raise BadPrefix("shop-prefix-two-letters", prefix=prefix)
    if unsafe := "".join(sorted(set(prefix) - _SAFE)):
        raise BadPrefix("shop-prefix-unsafe", prefix=prefix, letters=unsafe)


def check_symbol(data: str) -> str:
    """Compute the seventh symbol of six; raises ValueError for anything but six symbols of the alphabet."""
    if len(data) != _DATA or not _VALUES.keys() >= set(data):
        raise ValueError("the data of a code is six symbols of its alphabet")
    return ALPHABET[sum(weight * _VALUES[symbol] for weight, symbol in zip(_WEIGHTS, data, strict=True)) % _BASE]


def is_code(text: str, prefix: str) -> bool:
    """Whether the text is written as a code of this prefix with a right check symbol."""
    data, check = text[2:-1], text[-1:]
    well_formed = len(text) == LENGTH and text.startswith(prefix) and _VALUES.keys() >= set(data)
    return well_formed and check_symbol(data) == check


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes the codes of one shop; `key` (16 bytes or more) is the shop's own and never changes.

    Raises BadPrefix, or ValueError for a key that is too short to hide anything.
    """

    prefix: str
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_prefix(self.prefix)
        if len(self.key) < _LEAST_KEY_BYTES:
            raise ValueError(f"a code key has {_LEAST_KEY_BYTES} bytes or more")

    def code(self, number: int) -> str:
        """Give the order of this number (from 0) its code: never the same for two numbers, and telling no volume.

        Raises NoMoreCodes from number `CODES` on, ValueError below 0.
        """
        if number >= CODES:
            raise NoMoreCodes(f"the prefix {self.prefix} has only {CODES} codes")
        data = _data_at(permute(number, CODES, self.key))
        return self.prefix + data + check_symbol(data)


def _data_at(rank: int) -> str:
    """Spell the data that stands at `rank` in the sorted list of all data with letters enough.

    Walking past a poor code to the next place of the permutation would let two numbers meet: a number whose
    own place is poor is itself on somebody's way. Counting only the good ones keeps every code apart.
    """
    data, letters, total = "", 0, 0
    for weight in _WEIGHTS:
        for value, symbol in enumerate(ALPHABET):
            after = len(data) + 1, letters + symbol.isalpha(), (total + weight * value) % _BASE
            if rank < (count := _endings(*after)):
                break
            rank -= count
        data, (_, letters, total) = data + symbol, after
    return data


@cache
def _endings(written: int, letters: int, total: int) -> int:
    """Count the ways to finish a code; `written` data symbols hold `letters` and weigh `total` modulo 19."""
    if written == _DATA:
        return int(letters + ALPHABET[total].isalpha() >= _FEWEST_LETTERS)
    weight = _WEIGHTS[written]
    return sum(
        _endings(written + 1, letters + symbol.isalpha(), (total + weight * value) % _BASE)
        for value, symbol in enumerate(ALPHABET)
    )
