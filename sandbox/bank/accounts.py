"""Accounts that money can be paid into: the shop's own, and virtual ones that lead to it."""

from collections.abc import Callable
from dataclasses import dataclass

from sales.transfer import Sighting


@dataclass(frozen=True, slots=True)
class BankAccount:
    """The shop's account: the bank's six-digit BIN, the account number, the holder's name."""

    bin: str
    account: str
    holder: str


@dataclass(frozen=True, slots=True)
class Virtual:
    """A virtual account: what is paid there lands on the shop's own account, and `gateway` knows for which link.

    `number` and `link` are the seller's number and the gateway's id of that link; `credit` hears of each payment.
    """

    gateway: str
    account: str
    number: int
    link: str
    credit: Callable[[Sighting], None]


FindVirtual = Callable[[str], Virtual | None]
"""Finds a virtual account by its number."""
