"""Writes VNPay's notices (IPN) to the shop's door, which come again until a code ends them."""

import json
from datetime import timedelta
from secrets import token_hex

from gateways.gateway import Request, Secrets
from sandbox.bank.faults import Fault
from sandbox.bank.manners import Manners
from sandbox.pay_page.courier import Courier
from sandbox.vnpay.payments import Payment, Payments
from sandbox.vnpay.shapes import told

NAME = "vnpay"
REPEATS = (timedelta(minutes=5),) * 10
CONTENT = ("00", "02")
"""Codes after which VNPay comes no more."""


class Notices:
    """What `courier` carries."""

    def __init__(self, payments: Payments, secrets: Secrets, courier: Courier) -> None:
        self._payments, self._secrets, self._courier = payments, secrets, courier

    def tell(self, payment: Payment, fault: Fault = Fault.NONE) -> None:
        """Tell of how it ended, under a guessed key if FORGED."""
        forged = {"hash_secret": token_hex(16)} if fault is Fault.FORGED else {}
        request = Request(b"", query=tuple(told(payment, {**self._secrets, **forged}).items()))
        self._courier.send(request, lambda status, body: self._payments.hear(payment, _code(status, body)), fault)


def _code(status: int, body: bytes) -> str:
    """The code that the door answers, or the HTTP status where it answers none."""
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    code = said.get("RspCode") if isinstance(said, dict) else None
    return code if status == 200 and isinstance(code, str) else f"HTTP {status}"


MANNERS = Manners(REPEATS, lambda status, body: _code(status, body) in CONTENT, "GET")
