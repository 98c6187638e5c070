"""What every gateway is: a value with small pure hooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from sales.money import Money
from sales.transfer import Sighting

Secrets = Mapping[str, str]
"""A gateway's secrets by name, such as {"checksum_key": "…"}; never logged."""


@dataclass(frozen=True, slots=True)
class Request:
    """What came to the door: header names in lower case, the raw bytes, untouched.

    `headers` keeps repeated headers apart: a hook that needs exactly one must refuse two.
    """

    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        """Value of the only header of that name; None when it is absent or repeated."""
        found = [value for key, value in self.headers if key == name]
        return found[0] if len(found) == 1 else None


class Verdict(Enum):
    """What became of a request; `acknowledge` puts it into the gateway's own words."""

    ACCEPTED = "accepted"
    FORGED = "forged"
    MALFORMED = "malformed"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status and a JSON body."""

    status: int
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invoice:
    """What an order asks to be paid, and where to: `bin` and `account` are the shop's own bank account."""

    code: str
    amount: Money
    bin: str
    account: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the buyer is shown: the text inside the QR code and the memo the bank will carry."""

    qr: str
    memo: str


@dataclass(frozen=True, slots=True)
class Gateway:
    """One plug. Every hook is pure: no I/O, no clock of its own.

    `secrets`: names without which the door is closed (404).
    `read(secrets, request, now)`: verify on the raw bytes, then parse; raises Forged or Malformed.
      An empty tuple is a true notice with nothing to keep, such as the gateway's own test call.
    `forge(secrets, sighting, now)`: a true notice of that sighting, for sandbox and tests only.
    """

    name: str
    secrets: tuple[str, ...]
    open_invoice: Callable[[Invoice], Invitation]
    read: Callable[[Secrets, Request, datetime], tuple[Sighting, ...]]
    acknowledge: Callable[[Verdict], Answer]
    forge: Callable[[Secrets, Sighting, datetime], Request]
