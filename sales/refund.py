"""Money that is given back: from which accounts of the ledger it is taken, and how it stands."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sales.ids import OrderId, PeerId, RefundId
from sales.money import Money
from sales.order import Payment
from sales.payee import Payee
from sales.posting import Account, Posting, release
from sales.vietqr import shop_qr

LAPSE = timedelta(minutes=15)
"""How long a refund that was asked for may be confirmed."""

HELD = (Account.CREDIT, Account.DEPOSIT, Account.UNPLACED, Account.REVENUE)
"""Where an order's money lies, in the order in which it is given back: what bought nothing goes first."""


class Means(StrEnum):
    """How money goes back.

    By a VietQR that an admin scans; by payOS, which pays out of the shop's account there; by VNPay, to the card it came
    from; by Telegram itself; or as the admin sees to it.
    """

    VIETQR = "vietqr"
    PAYOUT = "payout"
    VNPAY = "vnpay"
    STARS = "stars"
    BY_HAND = "by_hand"


TO_AN_ACCOUNT = frozenset({Means.VIETQR, Means.PAYOUT})
"""Means that need an account somebody has confirmed; the others send money back whence it came."""


def means_of(currency: str) -> Means:
    """How money of that currency goes back unless an admin chooses otherwise."""
    return {"VND": Means.VIETQR, "XTR": Means.STARS}.get(currency, Means.BY_HAND)


class State(StrEnum):
    """Where a refund stands; one that was asked for and never confirmed stays asked and can no longer be confirmed.

    SENT is the word of an admin, or of a gateway that has accepted it; SETTLED is the word of a bank or gateway that
    the money has gone. FAILED (the gateway could not) and RETURNED (it bounced) owe it once more.
    """

    ASKED = "asked"
    DROPPED = "dropped"
    APPROVED = "approved"
    SENT = "sent"
    SETTLED = "settled"
    FAILED = "failed"
    RETURNED = "returned"


OWED = frozenset({State.APPROVED, State.FAILED, State.RETURNED})
"""States in which the shop owes the money."""

GONE = frozenset({State.SENT, State.SETTLED})
"""States in which it has gone out, as far as the shop knows."""

MOVES: dict[State, frozenset[State]] = {
    State.ASKED: frozenset({State.APPROVED, State.DROPPED}),
    State.DROPPED: frozenset(),
    # A bank may tell of the money before an admin has pressed "sent"; what is owed may be called off.
    State.APPROVED: frozenset({State.SENT, State.SETTLED, State.DROPPED}),
    State.SENT: frozenset({State.SETTLED, State.FAILED, State.RETURNED}),
    # A transfer may bounce days after it was booked.
    State.SETTLED: frozenset({State.RETURNED, State.FAILED}),
    # Its gateway was the first to tell that it came back, and its bank tells of that too.
    State.FAILED: frozenset({State.SENT, State.SETTLED, State.RETURNED, State.DROPPED}),
    State.RETURNED: frozenset({State.SENT, State.SETTLED, State.DROPPED}),
}
"""From each state, the states it may move to. Storage performs a move with a guarded UPDATE."""


def refund_prefix(shop_prefix: str) -> str:
    """The two letters that refund codes of a shop begin with: never those of its order codes."""
    return "RF" if shop_prefix != "RF" else "HT"


