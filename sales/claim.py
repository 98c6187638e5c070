"""A buyer says that a transfer was theirs: what they tell of it, and which money it may be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sales.ids import BuyerId, OrderId, PeerId
from sales.money import Money
from sales.transfer import Payer

MOST_OPEN = 3
"""How many claims of one buyer may wait for an answer."""
MOST_A_DAY = 5
"""How many claims one buyer may make in 24 hours."""
MOST_AN_HOUR = 20
"""How many claims all buyers of a shop together may make in an hour: admins read every one."""

NEAR = timedelta(hours=48)
"""How far the bank's moment may lie from the buyer's: people say "yesterday", and banks often give only a date."""


class ClaimState(StrEnum):
    """Where a claim stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a buyer says of a transfer: how much, when, and the last digits of the account it came from ("": unknown).

    `order` is the one it was meant for, None where they name none; `transfer` the money it was accepted for. UTC times.
    """

    id: int
    buyer: BuyerId
    peer: PeerId
    order: OrderId | None
    amount: Money
    moved_at: datetime
    tail: str
    state: ClaimState
    created_at: datetime
    transfer: int | None = None


@dataclass(frozen=True, slots=True)
class Loose:
    """Money that waits for a person (`review`) because nobody could say whose it is.

    `at` is the bank's moment, or ours where it gave none (UTC).
    """

    transfer: int
    review: int
    amount: Money
    memo: str
    payer: Payer
    at: datetime


def fitting(claim: Claim, loose: Iterable[Loose]) -> list[Loose]:
    """Those that may be what the buyer means, the likeliest first.

    A payer's account that ends otherwise speaks against it; one that the bank has not named speaks neither way.
    """
    found = [each for each in loose if _may_be(claim, each)]
    return sorted(found, key=lambda each: (not _ends_so(claim, each), abs(each.at - claim.moved_at), each.transfer))


def _may_be(claim: Claim, loose: Loose) -> bool:
    near = loose.amount == claim.amount and abs(loose.at - claim.moved_at) <= NEAR
    return near and (_ends_so(claim, loose) or not claim.tail or not loose.payer.account)


def _ends_so(claim: Claim, loose: Loose) -> bool:
    return bool(claim.tail) and loose.payer.account.endswith(claim.tail)
