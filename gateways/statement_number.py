"""Amounts of đồng as statements write them: 1.234.567,00 or 1,234,567.00 or 1234567, with a sign or without.

Nothing is guessed. A point or comma before three digits parts thousands where all parts are right, for đồng have no
decimals; two other digits behind the last one are decimals and must be noughts. What may be read in two ways, or would
lose a part of a đồng, is refused.
"""

import re

from gateways.notice_fields import MAX_AMOUNT
from gateways.statement_row import Cell

_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,'])[0-9]{3})(?:\1[0-9]{3})*")
_PLAIN = re.compile(r"[0-9]{1,16}")
_DECIMALS = re.compile(r"(.+)([.,])0{1,6}")
_CURRENCY = re.compile(r"VN[D\u0111]|\u0111|\u20ab", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "--", "0"})
_WAYS = {"CR": 1, "C": 1, "DR": -1, "D": -1}


class NoAmount(ValueError):
    """This is no amount of whole đồng."""


def read_amount(cell: Cell) -> int:
    """Read signed đồng; an empty cell or a dash is 0. Raises NoAmount."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float | None):
        raise NoAmount(str(cell))
    if cell is None:
        return 0
    amount = _counted(cell) if isinstance(cell, int | float) else _written(cell)
    if abs(amount) > MAX_AMOUNT:
        raise NoAmount(str(cell))
    return amount


def _counted(cell: float) -> int:
    """Compared before it is turned: infinity has no whole number."""
    if abs(cell) <= MAX_AMOUNT and cell == int(cell):
        return int(cell)
    raise NoAmount(str(cell))


def _written(cell: str) -> int:
    text = "".join(_CURRENCY.sub("", cell).split()).upper().replace("\u2212", "-")
    if text in _NOTHING:
        return 0
    sign, digits = _signed(text)
    return sign * _digits(digits)


def _signed(text: str) -> tuple[int, str]:
    """A sign before or behind, brackets, or the letters of a debit and a credit: only one of them."""
    if text.startswith("(") and text.endswith(")"):
        return -1, text[1:-1]
    for letters, sign in _WAYS.items():
        if text.endswith(letters) and text[: -len(letters)][-1:].isdigit():
            return sign, text[: -len(letters)]
    for mark, sign in (("-", -1), ("+", 1)):
        if text.startswith(mark):
            return sign, text[1:]
        if text.endswith(mark):
            return sign, text[:-1]
    return 1, text


def _digits(text: str) -> int:
    if whole := _whole(text):
        return int(whole)
    cents = _DECIMALS.fullmatch(text)
    whole = _whole(cents[1], not_parted_by=cents[2]) if cents else ""
    if not whole:
        raise NoAmount(text)
    return int(whole)


def _whole(text: str, not_parted_by: str = "") -> str:
    """The digits of a whole number, thousands parted by one and the same mark; "" for anything else."""
    if _PLAIN.fullmatch(text):
        return text
    grouped = _GROUPED.fullmatch(text)
    return "" if grouped is None or grouped[1] == not_parted_by else text.replace(grouped[1], "")
