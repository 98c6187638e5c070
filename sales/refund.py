"""Money that is given back: from which accounts of the ledger it is taken, and how it stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sales.ids import OrderId, PeerId, RefundId
from sales.memo import fold
from sales.money import EXPONENTS, Money
from sales.payee import Payee
from sales.posting import Account, Posting
from sales.vietqr import shop_qr

LAPSE = timedelta(minutes=15)
"""How long a refund that was asked for may be confirmed."""

HELD = (Account.CREDIT, Account.DEPOSIT, Account.UNPLACED, Account.REVENUE)
"""Where an order's money lies, in the order in which it is given back: what bought nothing goes first."""

_WHOLE = r"([0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{1,13})(k?)"
_CENTS = r"([0-9]{1,11}(?:[.,][0-9]{2})?)()"
_UNIT = r"([^\W\d_]{0,3}|[₫៛$⭐])"
_UNITS = {"VND": ("", "D", "VND"), "KHR": ("", "R", "KHR"), "USD": ("", "USD"), "XTR": ("", "XTR")}
_SIGNS = {"VND": "₫", "KHR": "៛", "USD": "$", "XTR": "⭐"}


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


def read_amount(text: str, currency: str = "VND") -> int | None:
    """Read minor units as people type them: 50000, 50.000, 50,000, 50k, and dollars as 12 or 12.50; None otherwise.

    With or without the name or the sign of that currency behind it.
    """
    places = EXPONENTS[currency]
    found = re.fullmatch((_CENTS if places else _WHOLE) + _UNIT, text.casefold())
    if found is None or not (found[3] == _SIGNS[currency] or _names(found[3], currency)):
        return None
    whole = re.sub(r"[.,]", "", found[1])
    cents = 10**places if whole == found[1] else 1
    return int(whole) * (1000 if found[2] else 1) * cents or None


def _names(unit: str, currency: str) -> bool:
    """Whether it is the currency's name, or none; another's sign must not pass for none once it is folded."""
    return (unit.isalpha() or not unit) and fold(unit) in _UNITS[currency]
