"""Payouts in memory: asked for once by a key, then at their end by the street's clock."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_hex

from sales.clock import Clock
from sandbox.news import News

KEPT, SHOWN = 200, 20
TAKES = timedelta(seconds=20)
"""How long a bank takes."""
COMES_BACK = timedelta(hours=1)
"""After how long a bank sends back what it had taken."""


class Ending(StrEnum):
    """How payouts end. REJECTED: the shop's own people do not approve; REVERSED: it arrives and comes back."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    REJECTED = "REJECTED"
    REVERSED = "REVERSED"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a seller asks for: `reference` is the seller's own name for it, `amount` in đồng."""

    reference: str
    amount: int
    words: str
    bin: str
    account: str
    category: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Payout:
    """One payout; `ending` is what was chosen when it was made."""

    wish: Wish
    id: str
    made: datetime
    ending: Ending

    def state(self, now: datetime) -> str:
        """How its only transaction stands, in payOS's words."""
        if now < self.made + TAKES:
            return "RECEIVED" if now == self.made else "PROCESSING"
        if self.ending is Ending.REVERSED and now < self.made + TAKES + COMES_BACK:
            return Ending.SUCCEEDED.value
        return "CANCELLED" if self.ending is Ending.REJECTED else self.ending.value

    def approval(self, now: datetime) -> str:
        """How the seller's approval of it stands."""
        if now < self.made + TAKES:
            return "PROCESSING"
        return {Ending.REJECTED: "REJECTED", Ending.FAILED: "FAILED"}.get(self.ending, "COMPLETED")


class Payouts:
    """The latest payouts of one channel; `ending` is how the next ones end."""

    def __init__(self, clock: Clock, news: News) -> None:
        self.now, self._news = clock, news
        self.ending = Ending.SUCCEEDED
        self._by_key: OrderedDict[str, Payout] = OrderedDict()

    def make(self, key: str, wish: Wish) -> Payout | None:
        """Make one, or find the one of that key again; None when that was of another wish. The oldest is forgotten."""
        known = self._by_key.get(key)
        if known is not None:
            return known if known.wish == wish else None
        payout = Payout(wish, token_hex(16), self.now(), self.ending)
        self._by_key[key] = payout
        if len(self._by_key) > KEPT:
            self._by_key.popitem(last=False)
        self._news.tell()
        return payout

    def by_id(self, name: str) -> Payout | None:
        """Find by payOS's own number."""
        return next((each for each in self._by_key.values() if each.id == name), None)

    def of_reference(self, reference: str) -> list[Payout]:
        """Those that the seller calls so."""
        return [each for each in self._by_key.values() if each.wish.reference == reference]

    def state(self) -> list[dict[str, object]]:
        """Describe the latest ones for the street's page, the oldest first."""
        now = self.now()
        return [
            {
                "id": each.id,
                "at": each.made.isoformat(),
                "amount": each.wish.amount,
                "account": each.wish.account,
                "memo": each.wish.words,
                "state": each.state(now),
            }
            for each in list(self._by_key.values())[-SHOWN:]
        ]
