"""The ledger for programs: as JSON and as a table, written line by line however big the books are."""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from app.words import as_json
from flows.check_books import Finding
from flows.open_ledger import Ledger
from sales.defused import defused
from sales.entry import Entry
from sales.money import EXPONENTS
from sales.posting import Account

COLUMNS = (
    "at",
    "cause",
    "meaning",
    "amount",
    "currency",
    "order",
    "refund",
    "told",
    "booked_at",
    "payer",
    "memo",
    "by",
    "reason",
    *Account,
)


def json_pieces(ledger: Ledger) -> Iterator[str]:
    """One JSON object, piece by piece, up to the place where its findings go; amounts are minor units."""
    head = {"shop": ledger.premises.shop.slug, "zone": ledger.premises.shop.zone, "day": _day(ledger)}
    yield as_json(head)[:-2] + f',\n  "opening": {as_json(ledger.opening())},\n  "lines": ['
    between = "\n"
    for entry in ledger.lines():
        yield between + as_json(entry_values(entry))
        between = ",\n"
    yield f'\n  ],\n  "totals": {as_json(ledger.closing())}'


def json_end(findings: list[Finding]) -> str:
    """The rest of it."""
    told = [{"kind": each.kind, "about": each.about} for each in findings]
    return f',\n  "balanced": {as_json(not findings)},\n  "findings": {as_json(told)}\n}}'


def entry_values(entry: Entry) -> dict[str, Any]:
    """One line; an amount is signed as money moves, a posting as it is written."""
    return {
        "at": entry.at.isoformat(),
        "cause": entry.cause,
        "id": entry.id,
        "meaning": entry.meaning,
        "anew": entry.anew,
        "amount": entry.amount.minor,
        "currency": entry.amount.currency,
        "order": entry.order or None,
        "refund": entry.refund or None,
        "told": list(entry.told),
        "booked_at": entry.booked_at.isoformat() if entry.booked_at else None,
        "payer": entry.payer,
        "memo": entry.memo,
        "by": entry.by or None,
        "reason": entry.reason,
        "postings": [
            {
                "account": side.posting.account,
                "amount": side.posting.amount.minor,
                "currency": side.posting.amount.currency,
                "order": side.order or None,
            }
            for side in entry.sides
        ],
    }


def write_csv(file: IO[str], ledger: Ledger) -> None:
    """A table with a row for each line and currency, between what stood there before and after."""
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for currency, accounts in ledger.opening().items():
        table.writerow(_stand("opening", currency, accounts))
    for entry in ledger.lines():
        for currency in entry.currencies:
            if ledger.currency in (None, currency):
                table.writerow(_row(entry, currency, ledger.premises.shop.zone))
    for currency, accounts in ledger.closing().items():
        table.writerow(_stand("closing", currency, accounts))


def _row(entry: Entry, currency: str, zone: str) -> list[str]:
    moved = entry.moved(currency)
    own = entry.amount.currency == currency
    return [
        _local(entry.at, zone),
        entry.cause,
        entry.meaning,
        _decimal(entry.amount.minor, currency) if own else "",
        currency,
        entry.order,
        entry.refund,
        defused(", ".join(entry.told)),
        _local(entry.booked_at, zone) if entry.booked_at else "",
        defused(entry.payer),
        defused(entry.memo),
        defused(entry.by),
        defused(entry.reason),
        *(_decimal(moved[account], currency) if account in moved else "" for account in Account),
    ]


def _stand(name: str, currency: str, accounts: Mapping[Account, int]) -> list[str]:
    blanks = [""] * (len(COLUMNS) - len(Account) - 5)
    return ["", name, "", "", currency, *blanks, *(_decimal(accounts[account], currency) for account in Account)]


def _decimal(minor: int, currency: str) -> str:
    """An amount as spreadsheets count: with a point, and no sign of the currency."""
    places = EXPONENTS[currency]
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat(sep=" ", timespec="seconds")


def _day(ledger: Ledger) -> str | None:
    return None if ledger.day is None else ledger.day.isoformat()
