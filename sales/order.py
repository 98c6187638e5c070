"""An order's payment state, and which moves between states exist."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sales.ids import BuyerId, OrderId
from sales.money import Money


class Payment(StrEnum):
    """Where the payment of an order stands; what was handed over is read from its grants."""

    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


MOVES: dict[Payment, frozenset[Payment]] = {
    Payment.OPEN: frozenset({Payment.PAID, Payment.EXPIRED, Payment.CANCELLED}),
    # Money is heard before the clock or the buyer's "cancel": while the shop still watches, it pays.
    Payment.EXPIRED: frozenset({Payment.PAID}),
    Payment.CANCELLED: frozenset({Payment.PAID}),
    Payment.PAID: frozenset(),
}
"""From each state, the states it may move to. Storage performs a move with a guarded UPDATE."""


def sources_of(target: Payment) -> tuple[Payment, ...]:
    """States from which an order may move to `target`."""
    return tuple(state for state, targets in MOVES.items() if target in targets)


@dataclass(frozen=True, slots=True)
class Bill:
    """What settlement must know of an order.

    `deposited` is what earlier short payments have left on it (same currency as `total`).
    `watch_until` ends the time in which the exact amount still pays (UTC).
    """

    order: OrderId
    code: str
    buyer: BuyerId
    state: Payment
    total: Money
    deposited: Money
    pay_until: datetime
    watch_until: datetime

    @property
    def missing(self) -> Money:
        """What is still to be paid; never below zero."""
        return Money(max(self.total.minor - self.deposited.minor, 0), self.total.currency)
