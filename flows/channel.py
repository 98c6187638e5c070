"""What flows ask of a mouth: Telegram and e-mail both answer to this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from flows.messages import Reply, Say


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a chat id or an e-mail address, in the person's language and zone."""

    to: str
    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG to show, with the file name it is sent under."""

    name: str
    png: bytes


class Channel(Protocol):
    """A way to reach a person.

    `show` puts one reply before the person and answers the channel's id of the message.
    `key` names this very message: the same key means the same message sent again.
    Raises Blocked, Rejected (give up on this way) or Later (try again after its seconds).
    """

    name: str

    async def show(self, address: Address, reply: Reply, key: str, picture: Picture | None = None) -> str:
        """Deliver `reply`; see the class for errors."""
        ...

    async def offer(self, address: Address, menu: Mapping[str, Say]) -> None:
        """Put commands with their descriptions into the chat's own menu, {} for everybody's; a mere convenience.

        Raises nothing: a mouth without menus, or one that is closed just now, does without.
        """
        ...


Channels = Mapping[str, Channel]
