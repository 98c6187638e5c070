"""What flows ask of a mouth: Telegram and e-mail both answer to this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from flows.messages import Reply, Say
from sales.money import Money


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


@dataclass(frozen=True, slots=True)
class ChatInvoice:
    """What a chat asks for by itself, under the words of its reply, which are cut to what the chat has room for.

    `payload` goes unseen with the invoice, and comes back with the payment.
    """

    title: Say
    payload: str
    amount: Money


class Channel(Protocol):
    """A way to reach a person.

    `show` puts one reply before the person and answers the channel's id of the message.
    `key` names this very message: the same key means the same message sent again.
    Raises Blocked, Rejected (give up on this way) or Later (try again after its seconds).
    """

    name: str

    async def show(
        self,
        address: Address,
        reply: Reply,
        key: str,
        picture: Picture | None = None,
        invoice: ChatInvoice | None = None,
    ) -> str:
        """Deliver `reply`, with its card or as an invoice; see the class for errors."""
        ...

    async def offer(self, address: Address, menu: Mapping[str, Say]) -> None:
        """Put commands with their descriptions into the chat's own menu, {} for everybody's; a mere convenience.

        Raises nothing: a mouth without menus, or one that is closed just now, does without.
        """
        ...

    async def refund_stars(self, payer: str, charge: str) -> None:
        """Give back a payment that was made in the chat, all of it; what was given back before is done, too.

        Raises Later or Rejected as the class says; Rejected also from a mouth that takes no payments.
        """
        ...


Channels = Mapping[str, Channel]
