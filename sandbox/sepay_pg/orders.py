"""Orders in memory: opened by a form, paid on the page, cancelled, voided."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count
from secrets import token_hex

from sales.clock import Clock
from sandbox.news import News

KEPT = 200


class Status(StrEnum):
    """SePay's own words for an order."""

    WAITING = "AUTHENTICATION_NOT_NEEDED"
    CAPTURED = "CAPTURED"
    CANCELLED = "CANCELLED"


class Method(StrEnum):
    """How a buyer may pay."""

    BANK_TRANSFER = "BANK_TRANSFER"
    NAPAS_BANK_TRANSFER = "NAPAS_BANK_TRANSFER"
    CARD = "CARD"


class Kind(StrEnum):
    """What a transaction does."""

    PAYMENT = "PAYMENT"
    VOID = "VOID"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a seller's form asks for: `amount` in đồng, and where the buyer goes afterwards."""

    invoice: str
    amount: int
    words: str
    success: str = ""
    cancel: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One movement of an order's money; `id` is SePay's number of it, `name` the bank's."""

    id: str
    name: str
    kind: Kind
    method: Method
    amount: int
    at: datetime


@dataclass(slots=True)
class Order:
    """An order; `page` names its payment page, `answers` is what the shop's door said to each notice (0: nobody)."""

    wish: Wish
    id: str
    page: str
    made: datetime
    status: Status = Status.WAITING
    transactions: list[Transaction] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def voidable(self) -> bool:
        """Whether its payment can be taken back: only a card's can."""
        return self.status is Status.CAPTURED and self.transactions[-1].method is Method.CARD


class Orders:
    """The latest orders of one merchant."""

    def __init__(self, clock: Clock, news: News) -> None:
        self.now = clock
        self._news = news
        self._ids = count(1)
        self._orders: OrderedDict[str, Order] = OrderedDict()

    def latest(self) -> list[Order]:
        """All that are still known, the oldest first."""
        return list(self._orders.values())

    def open(self, wish: Wish) -> Order | None:
        """Open an order, or find the one that the same form has opened; None when its invoice number is taken."""
        known = self._orders.get(wish.invoice)
        if known is not None:
            return known if known.wish == wish and known.status is Status.WAITING else None
        order = Order(wish, f"SEPAY-{token_hex(7).upper()}", token_hex(16), self.now())
        self._orders[wish.invoice] = order
        if len(self._orders) > KEPT:
            self._orders.popitem(last=False)
        self._news.tell()
        return order

    def find(self, name: str) -> Order | None:
        """Find by the seller's invoice number or SePay's own id."""
        return self._orders.get(name) or next((each for each in self._orders.values() if each.id == name), None)

    def on_page(self, name: str) -> Order | None:
        """Find by the name of its page, which nobody can guess."""
        return next((each for each in self._orders.values() if each.page == name), None)

    def pay(self, order: Order, method: Method) -> bool:
        """Pay it all; False when it does not wait for money."""
        if order.status is not Status.WAITING:
            return False
        self._book(order, Kind.PAYMENT, method)
        order.status = Status.CAPTURED
        self._news.tell()
        return True

    def void(self, order: Order) -> bool:
        """Take the payment back; False when it cannot be."""
        if not order.voidable:
            return False
        self._book(order, Kind.VOID, Method.CARD)
        order.status = Status.CANCELLED
        self._news.tell()
        return True

    def cancel(self, order: Order) -> bool:
        """Give the order up; False when it does not wait for money."""
        if order.status is not Status.WAITING:
            return False
        order.status = Status.CANCELLED
        self._news.tell()
        return True

    def hear(self, order: Order, answer: int) -> None:
        """Note what the shop's door has said."""
        order.answers.append(answer)
        self._news.tell()

    def _book(self, order: Order, kind: Kind, method: Method) -> None:
        now = self.now()
        # Short, as SePay's are: with the invoice alone they name a transaction.
        booked = Transaction(str(next(self._ids)), token_hex(7), kind, method, order.wish.amount, now)
        order.transactions.append(booked)
