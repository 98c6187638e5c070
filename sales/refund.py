"""Money that is given back: from which accounts of the ledger it is taken, and how it stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sales.ids import OrderId, PeerId, RefundId
from sales.memo import fold
from sales.money import Money
from sales.payee import Payee
from sales.posting import Account, Posting
from sales.vietqr import shop_qr

LAPSE = timedelta(minutes=15)
"""How long a refund that was asked for may be confirmed."""

HELD = (Account.CREDIT, Account.DEPOSIT, Account.UNPLACED, Account.REVENUE)
"""Where an order's money lies, in the order in which it is given back: what bought nothing goes first."""

_AMOUNT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{1,13})(k?)([^\W\d_]{0,3}|₫)")
_UNITS = ("", "D", "VND")


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


def read_amount(text: str) -> int | None:
    """Read whole VND as people type them: 50000, 50.000, 50,000, 50k, with or without a currency; None otherwise."""
    found = _AMOUNT.fullmatch(text.casefold())
    if found is None or fold(found[3]) not in _UNITS:
        return None
    return int(re.sub(r"[.,]", "", found[1])) * (1000 if found[2] else 1) or None
