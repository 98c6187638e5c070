"""What every gateway is: a value with small pure hooks."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from gateways.giving import Giver
from sales.clock import Clock, utc_now
from sales.money import Money
from sales.pace import Pace
from sales.question import Question
from sales.shop import BankAccount
from sales.transfer import Sighting

if TYPE_CHECKING:
    from aiohttp import ClientSession

Secrets = Mapping[str, str]
"""A gateway's secrets by name, such as {"checksum_key": "…"}; never logged."""


@dataclass(frozen=True, slots=True)
class Request:
    """What came to the door: header names in lower case, the raw bytes, untouched.

    `headers` keeps repeated headers apart: a hook that needs exactly one must refuse two.
    """

    body: bytes = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def header(self, name: str) -> str | None:
        """Value of the only header of that name; None when it is absent or repeated."""
        found = [value for key, value in self.headers if key == name]
        return found[0] if len(found) == 1 else None


class Verdict(Enum):
    """What became of a request; `acknowledge` puts it into the gateway's own words.

    AGAIN, UNKNOWN and WRONG_AMOUNT are kinds of acceptance: all is kept, but some gateways want to hear the difference.
    BUSY and BROKEN ask for it to be sent again: the first is no bug.
    """

    ACCEPTED = "accepted"
    AGAIN = "again"
    UNKNOWN = "unknown"
    WRONG_AMOUNT = "wrong_amount"
    FORGED = "forged"
    MALFORMED = "malformed"
    BUSY = "busy"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status and a JSON body."""

    status: int
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invoice:
    """What an order asks to be paid by one attempt, and all that a gateway may need to word it.

    `number` is our own number of the attempt, never used twice. `bank` is the shop's account to pay to, where the
    gateway watches one. `url` is the gateway's own address; `base` is ours, as a buyer's browser reaches it, "" when it
    does not; `page` is the address of ours that hands this attempt over to the gateway's page. `watched`: other
    gateways tell of what is transferred to the shop's bank account. Times are UTC.
    """

    number: int
    code: str
    amount: Money
    made_at: datetime
    until: datetime
    bank: BankAccount | None = None
    url: str = ""
    base: str = ""
    page: str = ""
    slug: str = ""
    shop: str = ""
    language: str = "vi"
    watched: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the buyer is shown: the text inside the QR code, or the address of the page to pay on.

    With neither, the chat itself shows the invoice. `memo` is what the payment will carry; `bin`, `account` and
    `holder` are what the QR pays to, and stay "" without one.
    """

    memo: str
    qr: str = ""
    url: str = ""
    bin: str = ""
    account: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What a buyer's browser posts to open the gateway's page: the address, and the signed fields in their order.

    `hosts`: what else that address may send the browser on to, as sources of a Content-Security-Policy.
    """

    action: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    hosts: tuple[str, ...] = ()


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
class Asking:
    """How a gateway is asked for money that it may not have told of: the second look.

    `ask(questions)` answers all it knows of them, verified, under the very names (source and ref) that its notices use,
    so that what comes later changes nothing; an API whose names may be others speaks as a source of its own. Raises
    Later when it cannot be asked now, Rejected when it never can, CutShort when it was asked about some.
    `most`: how many attempts one call may be about. `gap`: the least time between two calls. `pace`: how often one
    attempt is asked for.
    """

    ask: Callable[[Sequence[Question]], Awaitable[tuple[Sighting, ...]]]
    pace: Pace
    most: int = 1
    gap: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """How a gateway is reached over the network. `session` must stay open as long as it is used."""

    secrets: Secrets = field(repr=False)
    url: str
    session: "ClientSession" = field(repr=False)
    clock: Clock = utc_now


@dataclass(frozen=True, slots=True)
class Gateway:
    """One plug. `open_invoice`, `read`, `returned`, `acknowledge` and `forge` are pure: no I/O, no clock of their own.

    `secrets`: sets of names; it can be used only when all of one set are there. `extras`: further names, which open
      more of it. A name may as well hold what is no secret, such as the number of a merchant.
    `open_invoice(secrets, invoice)`: words an attempt; None where the gateway makes payment links (see Links).
    `read(secrets, request, now)`: verify on the raw bytes, then parse; raises Forged or Malformed.
      An empty tuple is a true notice with nothing to keep, such as the gateway's own test call.
    `forge(secrets, sighting, now)`: a true notice of that sighting, for sandbox and tests only.
    `method`: the HTTP method its notices come by; None where it sends none, and its door is closed.
    `url`: its address, unless the seller names another.
    `currencies`: what it takes. `channels`: the only mouths whose buyers can use it; empty: all of them.
    `bank`: it tells of the shop's own bank account, as others may, so that one movement may be told of twice; `sources`
      are the names its API speaks under beside its own.
    `at_web`: a buyer's browser must reach our own web door. `page_form(secrets, invoice)`: the signed form that hands a
      buyer over to its page. `returned`: as `read`, of what its page puts behind our `/return/{shop}/{name}` when it
      sends the buyer back; it is shown to the buyer and settles nothing. `cancelled`: its reasons for a failure that
      say that the buyer has cancelled. `suspected`: its reasons for holding money back that say that it suspects fraud.
    `links(reach)` and `ask(reach)`: what it is asked over the network, where it can be. `ask` answers None when an
      extra that it needs is not among the secrets.
    `payout(reach)` and `refund(reach)`: by what it gives money back, where it can, to an account that is named or to
      where a payment came from; None as for `ask`. One that only pays out takes no currency.
    """

    name: str
    secrets: tuple[tuple[str, ...], ...]
    open_invoice: Callable[[Secrets, Invoice], Invitation] | None
    read: Callable[[Secrets, Request, datetime], tuple[Sighting, ...]]
    acknowledge: Callable[[Verdict], Answer]
    forge: Callable[[Secrets, Sighting, datetime], Request]
    extras: tuple[str, ...] = ()
    method: str | None = "POST"
    url: str = ""
    currencies: tuple[str, ...] = ("VND",)
    channels: frozenset[str] = frozenset()
    bank: bool = False
    sources: tuple[str, ...] = ()
    at_web: bool = False
    cancelled: frozenset[str] = frozenset()
    suspected: frozenset[str] = frozenset()
    page_form: Callable[[Secrets, Invoice], Form] | None = None
    returned: Callable[[Secrets, Request, datetime], tuple[Sighting, ...]] | None = None
    links: Callable[[Reach], Links] | None = None
    ask: Callable[[Reach], Asking | None] | None = None
    payout: Callable[[Reach], Giver | None] | None = None
    refund: Callable[[Reach], Giver | None] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of a secret it knows, each once."""
        return tuple(dict.fromkeys([*(name for names in self.secrets for name in names), *self.extras]))

    def opened_by(self, secrets: Secrets) -> bool:
        """Whether these secrets are enough to use it; a blank one is none."""
        return any(all((secrets.get(name) or "").strip() for name in names) for names in self.secrets)
