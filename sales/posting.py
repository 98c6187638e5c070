"""Double entry: each decision about money writes postings that sum to zero.

`received` counts what came in (positive); every other account says where it is now (negative), so that
at any hour, per shop and currency::

    received = revenue + deposit + credit + refund_owed + refund_paid + unplaced + discarded
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sales.money import Money


class Account(StrEnum):
    """The accounts of a shop's ledger."""

    RECEIVED = "received"
    REVENUE = "revenue"
    DEPOSIT = "deposit"
    CREDIT = "credit"
    REFUND_OWED = "refund_owed"
    REFUND_PAID = "refund_paid"
    UNPLACED = "unplaced"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of the ledger; the sign is as in the module's equation."""

    account: Account
    amount: Money

    @property
    def undone(self) -> "Posting":
        """The line that takes this one out of the books again."""
        return Posting(self.account, -self.amount)


def arrival(amount: Money, **places: int) -> tuple[Posting, ...]:
    """Book money that came in: `places` name accounts and how much of it, in minor units, each gets.

    A negative place takes back what an earlier posting had put there (a deposit that becomes revenue).
    Raises ValueError when the places do not add up to the amount.
    """
    if sum(places.values()) != amount.minor:
        raise ValueError(f"{amount} is not the sum of {places}")
    lines = [Posting(Account.RECEIVED, amount)]
    lines += [Posting(Account(name), Money(-minor, amount.currency)) for name, minor in places.items() if minor]
    return tuple(lines)


def release(part: Money) -> tuple[Posting, ...]:
    """Book a part that was left on an order as the buyer's credit."""
    return Posting(Account.DEPOSIT, part), Posting(Account.CREDIT, -part)


def spend(amount: Money) -> tuple[Posting, Posting]:
    """Take credit from where it lies, and put it on an order as a part; the other way round for a negative amount."""
    return Posting(Account.CREDIT, amount), Posting(Account.DEPOSIT, -amount)


def earn(part: Money) -> tuple[Posting, Posting]:
    """Book a part that lies on an order as revenue: with it the order is paid."""
    return Posting(Account.DEPOSIT, part), Posting(Account.REVENUE, -part)


def balanced(postings: Iterable[Posting]) -> bool:
    """Whether the postings sum to zero in every currency."""
    sums: dict[str, int] = {}
    for posting in postings:
        sums[posting.amount.currency] = sums.get(posting.amount.currency, 0) + posting.amount.minor
    return not any(sums.values())
