"""What somebody orders the bank to do, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime

from sales.errors import Tell
from sales.transfer import Payer, Sighting
from sandbox.bank.faults import Fault
from sandbox.bank.memos import SENDER

AMOUNT_LIMIT = 9_999_999_999_999
"""What a VietQR can ask for at most (13 digits)."""
MEMO_LIMIT = 150
NAME_LIMIT = 70
BUYER = Payer(SENDER, "1028000814", "Vietcombank")
"""Whose account the buyer's phone pays from."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What is filled in; `amount` in đồng.

    `account` is where the money goes. `other` is who is on the other side of the shop's account: who pays it, or whom
    it pays.
    """

    account: str
    amount: int
    memo: str
    other: Payer = BUYER

    def __post_init__(self) -> None:
        """Raise Tell for what no bank's form takes."""
        for account in (self.account, self.other.account):
            if not account.isalnum() or len(account) > 19:
                raise Tell("sandbox-error-account")
        if len(self.other.name) > NAME_LIMIT:
            raise Tell("sandbox-error-request")
        if not 0 < self.amount <= AMOUNT_LIMIT:
            raise Tell("sandbox-error-amount")
        if len(self.memo) > MEMO_LIMIT:
            raise Tell("sandbox-error-memo")


@dataclass(slots=True)
class Report:
    """What one gateway tells the shop of a payment, and what the door answered each time (0: nobody there).

    `done` once nothing more will be sent.
    """

    source: str
    answers: list[int] = field(default_factory=list)
    done: bool = False


@dataclass(slots=True)
class Payment:
    """A transfer that was made, as the statement shows it, and who tells the shop of it.

    `known_from`: when the bank lets those gateways know; None for money that never moved, of which a forged notice
    tells. `bounced`: it went out, and the bank that it was for has sent it back.
    """

    sighting: Sighting
    fault: Fault
    reports: tuple[Report, ...]
    known_from: datetime | None = None
    bounced: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing more will be sent."""
        return all(report.done for report in self.reports)

    @property
    def answers(self) -> list[int]:
        """Every answer of the door, one gateway after the other."""
        return [answer for report in self.reports for answer in report.answers]

    def known(self, now: datetime) -> bool:
        """Whether the money has moved, as far as the bank lets anybody know."""
        return self.known_from is not None and self.known_from <= now

    def seen_by(self, source: str, now: datetime) -> bool:
        """Whether that gateway knows of it, be its notice lost or never sent."""
        return self.known(now) and any(report.source == source for report in self.reports)
