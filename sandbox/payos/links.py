"""Payment links in memory: made, found, paid into, cancelled, expired by the street's clock."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from secrets import choice, randbelow, token_hex
from string import ascii_uppercase, digits

from sales.clock import Clock
from sales.transfer import Sighting
from sales.vietqr import VietQr, encode
from sandbox.bank.accounts import BankAccount, Virtual
from sandbox.news import News

KEPT = 200
TRANSFERS_KEPT = 50
NAME = "payos"


class Status(StrEnum):
    """payOS's own words; the street never needs PROCESSING and FAILED."""

    PENDING = "PENDING"
    UNDERPAID = "UNDERPAID"
    PAID = "PAID"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a seller asks a link for: `number` is the seller's own orderCode, `amount` in đồng, `until` in UTC."""

    number: int
    amount: int
    words: str
    back: str
    until: datetime | None


@dataclass(slots=True)
class Link:
    """A payment link with a virtual account of its own; `memo` is `words` behind payOS's own token."""

    wish: Wish
    id: str
    account: str
    memo: str
    qr: str
    made: datetime
    paid: int = 0
    transfers: deque[Sighting] = field(default_factory=lambda: deque(maxlen=TRANSFERS_KEPT))
    cancelled: datetime | None = None
    reason: str | None = None

    def status(self, now: datetime) -> Status:
        """Where it stands: cancelled for good, else as paid, else as late as it is."""
        if self.cancelled:
            return Status.CANCELLED
        if self.paid >= self.wish.amount:
            return Status.PAID
        if self.wish.until and self.wish.until <= now:
            return Status.EXPIRED
        return Status.UNDERPAID if self.paid else Status.PENDING


class Links:
    """The latest links of one channel, all leading to `account`.

    A link takes money whatever its status is: the bank does not ask payOS first.
    """

    def __init__(self, clock: Clock, account: BankAccount, news: News) -> None:
        self.now, self.account = clock, account
        self._news = news
        self._links: OrderedDict[int, Link] = OrderedDict()

    def __contains__(self, number: int) -> bool:
        return number in self._links

    def latest(self) -> list[Link]:
        """All that are still known, the oldest first."""
        return list(self._links.values())

    def open(self, wish: Wish) -> Link:
        """Make a link; raises BadQr for words that fit into no QR code. The oldest is forgotten beyond KEPT."""
        account, memo = f"CAS{randbelow(10**12):012}", f"{_token()} {wish.words}".rstrip()
        qr = encode(VietQr(self.account.bin, account, wish.amount, memo))
        link = Link(wish, token_hex(16), account, memo, qr, self.now())
        self._links[wish.number] = link
        if len(self._links) > KEPT:
            self._links.popitem(last=False)
        self._news.tell()
        return link

    def find(self, name: str) -> Link | None:
        """Find by the seller's number or payOS's id, both of which stand in addresses as text."""
        return self.by_id(name) or next((each for each in self._links.values() if name == str(each.wish.number)), None)

    def by_id(self, name: str) -> Link | None:
        """Find by payOS's id alone, which nobody can guess."""
        return next((each for each in self._links.values() if name == each.id), None)

    def cancel(self, link: Link, reason: str | None) -> None:
        """Cancel for good; a second time changes nothing."""
        if link.cancelled is None:
            link.cancelled, link.reason = self.now(), reason
            self._news.tell()

    def behind(self, account: str) -> Virtual | None:
        """Find the virtual account of that number."""
        link = next((link for link in self._links.values() if link.account == account), None)
        if link is None:
            return None

        def credit(sighting: Sighting) -> None:
            link.paid += sighting.amount
            link.transfers.append(sighting)
            self._news.tell()

        return Virtual(NAME, account, link.wish.number, link.id, credit)


def _token() -> str:
    """Make what payOS puts in front of a memo to know it again, such as CS62H9BJD45."""
    return "CS" + "".join(choice(ascii_uppercase + digits) for _ in range(9))
