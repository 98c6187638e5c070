"""A mouth that remembers what it was to say, and fails when it is told to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.channel import Address, ChatInvoice, Picture
from flows.messages import Reply, Say


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as a channel gets it; `message` is the id it answered."""

    to: str
    language: str
    reply: Reply
    key: str
    picture: Picture | None
    message: str
    invoice: ChatInvoice | None = None

    @property
    def lines(self) -> list[str]:
        """Ids of its sentences."""
        return [line.id for line in self.reply.lines]

    @property
    def copies(self) -> list[str]:
        """What its buttons put on the clipboard."""
        return [choice.copy for row in self.reply.choices for choice in row if choice.copy]


@dataclass(slots=True)
class Mouth:
    """A Channel; while `trouble` is set it is raised instead of showing anything."""

    name: str
    trouble: Exception | None = None
    shown: list[Shown] = field(default_factory=list)
    asked: int = 0
    menus: dict[str, list[str]] = field(default_factory=dict)
    given_back: list[tuple[str, str]] = field(default_factory=list)

    async def show(
        self,
        address: Address,
        reply: Reply,
        key: str,
        picture: Picture | None = None,
        invoice: ChatInvoice | None = None,
    ) -> str:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        message = f"{self.name}-{self.asked}"
        self.shown.append(Shown(address.to, address.language, reply, key, picture, message, invoice))
        return message

    async def offer(self, address: Address, menu: Mapping[str, Say]) -> None:
        self.menus[address.to] = list(menu)

    async def refund_stars(self, payer: str, charge: str) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.given_back.append((payer, charge))

    def lines(self, to: str) -> list[str]:
        """Ids of the first sentences shown to that address, in order."""
        return [(each.lines or [""])[0] for each in self.shown if each.to == to]
