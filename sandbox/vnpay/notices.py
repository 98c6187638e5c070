"""Carries VNPay's notices (IPN) to the shop's door, and repeats them until it hears a code that ends them."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

from aiohttp import ClientSession

from gateways.gateway import Request, Secrets
from sandbox.bank.delivery import deliver
from sandbox.bank.manners import Manners
from sandbox.clock import MovableClock
from sandbox.silence import Silence
from sandbox.vnpay.payments import Payment, Payments
from sandbox.vnpay.shapes import told

NAME = "vnpay"
REPEATS = (timedelta(minutes=5),) * 10
CONTENT = ("00", "02")
"""Codes after which VNPay comes no more."""


class Notices:
    """What is told at the door whose address `door` answers."""

    def __init__(
        self, clock: MovableClock, payments: Payments, secrets: Secrets, door: Callable[[], str], silence: Silence
    ) -> None:
        self._clock, self._payments, self._secrets = clock, payments, secrets
        self._door, self._silence = door, silence
        self._errands: set[asyncio.Task[None]] = set()

    def tell(self, payment: Payment) -> None:
        """Send off a notice of how it ended, unless VNPay is silent now."""
        if self._silence.is_silent(NAME):
            return
        request = Request(b"", query=tuple(told(payment, self._secrets).items()))
        errand = asyncio.create_task(self._send(request, payment))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def close(self) -> None:
        """Give up what has not been delivered."""
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    async def _send(self, request: Request, payment: Payment) -> None:
        def content(status: int, body: bytes) -> bool:
            code = _code(status, body)
            self._payments.hear(payment, code)
            return code in CONTENT

        async with ClientSession() as client:
            manners = Manners(REPEATS, content, "GET")
            await deliver(client, self._door(), request, self._clock, lambda _: None, manners)


def _code(status: int, body: bytes) -> str:
    """The code that the door answers, or the HTTP status where it answers none."""
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    code = said.get("RspCode") if isinstance(said, dict) else None
    return code if status == 200 and isinstance(code, str) else f"HTTP {status}"
