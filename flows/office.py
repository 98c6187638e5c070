"""The dispatch office: what jobs need to reach people."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from flows.channel import Address, Channel, Channels, Picture
from flows.premises import Premises
from sales.errors import NotConfigured
from sales.ids import AttemptId
from sales.purchase import Attempt
from sales.shop import BankAccount
from storage import buyers, orders, shops
from storage.store import Store
from storage.unit import Unit

After = Callable[[Unit], None] | None
"""What a finished job still writes, in the same Unit that marks it done."""

Draw = Callable[[Attempt, BankAccount, Address], Awaitable[bytes]]
"""Draws the QR card of an attempt as a PNG, in the language and zone of the address."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where jobs are carried out: the store, the shop, its mouths, and who draws its cards."""

    store: Store
    premises: Premises
    channels: Channels
    draw: Draw

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
        """The QR card of an attempt; None when nobody should pay it any more, or it has no bank account to show."""
        attempt, account = await self.store.read(lambda unit: self._attempt(unit, attempt_id))
        if account is None or attempt.state != "open":
            return None
        return Picture(f"{attempt.memo}.png", await self.draw(attempt, account, address))

    def _attempt(self, unit: Unit, attempt_id: AttemptId) -> tuple[Attempt, BankAccount | None]:
        shop = self.premises.shop.id
        attempt = orders.attempt(unit, shop, attempt_id)
        account = None if attempt.bank_account is None else shops.account(unit, shop, attempt.bank_account)
        return attempt, account
