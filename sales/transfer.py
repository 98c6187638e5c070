"""What a source says of a movement of money."""

from dataclasses import dataclass
from datetime import datetime


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
    gateway's id of its payment link.
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
