"""A line of the ledger as people read it: what happened, when, and what it did to which account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sales.money import Money
from sales.posting import Account, Posting

Totals = dict[str, dict[Account, int]]
"""Currency → account → minor units, signed as postings are written."""


class Cause(StrEnum):
    """What postings come from; each has exactly one cause."""

    DECISION = "decision"
    REFUND = "refund"
    SPEND = "spend"


class Step(StrEnum):
    """What a refund or credit did when it wrote postings."""

    OWED = "owed"
    PAID = "paid"
    CAME_BACK = "came_back"
    CALLED_OFF = "called_off"
    SPENT = "spent"
    UNSPENT = "unspent"


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` (UTC, None: the first day) up to but not including `until` (None: now)."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies in it."""
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Side:
    """A posting with the code of the order whose money it moves, "" for money of no order."""

    order: str
    posting: Posting


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision, one step of a refund, or one spending of credit, with all it has booked; times are UTC.

    `meaning` is a Meaning of a decision, else a Step. `amount` is signed as money moves: negative went out. `anew`:
    an earlier decision about the same transfer is revised here. `told` names who told of the transfer, `by` who decided
    and `reason` why; `payer` shows the end of an account only. `booked_at` is the bank's own moment.
    """

    at: datetime
    cause: Cause
    id: int
    meaning: str
    amount: Money
    sides: tuple[Side, ...]
    order: str = ""
    refund: str = ""
    anew: bool = False
    told: tuple[str, ...] = ()
    payer: str = ""
    memo: str = ""
    by: str = ""
    reason: str = ""
    booked_at: datetime | None = None

    def moved(self, currency: str) -> dict[Account, int]:
        """What it did to each account in that currency, counted as people count: all positive when money arrives."""
        sums: dict[Account, int] = {}
        for side in self.sides:
            if side.posting.amount.currency == currency:
                account = side.posting.account
                sums[account] = sums.get(account, 0) + counted(account, side.posting.amount.minor)
        return {account: minor for account, minor in sums.items() if minor}

    @property
    def currencies(self) -> tuple[str, ...]:
        """Those it is about: its own first, then any other in which it has booked something."""
        booked = (side.posting.amount.currency for side in self.sides)
        return tuple(dict.fromkeys((self.amount.currency, *booked)))


def counted(account: Account, minor: int) -> int:
    """Turn the sign of a posting into the one people expect: `received` = the sum of all others."""
    return minor if account is Account.RECEIVED else -minor


def add_up(totals: Totals, entry: Entry) -> None:
    """Add what an entry has booked to totals."""
    for side in entry.sides:
        amount = side.posting.amount
        accounts = totals.setdefault(amount.currency, {})
        accounts[side.posting.account] = accounts.get(side.posting.account, 0) + amount.minor


def equal(one: Mapping[str, Mapping[Account, int]], other: Mapping[str, Mapping[Account, int]]) -> bool:
    """Whether two totals say the same; an account with nothing on it need not be named."""
    return _named(one) == _named(other)


def _named(totals: Mapping[str, Mapping[Account, int]]) -> dict[tuple[str, Account], int]:
    return {(currency, account): minor for currency, sums in totals.items() for account, minor in sums.items() if minor}
