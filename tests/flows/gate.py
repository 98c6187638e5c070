"""A payment gateway in a few lines: it keeps its links, and fails as a test tells it to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from gateways.gateway import Link, Links, LinkState, LinkWanted
from sales.errors import Later, LinkExists
from sales.money import Money

VIRTUAL = "V3CAS0000111122"


@dataclass(slots=True)
class Gate:
    """Links by number, as their gateway has them.

    `troubles` are raised by the next calls that open one; `lost` answers are not heard although the link is made.
    `deaf` is raised by every other call. `tells_qr`: whether a link asked for later still has its QR text.
    `meanwhile` happens while a call is under way.
    """

    made: dict[int, Link] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)
    lost: int = 0
    deaf: Exception | None = None
    tells_qr: bool = False
    meanwhile: Callable[[], Awaitable[object]] | None = None
    wanted: list[LinkWanted] = field(default_factory=list)
    cancelled: list[tuple[int, str]] = field(default_factory=list)
    asked: int = 0

    @property
    def links(self) -> Links:
        return Links(self._open, self._ask, self._cancel)

    @property
    def states(self) -> list[str]:
        """The states of all links, the oldest first."""
        return [str(self.made[number].state) for number in sorted(self.made)]

    def occupy(self, number: int, amount: int, memo: str = "") -> None:
        """Make a link behind the shop's back."""
        self.made[number] = Link(number, f"other{number}", LinkState.OPEN, Money(amount), Money(0), memo=memo)

    def stands(self, number: int, state: LinkState) -> None:
        """Let time or money change a link."""
        self.made[number] = replace(self.made[number], state=state)

    async def _open(self, wanted: LinkWanted) -> Link:
        self.wanted.append(wanted)
        if self.meanwhile is not None:
            await self.meanwhile()
        if self.troubles:
            raise self.troubles.pop(0)
        if wanted.number in self.made:
            raise LinkExists(str(wanted.number))
        self.made[wanted.number] = _made(wanted)
        if self.lost:
            self.lost -= 1
            raise Later("timed out")
        return self.made[wanted.number]

    async def _ask(self, number: int) -> Link | None:
        self.asked += 1
        if self.deaf is not None:
            raise self.deaf
        found = self.made.get(number)
        if found is None or self.tells_qr:
            return found
        return replace(found, qr="", url="", bin="", account="", holder="")

    async def _cancel(self, number: int, reason: str) -> None:
        if self.deaf is not None:
            raise self.deaf
        self.cancelled.append((number, reason))
        self.stands(number, LinkState.CLOSED)


def _made(wanted: LinkWanted) -> Link:
    return Link(
        wanted.number,
        f"link{wanted.number}",
        LinkState.OPEN,
        wanted.amount,
        Money(0),
        qr=f"QR{wanted.number}",
        url=f"https://pay.example/{wanted.number}",
        bin="970422",
        account=VIRTUAL,
        holder="NGUYEN VAN A",
        memo=f"CS62H9BJD45 {wanted.code}",
    )