@dataclass(frozen=True, slots=True)
class Refund:
    """An amount to be given back; `payee` is a proposal until `confirmed_at`. Times are UTC.

    `order` is whose money it is, None for money nobody could place, which `transfer` names. `held` is what lay there
    when it was asked for, in the same currency. `code` stands in its memo, None for one of the days before codes.
    `request_key` is what a gateway knows the sending by, `request_ref` its own name for it; `error` is why the last
    sending failed; `settled_by` is the transfer by which a bank told that it has gone.
    """

    id: RefundId
    order: OrderId | None
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
    means: Means
    code: str | None = None
    transfer: int | None = None
    request_key: str = ""
    request_ref: str = ""
    settled_at: datetime | None = None
    error: str = ""
    settled_by: int | None = None

    @property
    def of_order(self) -> OrderId:
        """The order it is of; raises ValueError for money that nobody could place."""
        if self.order is None:
            raise ValueError("a refund of no order")
        return self.order

    @property
    def mark(self) -> str:
        """Names this refund to this account, for buttons: it changes when another account is named."""
        return f"{self.id}:{self.payee.mark}"

    @property
    def owed(self) -> bool:
        """Whether the shop owes it."""
        return self.state in OWED

    @property
    def payable(self) -> bool:
        """Whether it is owed to an account that somebody has confirmed."""
        return self.owed and self.confirmed_at is not None

    @property
    def under_way(self) -> bool:
        """Whether a gateway has been, or may have been, asked to send it and has not answered yet.

        Nobody else may send it meanwhile, or it would go twice.
        """
        return self.owed and bool(self.request_key)

    @property
    def unseen(self) -> bool:
        """Whether only the gateway that pays out of the shop's account has said that it went: its bank may yet."""
        return self.state is State.SETTLED and self.means is Means.PAYOUT and self.settled_by is None

    @property
    def unheard(self) -> bool:
        """Whether its gateway has taken it, or it has come back: the buyer does not have it."""
        return self.state is not State.SETTLED and (self.owed or bool(self.request_key))

    @property
    def qr(self) -> str:
        """The VietQR that pays it; raises BadQr while no account is named."""
        return shop_qr(self.payee.bin, self.payee.account, self.amount.minor, self.memo)


def idle_of(held: Mapping[Account, int], payment: Payment) -> dict[Account, int]:
    """Of what is held for an order that which has bought nothing; a part may still, as long as the rest is awaited."""
    idle = {Account.CREDIT, Account.UNPLACED}
    if payment in (Payment.EXPIRED, Payment.CANCELLED):
        idle.add(Account.DEPOSIT)
    return {account: minor for account, minor in held.items() if account in idle and minor > 0}


def what_is_left(
    came: Mapping[int | None, int], taken: Mapping[int | None, int], waiting: Collection[int | None]
) -> dict[int | None, int]:
    """Transfer → minor units of what `came` by it that refunds have left there, where that of several lies together.

    What was `taken` (a negative number) by a refund that names a transfer is of that one. What names none, or is more,
    and what a gateway took back, is first of what no longer is `waiting` for a person, then of the oldest.
    """
    left = {transfer: minor + taken.get(transfer, 0) for transfer, minor in came.items()}
    spare = sum(minor for minor in left.values() if minor < 0)
    spare += sum(minor for transfer, minor in taken.items() if transfer not in came)
    for transfer in sorted(left, key=lambda each: (each in waiting, each or 0)):
        minor = max(left[transfer], 0)
        left[transfer] = max(minor + spare, 0)
        spare = min(minor + spare, 0)
    return left


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


def calling_off(booked: Iterable[Posting], amount: Money, debt: int = 0) -> tuple[Posting, ...]:
    """Owe no more what is owed: put it back to where it was taken from, which `booked`, all that it has booked, tells.

    However often it was sent and came back meanwhile. What was a part goes first to the buyer's credit, as far as that
    is in `debt` (minor units): a gateway has taken that part back.
    """
    taken = [each.undone for each in booked if each.account in HELD]
    back = {each.account: -each.amount.minor for each in taken}
    filled = Money(max(min(debt - back.get(Account.CREDIT, 0), back.get(Account.DEPOSIT, 0)), 0), amount.currency)
    return (*taken, *(release(filled) if filled.minor else ()), Posting(Account.REFUND_OWED, amount))


def sending(amount: Money) -> tuple[Posting, ...]:
    """Book an owed refund as paid."""
    return (
        Posting(Account.REFUND_OWED, amount),
        Posting(Account.REFUND_PAID, Money(-amount.minor, amount.currency)),
    )


def coming_back(amount: Money) -> tuple[Posting, ...]:
    """Book a refund that was paid and did not arrive as owed once more."""
    return tuple(each.undone for each in sending(amount))
