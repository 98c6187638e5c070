"""Tells the shop of money in the words of its gateways: true notices, brought to the house's own door."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex

from aiohttp import ClientSession

from gateways.gateway import Gateway, Request, Secrets
from gateways.registry import gateway
from sales.transfer import Sighting
from sandbox.bank.delivery import Route, deliver
from sandbox.bank.faults import Plan
from sandbox.bank.manners import BY_STATUS, MANNERS
from sandbox.clock import MovableClock
from sandbox.silence import Silence

Writer = Callable[[Secrets, Sighting, datetime], Request]
"""Writes a true notice, as a gateway's `forge` does."""


@dataclass(slots=True)
class Messenger:
    """`secrets` holds the secrets of each gateway by its name; `door` is the base address of our webhooks.

    `silence` says who sends nothing; `writers` write the notices of gateways that can be set up in several ways.
    """

    clock: MovableClock
    secrets: Mapping[str, Secrets]
    shop: str
    door: str
    silence: Silence
    writers: Mapping[str, Writer]

    @property
    def watchers(self) -> tuple[str, ...]:
        """Gateways that tell of the shop's own account, and not of links that they make."""
        plugs = map(self.plug, self.secrets)
        return tuple(plug.name for plug in plugs if plug.bank and plug.links is None)

    def plug(self, source: str) -> Gateway:
        """The gateway of that name; raises KeyError."""
        plug = gateway(source)
        if plug is None:
            raise KeyError(source)
        return plug

    async def tell(self, source: str, plan: Plan, heard: Callable[[int], None]) -> None:
        """Bring the notices of a movement, and bring them again as the gateway does; one that is silent brings none.

        `heard` gets the HTTP status of each answer, 0 when nobody answered.
        """
        url, manners = f"{self.door}/webhooks/{self.shop}/{source}", MANNERS.get(source, BY_STATUS)
        route = Route(url, self.clock, manners, lambda: self.silence.is_silent(source))

        def write() -> Request:
            secrets = _wrong(self.secrets[source]) if plan.forged else self.secrets[source]
            by_gateway = self.writers.get(source, self.plug(source).forge)
            return by_gateway(secrets, replace(plan.sighting, source=source), self.clock())

        notice = write()
        # A time of signing that counts for minutes only is renewed with every repeat; Casso's may not be.
        again = write if source in MANNERS else None
        async with ClientSession() as client:
            copies = (
                deliver(client, route, notice, lambda status, _: heard(status), again) for _ in range(plan.copies)
            )
            await asyncio.gather(*copies)


def _wrong(secrets: Secrets) -> Secrets:
    return {name: token_hex(16) for name in secrets}
