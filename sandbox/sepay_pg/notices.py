"""Writes the payment gateway's notices to the shop's door."""

import json
from secrets import token_hex

from gateways.gateway import Request, Secrets
from sandbox.bank.faults import Fault
from sandbox.pay_page.courier import Courier
from sandbox.sepay_pg.orders import Order, Orders
from sandbox.sepay_pg.shapes import notice

NAME = "sepay-pg"
PAID, VOIDED = "ORDER_PAID", "TRANSACTION_VOID"


class Notices:
    """What `courier` carries, with the merchant's secret in the header, or a guessed one."""

    def __init__(self, orders: Orders, secrets: Secrets, courier: Courier) -> None:
        self._orders, self._secrets, self._courier = orders, secrets, courier

    def tell(self, kind: str, order: Order, fault: Fault = Fault.NONE) -> None:
        """Tell of an order's last transaction."""
        body = json.dumps(notice(kind, order, self._orders.now()), ensure_ascii=False).encode()
        secret = token_hex(16) if fault is Fault.FORGED else self._secrets["secret"]
        headers = (("content-type", "application/json"), ("x-secret-key", secret))
        self._courier.send(Request(body, headers), lambda status, _: self._orders.hear(order, status), fault)
