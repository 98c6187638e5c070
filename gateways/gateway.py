"""What every gateway is: a value with small pure hooks."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum

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


class LinkState(StrEnum):
    """Where a payment link stands at its gateway."""

    OPEN = "open"
    PAID = "paid"
    UNDERPAID = "underpaid"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LinkWanted:
    """A payment link to be made: `number` is our own number of the attempt, never used twice.

    `code` is the order's code, for the memo; `until` ends the link (UTC); `back` is the address that the
    gateway's page sends the buyer to.
    """

    number: int
    code: str
    amount: Money
    until: datetime
    back: str


@dataclass(frozen=True, slots=True)
class Link:
    """A payment link as its gateway tells of it.

    `bin`, `account` and `holder` are what the QR pays to, perhaps a virtual account; `memo` is what the bank will
    carry. Asked for later, a gateway may tell less: what it leaves out is "".
    """

    number: int
    id: str
    state: LinkState
    amount: Money
    paid: Money
    qr: str = ""
    url: str = ""
    bin: str = ""
    account: str = ""
    holder: str = ""
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """What a gateway that makes its own payment links is asked over the network.

    `open` raises LinkExists when the number is taken; `ask` answers None for a number the gateway does not know.
    Every answer is verified. All raise Later when the gateway cannot be reached, is busy or its answer is not
    signed as it should be, and Rejected when it will never do what it was asked.
    """

    open: Callable[[LinkWanted], Awaitable[Link]]
    ask: Callable[[int], Awaitable[Link | None]]
    cancel: Callable[[int, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Gateway:
    """One plug. Every hook is pure: no I/O, no clock of its own.

    `secrets`: sets of names; the door is closed (404) unless all of one set are there.
    `open_invoice`: draws the shop's own QR; None where the gateway makes payment links (see Links).
    `read(secrets, request, now)`: verify on the raw bytes, then parse; raises Forged or Malformed.
      An empty tuple is a true notice with nothing to keep, such as the gateway's own test call.
    `forge(secrets, sighting, now)`: a true notice of that sighting, for sandbox and tests only.
    """

    name: str
    secrets: tuple[tuple[str, ...], ...]
    open_invoice: Callable[[Invoice], Invitation] | None
    read: Callable[[Secrets, Request, datetime], tuple[Sighting, ...]]
    acknowledge: Callable[[Verdict], Answer]
    forge: Callable[[Secrets, Sighting, datetime], Request]

    def opened_by(self, secrets: Secrets) -> bool:
        """Whether these secrets open the door; a blank one is none."""
        return any(all((secrets.get(name) or "").strip() for name in names) for names in self.secrets)
