"""What a shop takes money with, and which plans of its file can be paid with that.

Told from settings and shop file alone, so that it can be told before the first start; once the shop is open,
flows/ways.py answers the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gateways.gateway import Gateway
from sales.catalogue import FiledAccount, Plan, ShopFile
from sales.way import Way, allowed

CHATS = ("telegram",)
"""Where buyers can be in this version; a shop file may name more."""


@dataclass(frozen=True, slots=True)
class Means:
    """The gateways in use, the accounts that buyers are shown, and whether their browsers reach our web door."""

    gateways: tuple[Gateway, ...]
    accounts: tuple[FiledAccount, ...]
    at_web: bool

    @property
    def links(self) -> bool:
        """Whether a gateway makes payment links: it knows itself where their money goes."""
        return any(each.links is not None for each in self.gateways)

    @property
    def watched(self) -> bool:
        """Whether somebody tells of transfers to the shop's bank account."""
        return any(each.bank for each in self.gateways)

    def ways(self, chat: str) -> list[Way]:
        """The ways for buyers in that chat, a transfer first; see flows/ways.py."""
        transfer = [Way("", "VND", bank=True)] if self.links or self.accounts else []
        return [*transfer, *self._other_ways(chat)]

    def ways_of(self, plan: Plan) -> list[Way]:
        """The ways that this plan can be paid, in any chat."""
        costs = {price.currency for price in plan.prices}
        found = [way for chat in CHATS for way in allowed(self.ways(chat), chat, [plan.rule])]
        return [way for way in found if way.currency in costs]

    def _other_ways(self, chat: str) -> Iterator[Way]:
        for each in self.gateways:
            here = (not each.channels or chat in each.channels) and (self.at_web or not each.at_web)
            if here and not each.bank:
                yield from (Way(each.name, currency) for currency in each.currencies)


def plans_of(file: ShopFile) -> list[Plan]:
    """Every plan of every product."""
    return [plan for product in file.products for plan in product.plans]
