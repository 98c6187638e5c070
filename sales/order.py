"""An order's payment state, and which moves between states exist."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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

    `total` is what it costs in the currency it is being paid at, `prices` (currency → minor units) all it may cost.
    `deposits` is what earlier short payments have left on it: parts in different currencies never add up.
    `watch_until` ends the time in which the exact amount still pays (UTC). `tolerance` is how many đồng too few still
    pay it; `stands` names the currencies in which what was ordered can still be had at its price, so that late money
    pays.
    """

    order: OrderId
    code: str
    buyer: BuyerId
    state: Payment
    total: Money
    pay_until: datetime
    watch_until: datetime
    prices: Mapping[str, int] = field(default_factory=dict)
    deposits: Mapping[str, int] = field(default_factory=dict)
    tolerance: int = 0
    stands: frozenset[str] = frozenset()

    @property
    def missing(self) -> Money:
        """What is still to be paid in the currency it is being paid at; never below zero."""
        return self.missing_in(self.total.currency)

    @property
    def deposited(self) -> Money:
        """What parts have left on it in the currency it is being paid at."""
        return self.deposited_in(self.total.currency)

    @property
    def until(self) -> datetime:
        """When an attempt ends that is handed out now: an order out of time can be paid while it is watched."""
        return self.pay_until if self.state is Payment.OPEN else self.watch_until

    def is_over(self, now: datetime) -> bool:
        """Whether nobody will be asked for the rest of it any more: it was cancelled, or is watched no longer."""
        return self.state is Payment.CANCELLED or (self.state is not Payment.PAID and now > self.watch_until)

    def takes(self, currency: str) -> bool:
        """Whether it has a price in that currency."""
        return currency == self.total.currency or currency in self.prices

    def price_in(self, currency: str) -> Money:
        """Its price in that currency; raises KeyError when it has none."""
        return self.total if currency == self.total.currency else Money(self.prices[currency], currency)

    def deposited_in(self, currency: str) -> Money:
        """What parts in that currency have left on it."""
        return Money(self.deposits.get(currency, 0), currency)

    def missing_in(self, currency: str) -> Money:
        """What is still to be paid in that currency; never below zero. Raises KeyError as `price_in` does."""
        missing = self.price_in(currency) - self.deposited_in(currency)
        return Money(max(missing.minor, 0), currency)

    def paid_by(self, amount: Money) -> bool:
        """Whether that amount, beside what lies there, pays it; the tolerance is for đồng alone."""
        slack = self.tolerance if amount.currency == "VND" else 0
        return amount.minor + slack >= self.missing_in(amount.currency).minor

    def with_part(self, part: Money) -> "Bill":
        """The same order with one more part left on it."""
        deposits = {**self.deposits, part.currency: self.deposits.get(part.currency, 0) + part.minor}
        return replace(self, deposits=deposits)
