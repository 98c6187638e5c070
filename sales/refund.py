"""Money that is given back: from which accounts of the ledger it is taken, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sales.ids import OrderId, PeerId, RefundId
from sales.money import Money
from sales.payee import Payee
from sales.posting import Account, Posting
from sales.vietqr import shop_qr

LAPSE = timedelta(minutes=15)
"""How long a refund that was asked for may be confirmed."""

HELD = (Account.CREDIT, Account.DEPOSIT, Account.UNPLACED, Account.REVENUE)
"""Where an order's money lies, in the order in which it is given back: what bought nothing goes first."""


class Means(StrEnum):
    """How money goes back: by a VietQR that an admin scans, by Telegram itself, or as the admin sees to it."""

    VIETQR = "vietqr"
    STARS = "stars"
    BY_HAND = "by_hand"


def means_of(currency: str) -> Means:
    """How money of that currency goes back."""
    return {"VND": Means.VIETQR, "XTR": Means.STARS}.get(currency, Means.BY_HAND)


class State(StrEnum):
    """Where a refund stands; one that was asked for and never confirmed stays asked and can no longer be confirmed."""

    ASKED = "asked"
    DROPPED = "dropped"
    OWED = "owed"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Refund:
    """An amount of one order to be given back; `payee` is a proposal until `confirmed_at`. Times are UTC.

    `held` is what lay there for the order when it was asked for, in the same currency.
    """

    id: RefundId
    order: OrderId
    amount: Money
    held: Money
    state: State
    reason: str
    memo: str
    payee: Payee
    created_at: datetime
    asked_by: PeerId | None
    owed_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: PeerId | None
    sent_at: datetime | None
    sent_by: PeerId | None

    @property
    def mark(self) -> str:
        """Names this refund to this account, for buttons: it changes when another account is named."""
        return f"{self.id}:{self.payee.mark}"

    @property
    def means(self) -> Means:
        """How it goes back."""
        return means_of(self.amount.currency)

    @property
    def payable(self) -> bool:
        """Whether it is owed to an account that somebody has confirmed."""
        return self.state is State.OWED and self.confirmed_at is not None

    @property
    def qr(self) -> str:
        """The VietQR that pays it; raises BadQr while no account is named."""
        return shop_qr(self.payee.bin, self.payee.account, self.amount.minor, self.memo)


def owing(held: Mapping[Account, int], amount: Money) -> tuple[Posting, ...]:
    """Book a refund as owed: taken from what is held for the order, account after account.

    Raises ValueError when less is held than the amount.
    """
    lines, left = [Posting(Account.REFUND_OWED, Money(-amount.minor, amount.currency))], amount.minor
    for account in HELD:
        taken = min(left, max(held.get(account, 0), 0))
        if taken:
            lines.append(Posting(account, Money(taken, amount.currency)))
            left -= taken
    if left:
        raise ValueError(f"{amount} is more than what is held")
    return tuple(lines)


def sending(amount: Money) -> tuple[Posting, ...]:
    """Book an owed refund as paid."""
    return (
        Posting(Account.REFUND_OWED, amount),
        Posting(Account.REFUND_PAID, Money(-amount.minor, amount.currency)),
    )
