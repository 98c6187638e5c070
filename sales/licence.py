"""Licence keys: how they are written, how they are read back, and when they end."""

from datetime import datetime, timedelta

from sales.memo import fold

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 symbols of five bits each: no 0, O, 1 or I."""

KEY_BYTES = 10

_BITS = 5
_SYMBOLS = 16
_GROUP = 4
_MISREAD = str.maketrans("1I", "LL")


def format_key(random: bytes) -> str:
    """Write 10 random bytes (80 bits) as `XXXX-XXXX-XXXX-XXXX`; raises ValueError for any other number of bytes."""
    if len(random) != KEY_BYTES:
        raise ValueError(f"a licence key is made of {KEY_BYTES} bytes")
    number = int.from_bytes(random, "big")
    return _grouped("".join(ALPHABET[number >> _BITS * place & 31] for place in reversed(range(_SYMBOLS))))


def normalise_key(text: str) -> str | None:
    """Bring a typed key to the form `format_key` writes; None when it cannot be one.

    Case, blanks, dashes and any other mark are forgiven. 1 and I are read as L, the only one of the three that a
    key holds. 0 and O stand in no key and look like several symbols that do (Q, D, 8): no guess, None.
    """
    symbols = fold(text).translate(_MISREAD)
    return _grouped(symbols) if len(symbols) == _SYMBOLS and set(symbols) <= set(ALPHABET) else None


def expiry(start: datetime, days: int | None) -> datetime | None:
    """Tell when a plan of `days` times 24 hours ends; None, for a lifetime, never does."""
    return None if days is None else start + timedelta(days=days)


def _grouped(symbols: str) -> str:
    return "-".join(symbols[at : at + _GROUP] for at in range(0, _SYMBOLS, _GROUP))
