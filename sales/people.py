"""Who speaks to the shop."""

from dataclasses import dataclass

from sales.ids import BuyerId, PeerId


@dataclass(frozen=True, slots=True)
class Peer:
    """A buyer at one mouth: `external` is the channel's id of the chat.

    `name` is what the person calls themselves, `handle` what others can write to (Telegram's username, without @);
    either may be "".
    """

    id: PeerId
    buyer: BuyerId
    channel: str
    external: str
    language: str
    reachable: bool
    name: str = ""
    handle: str = ""

    @property
    def lane(self) -> str:
        """The queue in which this person's messages keep their order."""
        return f"{self.channel}:{self.external}"
