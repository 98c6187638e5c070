"""Carries the payment gateway's notices to the shop's door, and repeats them."""

import asyncio
import json
from collections.abc import Callable

from aiohttp import ClientSession

from gateways.gateway import Request, Secrets
from sandbox.bank.delivery import deliver
from sandbox.clock import MovableClock
from sandbox.sepay_pg.orders import Order, Orders
from sandbox.sepay_pg.shapes import notice
from sandbox.silence import Silence

NAME = "sepay-pg"
PAID, VOIDED = "ORDER_PAID", "TRANSACTION_VOID"


class Notices:
    """What is told at the door whose address `door` answers, with the merchant's secret in the header."""

    def __init__(
        self, clock: MovableClock, orders: Orders, secrets: Secrets, door: Callable[[], str], silence: Silence
    ) -> None:
        self._clock, self._orders, self._secrets = clock, orders, secrets
        self._door, self._silence = door, silence
        self._errands: set[asyncio.Task[None]] = set()

    def tell(self, kind: str, order: Order) -> None:
        """Send off a notice, unless the gateway is silent now."""
        if self._silence.is_silent(NAME):
            return
        body = json.dumps(notice(kind, order, self._clock()), ensure_ascii=False).encode()
        headers = (("content-type", "application/json"), ("x-secret-key", self._secrets["secret"]))
        errand = asyncio.create_task(self._send(Request(body, headers), order))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def close(self) -> None:
        """Give up what has not been delivered."""
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    async def _send(self, request: Request, order: Order) -> None:
        async with ClientSession() as client:
            await deliver(client, self._door(), request, self._clock, lambda status: self._orders.hear(order, status))
