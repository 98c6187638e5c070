"""An amount to be given back as admins type it: with or without its currency, and perhaps a reason behind it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from sales.memo import fold
from sales.money import EXPONENTS, Money

_NAMES = {
    **dict.fromkeys(("vnd", "d", "₫"), "VND"),
    **dict.fromkeys(("usd", "us$", "$"), "USD"),
    **dict.fromkeys(("khr", "r", "៛"), "KHR"),
    **dict.fromkeys(("xtr", "stars", "star", "⭐"), "XTR"),
}
"""Names and signs of currencies. None is a word that a reason may begin with, such as "đồng" or "sao"."""

_UNIT = "(" + "|".join(map(re.escape, _NAMES)) + ")?"
_WHOLE = r"([0-9]{1,3}(?:[.,][0-9]{3}){1,4}|[0-9]{1,13})(k?)"
_CENTS = r"([0-9]{1,11}(?:[.,][0-9]{2})?)()"
MOST = 10**13 - 1
"""Minor units that anybody may type, in whatever form: more than banks carry, and no database refuses it."""
_SURPLUS = frozenset({"THUA", "SURPLUS"})
"""As `fold` spells the word, whatever its diacritics. As a reason it would give all back."""

_NUMBER_LIKE = re.compile(r"([+\-.,]|(us)?[$₫៛⭐])*[0-9]|[+\-.,]")
_MARK_OF_EMOJI = "\ufe0f"
_STROKED = {0x0111: "d"}  # đ: to Unicode its stroke is no mark that could be stripped


@dataclass(frozen=True, slots=True)
class Wish:
    """What stands behind the order's code: `amount` as it was typed ("": all that can go), `currency` where named.

    `surplus`: what was paid too much, in place of an amount.
    """

    amount: str
    currency: str | None
    reason: str
    surplus: bool = False


def read_wish(words: Sequence[str]) -> Wish:
    """Part the words into amount, currency and reason.

    What looks like an amount is taken for one, even when nobody could read it: as a reason it would give all back.
    """
    surplus = bool(words) and fold(words[0]) in _SURPLUS
    amount, rest = ("", words[1:]) if surplus else _parted(words)
    currency = _behind(amount)
    if currency is None and rest and (currency := currency_named(rest[0])):
        rest = rest[1:]
    return Wish(amount, currency, " ".join(rest), surplus)


def _parted(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    return (words[0], words[1:]) if words and _NUMBER_LIKE.match(_plain(words[0])) else ("", words)


def currency_named(word: str) -> str | None:
    """The currency that a word or a sign names; None when it names none."""
    return _NAMES.get(_plain(word))


def read_amount(text: str, currency: str = "VND") -> int | None:
    """Read minor units as people type them: 50000, 50.000, 50,000, 50k, and dollars as 12 or 12.50; None otherwise.

    None for more than MOST too. With or without the name or the sign of that currency behind it.
    """
    places = EXPONENTS[currency]
    found = re.fullmatch((_CENTS if places else _WHOLE) + _UNIT, _plain(text))
    if found is None or _NAMES.get(found[3], currency) != currency:
        return None
    whole = re.sub(r"[.,]", "", found[1])
    cents = 10**places if whole == found[1] else 1
    minor = int(whole) * (1000 if found[2] else 1) * cents
    return minor if 0 < minor <= MOST else None


def write_amount(amount: Money) -> str:
    """Write an amount as an admin may type it, whatever their language: "79000 VND", "3.20 USD"."""
    places = EXPONENTS[amount.currency]
    whole, cents = divmod(amount.minor, 10**places)
    return f"{whole}.{cents:0{places}} {amount.currency}" if places else f"{whole} {amount.currency}"


def _behind(amount: str) -> str | None:
    """The currency that an amount carries itself, such as 79kđ."""
    found = re.fullmatch(r"[0-9.,+\-]+k?" + _UNIT, _plain(amount))
    return _NAMES.get(found[1]) if found else None


def _plain(text: str) -> str:
    return normalize("NFC", text).casefold().removesuffix(_MARK_OF_EMOJI).translate(_STROKED)
