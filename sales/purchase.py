"""An order as it is shown: lines, attempts to pay, and what was handed over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sales.catalogue import Kind, Link
from sales.ids import AttemptId, BuyerId, OrderId, PeerId, PlanId
from sales.money import Money
from sales.order import Payment


@dataclass(frozen=True, slots=True)
class Line:
    """One thing bought, with the name and price of its day."""

    id: int
    plan: PlanId
    kind: Kind
    product_name: str
    plan_name: str
    days: int | None
    price: Money


@dataclass(frozen=True, slots=True)
class Order:
    """An order; `email` is "" when the buyer gave none. Times are UTC.

    `prices` (currency → minor units) are all of its day; `total` is the one it is being paid at, or was.
    """

    id: OrderId
    code: str
    buyer: BuyerId
    peer: PeerId
    email: str
    payment: Payment
    total: Money
    created_at: datetime
    pay_until: datetime
    watch_until: datetime
    paid_at: datetime | None
    prices: Mapping[str, int] = field(default_factory=dict)

    def watched(self, now: datetime) -> bool:
        """Whether money that comes for it at `now` still pays it; none is wanted for one that is paid."""
        return self.payment is not Payment.PAID and now <= self.watch_until

    def payable(self, now: datetime) -> bool:
        """Whether it can be asked for: one that has expired as long as it is watched, but not one cancelled."""
        return self.payment is Payment.OPEN or (self.payment is Payment.EXPIRED and self.watched(now))

    def price_of(self, line: Line) -> Money:
        """What its line costs in the currency it is being paid at.

        A line keeps the one price it was shown at; an order has one line, whose other prices are the order's.
        """
        return line.price if line.price.currency == self.total.currency else self.total


@dataclass(frozen=True, slots=True)
class Attempt:
    """One QR handed out for an order; `chat_message` is the channel's id of the message that carries it.

    An attempt that a gateway's link is still asked for has the state "asked" and no QR yet. `bin`, `account` and
    `holder` are what the QR pays to, perhaps a virtual account; `bank_account` is the shop's own behind it, where
    it is known. `link_id` and `link_url` are the gateway's, "" for a QR the shop draws itself. Without a QR the buyer
    pays on the page at `link_url`, and without either by an invoice that the chat itself shows.
    """

    id: AttemptId
    order: OrderId
    gateway: str
    number: int
    bank_account: int | None
    memo: str
    qr: str
    amount: Money
    state: str
    chat_message: str | None
    expires_at: datetime
    bin: str = ""
    account: str = ""
    holder: str = ""
    link_id: str = ""
    link_url: str = ""
    made_at: datetime | None = None

    @property
    def on_page(self) -> bool:
        """Whether it is paid on a page and nowhere else."""
        return not self.qr and bool(self.link_url)

    @property
    def in_chat(self) -> bool:
        """Whether the chat itself shows its invoice."""
        return self.state != "asked" and not self.qr and not self.link_url

    def payable(self, order: Order, now: datetime) -> bool:
        """Whether it can be paid at `now`; `order` is the one it is for."""
        return self.state == "open" and now < self.expires_at and order.payable(now)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one line hands over; `key` is the opened licence key, "" for a course."""

    line: int
    state: str
    key: str = field(repr=False)
    links: tuple[Link, ...]
    activation: str
    download_url: str
    granted_at: datetime
    expires_at: datetime | None

    @property
    def revoked(self) -> bool:
        """Whether it was taken back; then nothing of it is shown any more."""
        return self.state == "revoked"
