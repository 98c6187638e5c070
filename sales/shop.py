"""A shop and the account its money arrives on."""

from dataclasses import dataclass, field
from datetime import timedelta

from sales.ids import ShopId


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop as every flow needs it.

    `zone` is an IANA name; `payment_window` is how long an order waits for money, `monitoring` how long
    after that the exact amount still pays. `code_key` scrambles order numbers and never changes. `contact` is how
    a buyer reaches a person, "" when the seller names no way; `terms` are its terms of sale, "" for the usual ones.
    `tolerance` is how many đồng too few still pay an order; `most_open` how many orders one buyer may have open,
    `most_an_hour` how many all buyers together may place in an hour.
    """

    id: ShopId
    slug: str
    name: str
    zone: str
    language: str
    code_prefix: str
    code_key: bytes = field(repr=False)
    email_optional: bool
    payment_window: timedelta
    monitoring: timedelta
    contact: str = ""
    terms: str = ""
    tolerance: int = 0
    most_open: int = 3
    most_an_hour: int = 500


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account of the shop; `bin` is the bank's six-digit number.

    `word` must stand in the memo for the bank to let a watcher know (VietinBank: SEVQR), `virtual` is the account
    number that buyers pay to instead of the real one (BIDV, MSB); both "" where the bank needs none.
    """

    id: int
    bin: str
    account: str
    holder: str
    word: str = ""
    virtual: str = ""
