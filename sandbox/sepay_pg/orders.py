"""Orders in memory: opened by a form, paid on the page, cancelled, voided."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import count
from secrets import token_hex

from sales.clock import Clock
from sandbox.bank.faults import Fault, short_of
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
    """What a seller's form asks for: `amount` in đồng, where the buyer goes afterwards, the only method if named."""

    invoice: str
    amount: int
    words: str
    success: str = ""
    cancel: str = ""
    method: Method | None = None

    @property
    def methods(self) -> tuple[Method, ...]:
        """What the buyer can choose from."""
        return (self.method,) if self.method else tuple(Method)


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

    def pay(self, order: Order, method: Method, fault: Fault = Fault.NONE) -> Order | None:
        """Pay it, all of it unless SHORT, and answer it as it is then; None when it does not wait for money.

        FORGED: the order stays as it is, and a copy is answered that looks paid.
        """
        if order.status is not Status.WAITING:
            return None
        amount = short_of(order.wish.amount) if fault is Fault.SHORT else order.wish.amount
        return self._book(order, Status.CAPTURED, self._transaction(Kind.PAYMENT, method, amount), fault)

    def void(self, order: Order, fault: Fault = Fault.NONE) -> Order | None:
        """Take the payment back; None when it cannot be. FORGED as in `pay`."""
        if not order.voidable:
            return None
        paid = order.transactions[-1]
        return self._book(order, Status.CANCELLED, self._transaction(Kind.VOID, paid.method, paid.amount), fault)

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

    def _transaction(self, kind: Kind, method: Method, amount: int) -> Transaction:
        # Short, as SePay's are: with the invoice alone they name a transaction.
        return Transaction(str(next(self._ids)), token_hex(7), kind, method, amount, self.now())

    def _book(self, order: Order, status: Status, booked: Transaction, fault: Fault) -> Order:
        if fault is Fault.FORGED:
            # The answers of the door are still its own.
            return replace(order, status=status, transactions=[*order.transactions, booked])
        order.status = status
        order.transactions.append(booked)
        self._news.tell()
        return order
