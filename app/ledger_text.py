"""The ledger for people: what it adds up to, then a line for each movement, in the shop's own time."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.words import said
from sales.money import Money
from sales.posting import Account


def ledger_lines(told: Mapping[str, Any], zone: str) -> list[str]:
    """What `show_ledger` has told, written in `zone` (an IANA name)."""
    end = "ledger-balanced" if told["balanced"] else "ledger-unbalanced"
    moves = [*_transfers(told, zone), *_refunds(told, zone)]
    return [*_totals(told), said(end, {}), "", *(moves or [said("ledger-empty", {})])]


def _totals(told: Mapping[str, Any]) -> Iterator[str]:
    """What came in, and of it where it is; an account with nothing on it is passed over."""
    for currency, accounts in told["totals"].items():
        for account in Account:
            if account is Account.RECEIVED or accounts[account]:
                yield said("ledger-total", {"account": account, "amount": Money(accounts[account], currency)})


def _transfers(told: Mapping[str, Any], zone: str) -> Iterator[str]:
    for each in told["transfers"]:
        values = {
            "at": datetime.fromisoformat(each["booked_at"] or each["seen_at"]),
            "amount": Money(each["amount"], each["currency"]),
            "code": each["order"] or "-",
            "meaning": each["decision"],
            "sources": ", ".join(f"{by['source']} {by['ref']}" for by in each["told"]),
        }
        yield said("ledger-transfer", values, zone)


def _refunds(told: Mapping[str, Any], zone: str) -> Iterator[str]:
    """Those that were confirmed: money that is owed, or was sent."""
    for each in told["refunds"]:
        if each["owed_at"]:
            at = datetime.fromisoformat(each["sent_at"] or each["owed_at"])
            values = {"at": at, "amount": Money(each["amount"], each["currency"]), "code": each["order"]}
            yield said("ledger-refund", values | {"state": each["state"]}, zone)
