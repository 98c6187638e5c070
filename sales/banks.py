"""The banks of Vietnam that NAPAS reaches, found by number or by any name people use for them.

Source: vietqr.io's public list of banks (2025-10), compared with the lists of the npm packages
vietnam-qr-pay 1.5.1 and vietqrjs 2.0.1: the numbers agree.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from sales.errors import Tell
from sales.memo import fold


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank or wallet; `bin` is its six-digit NAPAS number, `aliases` are other names in lower case."""

    code: str
    bin: str
    short_name: str
    name: str
    aliases: tuple[str, ...]


class UnknownBank(Tell):
    """No bank has this name; `text` is what was asked."""


class AmbiguousBank(Tell):
    """Several banks have this name: `candidates`, best asked about by their full names."""

    def __init__(self, text: str, candidates: tuple[Bank, ...]) -> None:
        names = ", ".join(f"{bank.short_name} ({bank.bin})" for bank in candidates)
        super().__init__("bank-ambiguous", text=text, candidates=names)
        self.candidates = candidates


COMMON = ("VCB", "MB", "TCB", "BIDV", "ICB", "VBA", "ACB", "VPB", "TPB", "STB", "VIB", "HDB")
"""What most people bank with, by code: the big state-owned banks and the most used apps."""


def banks_by_use() -> tuple[Bank, ...]:
    """Every bank, the common ones first, the others by name."""
    places = {code: place for place, code in enumerate(COMMON)}
    return tuple(sorted(_load()[0], key=lambda bank: (places.get(bank.code, len(places)), fold(bank.short_name))))


def bank_by_bin(bin: str) -> Bank | None:  # noqa: A002 - the field's own name
    """Look up the six-digit number; None when no bank has it."""
    return _by_bin().get(bin)


def find_bank(text: str) -> Bank:
    """Find a bank by code, number, short or full name or alias; case, blanks and diacritics do not matter.

    Raises UnknownBank, or AmbiguousBank where people mean more than one bank by the name ("timo", "bvb").
    """
    found = _by_name().get(fold(text), ())
    if not found:
        raise UnknownBank("bank-unknown", text=text)
    if len(found) > 1:
        raise AmbiguousBank(text, found)
    return found[0]


@lru_cache(maxsize=1)
def _by_bin() -> dict[str, Bank]:
    return {bank.bin: bank for bank in _load()[0]}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, tuple[Bank, ...]]:
    banks, ambiguous = _load()
    by_code = {bank.code: bank for bank in banks}
    meant: dict[str, dict[str, Bank]] = defaultdict(dict)
    for bank in banks:
        for name in (bank.code, bank.bin, bank.short_name, bank.name, *bank.aliases):
            meant[fold(name)][bank.code] = bank
    for name, codes in ambiguous.items():
        meant[fold(name)] |= {code: by_code[code] for code in codes}
    return {name: tuple(found.values()) for name, found in meant.items()}


@lru_cache(maxsize=1)
def _load() -> tuple[tuple[Bank, ...], dict[str, list[str]]]:
    """Read the list once, when it is first asked for."""
    data = json.loads(files("sales").joinpath("banks.json").read_text(encoding="utf-8"))
    banks = tuple(
        Bank(row["code"], row["bin"], row["shortName"], row["name"], tuple(row["aliases"])) for row in data["banks"]
    )
    return banks, data["ambiguousAliases"]
