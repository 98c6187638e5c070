"""Payments in memory: opened by a signed address, then paid, cancelled, suspected or failed on the page."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from itertools import count
from secrets import token_hex

from gateways.vnpay_api import REFUSED
from gateways.vnpay_notice import DONE
from sales.clock import Clock
from sandbox.bank.faults import Fault, short_of
from sandbox.news import News
from sandbox.vnpay.refunds import Refunds

KEPT = 200
HANDED_OVER, ENDS = timedelta(minutes=1), timedelta(minutes=10)
"""After how long VNPay hands a refund to the buyer's bank, and the bank is done with it; real ones take days."""
AT_WORK, AT_BANK = "05", "06"
FIRST_NUMBER = 14_000_001


class State(Enum):
    """Where a payment stands: VNPay's code for its notice, and its TransactionStatus."""

    WAITING = ("", "01")
    PAID = ("00", "00")
    CANCELLED = ("24", "02")
    SUSPECTED = ("07", "07")
    FAILED = ("51", "02")
    EXPIRED = ("11", "02")

    @property
    def debited(self) -> bool:
        """Whether the payer's bank has paid."""
        return self in (State.PAID, State.SUSPECTED)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a seller's address asks for: `hundredths` of a đồng, `made` as the address says it, `until` in UTC."""

    number: str
    hundredths: int
    words: str
    back: str
    made: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that was asked back: VNPay's number of it, how much, when, and all of the payment or a part.

    `refused`: the buyer's bank refused it at once; `bounced`: it takes it, and refuses it in the end.
    """

    transaction: int
    hundredths: int
    at: datetime
    whole: bool
    refused: bool
    bounced: bool

    def status(self, now: datetime) -> str:
        """Its TransactionStatus: VNPay works at it, has handed it to the bank, and then it is done or refused."""
        if self.refused:
            return REFUSED
        if now < self.at + HANDED_OVER:
            return AT_WORK
        if now < self.at + ENDS:
            return AT_BANK
        return REFUSED if self.bounced else DONE


@dataclass(slots=True)
class Payment:
    """A payment; `page` names its page, `transaction` is VNPay's number, `answers` are the door's codes.

    `short`: hundredths of a đồng that were paid, where that is less than was asked for.
    """

    wish: Wish
    page: str
    transaction: int
    opened: datetime
    ended: State | None = None
    at: datetime | None = None
    answers: list[str] = field(default_factory=list)
    short: int | None = None
    refunds: list[Refund] = field(default_factory=list)

    @property
    def hundredths(self) -> int:
        """What is to be paid, or was."""
        return self.wish.hundredths if self.short is None else self.short

    @property
    def left(self) -> int:
        """What has not been given back, in hundredths of a đồng."""
        return self.hundredths - sum(each.hundredths for each in self.refunds if not each.refused)

    @property
    def last_refund(self) -> Refund | None:
        """The newest that was not refused at once."""
        return next((each for each in reversed(self.refunds) if not each.refused), None)

    def state(self, now: datetime) -> State:
        """As it ended, or as late as it is."""
        return self.ended or (State.EXPIRED if self.wish.until <= now else State.WAITING)


class Payments:
    """The latest payments of one terminal."""

    def __init__(self, clock: Clock, news: News) -> None:
        self.now, self._news = clock, news
        self._payments: OrderedDict[str, Payment] = OrderedDict()
        self._numbers = count(FIRST_NUMBER)

    def latest(self) -> list[Payment]:
        """All that are still known, the oldest first."""
        return list(self._payments.values())

    def open(self, wish: Wish) -> Payment | None:
        """Open one, or find it again; None for a number that stands for something else. The oldest is forgotten."""
        known = self._payments.get(wish.number)
        if known is not None:
            return known if known.wish == wish else None
        payment = Payment(wish, token_hex(16), next(self._numbers), self.now())
        self._payments[wish.number] = payment
        if len(self._payments) > KEPT:
            self._payments.popitem(last=False)
        self._news.tell()
        return payment

    def find(self, number: str, made: str) -> Payment | None:
        """Find by the seller's number and the moment of its address, as VNPay wants both."""
        known = self._payments.get(number)
        return known if known is not None and known.wish.made == made else None

    def on_page(self, name: str) -> Payment | None:
        """Find by the name of its page, which nobody can guess."""
        return next((each for each in self._payments.values() if each.page == name), None)

    def end(self, payment: Payment, state: State, fault: Fault = Fault.NONE) -> Payment | None:
        """End it so, and answer it as it is then; None when it does not wait for that.

        What was suspected may still turn out paid. SHORT: less was paid. FORGED: the payment stays as it is, and a
        copy is answered that has ended.
        """
        now = self.now()
        cleared = payment.state(now) is State.SUSPECTED and state is State.PAID
        if not cleared and payment.state(now) is not State.WAITING:
            return None
        if fault is Fault.FORGED:
            # The answers of the door are still its own.
            return replace(payment, ended=state, at=now)
        if fault is Fault.SHORT and not cleared:
            payment.short = short_of(payment.wish.hundredths // 100) * 100
        payment.ended, payment.at = state, now
        self._news.tell()
        return payment

    def give_back(self, payment: Payment, hundredths: int, whole: bool, fate: Refunds) -> Refund | None:
        """Take a refund of all (`whole`) or a part; None for more, or less, than can be given back so."""
        fits = hundredths == payment.left == payment.hundredths if whole else 0 < hundredths <= payment.left
        if payment.ended is not State.PAID or not fits:
            return None
        number = next(self._numbers)
        refund = Refund(number, hundredths, self.now(), whole, fate.refused, fate.bounced)
        payment.refunds.append(refund)
        self._news.tell()
        return refund

    def hear(self, payment: Payment, code: str) -> None:
        """Note what the shop's door has said."""
        payment.answers.append(code)
        self._news.tell()
