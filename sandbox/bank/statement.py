"""The shop's account as its bank's own statement shows it: one line a movement, with the balance after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.bank.payment import Payment

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Line:
    """A movement in đồng: `debit` went out, `credit` came in, one of the two is 0; `at` is the bank's own time."""

    at: datetime
    reference: str
    debit: int
    credit: int
    balance: int
    memo: str
    account: str
    name: str


def statement(payments: Iterable[Payment], account: str, now: datetime) -> list[Line]:
    """What has moved on that account by now, the oldest first; the account was empty before."""
    lines: list[Line] = []
    balance = 0
    for payment in payments:
        seen = payment.sighting
        if seen.account != account or seen.booked_at is None or not payment.known(now):
            continue
        balance += seen.amount
        debit, credit = max(-seen.amount, 0), max(seen.amount, 0)
        at = seen.booked_at.astimezone(ZONE)
        lines.append(Line(at, seen.reference, debit, credit, balance, seen.memo, seen.payer.account, seen.payer.name))
    return lines
