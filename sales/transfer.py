"""What a source says of a movement of money."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """How a movement stands by the word of its source.

    HELD: the payer was debited, and the gateway keeps the money back under suspicion; the shop has nothing yet.
    FAILED: nothing was paid, and by this attempt nothing will be. REVERSED: money that had arrived was taken back.
    HINT: somebody says that something has happened; nothing is believed of it but that the gateway should be asked.
    """

    ARRIVED = "arrived"
    HELD = "held"
    FAILED = "failed"
    REVERSED = "reversed"
    HINT = "hint"


WORDS = frozenset({Standing.FAILED, Standing.HINT})
"""What is said of payments although no money has moved; it may be said any number of times."""


@dataclass(frozen=True, slots=True)
class Payer:
    """Whom the bank names as the other side; every part may be empty, and none is proof of identity."""

    name: str = ""
    account: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One source's word on one movement.

    `source` and `ref` together name it for ever (Casso: its own transaction id).
    `amount` is signed, in minor units: negative means money went out.
    `reference` is the bank's number, which is not unique; `booked_at` is UTC or None.
    `number` and `link` name the payment attempt where the gateway carries them: our own number of it, and the
    gateway's id of its payment link. Money with a number is the shop's, whatever account it names.
    `reverses` is the ref of the movement that a REVERSED one takes back, whose amount is then negative.
    `reason` is the gateway's own code for what failed.
    """

    source: str
    ref: str
    amount: int
    currency: str
    account: str
    memo: str
    virtual_account: str = ""
    reference: str = ""
    booked_at: datetime | None = None
    payer: Payer = Payer()
    number: int | None = None
    link: str = ""
    standing: Standing = Standing.ARRIVED
    reverses: str = ""
    reason: str = ""
