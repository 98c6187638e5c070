"""What was paid by KHQR codes, in memory, each known by the digest of its code."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import md5
from secrets import token_hex

from sales.clock import Clock
from sales.emv import BadQr
from sales.errors import Tell
from sales.khqr import CURRENCIES, Khqr, decode
from sales.money import Money
from sandbox.news import News

KEPT = 200
PAYER = "nguoi_mua@toyb"
STRANGER = "nguyen_van_b@toyb"


class PayFault(StrEnum):
    """What differs from the code that was paid: SHORT half of it, WRONG_CURRENCY, ELSEWHERE another receiver."""

    NONE = "none"
    SHORT = "short"
    WRONG_CURRENCY = "wrong_currency"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment as Bakong keeps it: `digest` is the md5 of the code's text, `hash` Bakong's own name of it."""

    hash: str
    digest: str
    receiver: str
    amount: Money
    at: datetime
    fault: PayFault


class Payments:
    """The latest payments, each code paid once at most."""

    def __init__(self, clock: Clock, news: News) -> None:
        self._clock, self._news = clock, news
        self._payments: OrderedDict[str, Payment] = OrderedDict()

    def latest(self) -> list[Payment]:
        """All that are still known, the oldest first."""
        return list(self._payments.values())

    def find(self, digest: str) -> Payment | None:
        """Find by the digest of a code."""
        return self._payments.get(digest)

    def by_hash(self, name: str) -> Payment | None:
        """Find by Bakong's own name of it."""
        return next((each for each in self._payments.values() if each.hash == name), None)

    def pay(self, text: str, fault: PayFault) -> Payment:
        """Pay a code as a bank's app does; raises Tell for one that is none, has no amount, has ended or is paid."""
        khqr, digest = self._payable(text), md5(text.encode(), usedforsecurity=False).hexdigest()
        if digest in self._payments:
            raise Tell("sandbox-error-khqr-paid")
        receiver = STRANGER if fault is PayFault.ELSEWHERE else khqr.account
        payment = Payment(token_hex(32), digest, receiver, _paid(khqr.amount, fault), self._clock(), fault)
        self._payments[digest] = payment
        if len(self._payments) > KEPT:
            self._payments.popitem(last=False)
        self._news.tell()
        return payment

    def _payable(self, text: str) -> Khqr:
        try:
            khqr = decode(text)
        except BadQr:
            raise Tell("sandbox-error-no-qr") from None
        if khqr.expires is None:
            raise Tell("sandbox-error-amount")
        if khqr.expires <= self._clock():
            raise Tell("sandbox-error-khqr-ended")
        return khqr


def _paid(asked: Money, fault: PayFault) -> Money:
    if fault is PayFault.SHORT:
        return Money(max(asked.minor // 2, 1), asked.currency)
    if fault is PayFault.WRONG_CURRENCY:
        return Money(asked.minor, next(each for each in CURRENCIES if each != asked.currency))
    return asked
