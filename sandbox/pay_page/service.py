"""A gateway with a page of its own, put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from sandbox.pay_page.courier import Courier

SHOWN = 20
"""Payments that the street's page shows of each gateway."""


@dataclass(frozen=True, slots=True)
class Service:
    """`routes` are its addresses; `payments` describe the latest ones in JSON's own types, the oldest first."""

    routes: Sequence[web.RouteDef]
    courier: Courier
    payments: Callable[[], list[dict[str, object]]]

    def state(self) -> list[dict[str, object]]:
        """Describe what the street's page shows."""
        return self.payments()[-SHOWN:]

    async def close(self) -> None:
        """Give up the notices that have not been delivered."""
        await self.courier.close()
