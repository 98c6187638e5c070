"""The dispatch office: what jobs need to reach people."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from flows.channel import Address, Channel, Channels, Picture
from flows.premises import Premises
from gateways.gateway import Links
from gateways.giving import Giver
from sales.errors import NotConfigured
from sales.ids import AttemptId
from sales.purchase import Attempt
from sales.refund import Means, Refund
from storage import buyers, orders, refunds
from storage.store import Store
from storage.unit import Unit

After = Callable[[Unit], object] | None
"""What a finished job still writes, in the same Unit that marks it done."""

Draw = Callable[[Attempt | Refund, Address], Awaitable[bytes]]
"""Draws the QR card of an attempt or a refund as a PNG, in the language and zone of the address."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where jobs are carried out: the store, the shop, its mouths, and who draws its cards.

    `links` is what a gateway that makes payment links is asked by, `back` where its page sends the buyer to. `givers`
    send refunds by the means that the shop has.
    """

    store: Store
    premises: Premises
    channels: Channels
    draw: Draw
    links: Links | None = None
    back: str = ""
    givers: Mapping[Means, Giver] = field(default_factory=dict)

    def channel(self, name: str) -> Channel:
        """The mouth of that name; raises NotConfigured when the seller has not set it up."""
        if name not in self.channels:
            raise NotConfigured(f"{name} is not configured")
        return self.channels[name]

    async def address(self, channel: str, to: str) -> Address:
        """A chat with the language its buyer speaks; the shop's language for a chat nobody has spoken from."""
        shop = self.premises.shop
        peer = await self.store.read(lambda unit: buyers.peer_at(unit, shop.id, channel, to))
        return Address(to, peer.language if peer else shop.language, shop.zone)

    async def card(self, attempt_id: AttemptId, address: Address) -> Picture | None:
        """The QR card of an attempt; None when nobody should pay it any more."""
        shop = self.premises.shop.id
        attempt, order, now = await self.store.read(lambda unit: (*orders.attempt_of(unit, shop, attempt_id), unit.now))
        if not attempt.payable(order, now):
            return None
        return Picture(f"{order.code}.png", await self.draw(attempt, address))

    async def refund_card(self, mark: str, address: Address) -> Picture | None:
        """The QR card of a refund; None when it is sent or under way, or goes to another account than the mark's."""
        shop = self.premises.shop.id
        refund = await self.store.read(lambda unit: refunds.marked(unit, shop, mark))
        if refund is None or not refund.payable or refund.under_way:
            return None
        return Picture(f"{refund.memo}.png", await self.draw(refund, address))
