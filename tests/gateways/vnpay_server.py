"""VNPay's API on loopback, as its guide to querydr and refund describes it: signed bodies in, signed answers out."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.gateways.vnpay_signing import TERMINAL, VECTORS, digest

PATH = "/merchant_webapi/api/transaction"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

QUERY = "RequestId|Version|Command|TmnCode|TxnRef|TransactionDate|CreateDate|IpAddr|OrderInfo"
REFUND = (
    "RequestId|Version|Command|TmnCode|TransactionType|TxnRef|Amount|TransactionNo|TransactionDate|CreateBy|CreateDate"
    "|IpAddr|OrderInfo"
)
TOLD = (
    "ResponseId|Command|ResponseCode|Message|TmnCode|TxnRef|Amount|BankCode|PayDate|TransactionNo|TransactionType"
    "|TransactionStatus|OrderInfo"
)
ORDERS = {"querydr": (QUERY, f"{TOLD}|PromotionCode|PromotionAmount"), "refund": (REFUND, TOLD)}
"""What is signed of a call and of its answer, in the guide's own notation."""


def signature(order: str, body: Mapping[str, Any]) -> str:
    """Sign a body by the names of that order."""
    values = (body.get(f"vnp_{name}") for name in order.split("|"))
    return digest("|".join("" if value is None else str(value) for value in values))


def signed(command: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Sign an answer truly."""
    return {**answer, "vnp_SecureHash": signature(ORDERS[command][1], answer)}


@dataclass(slots=True)
class VnpayServer:
    """Answers each command as recorded, but for `changes`; `twist` has the last word, `fault` answers instead."""

    url: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    twist: Callable[[dict[str, Any]], Any] = lambda answer: answer
    fault: Handler | None = None
    heard: list[dict[str, Any]] = field(default_factory=list)

    @property
    def pay_page(self) -> str:
        """What a seller names as VNPAY_URL."""
        return f"{self.url}/paymentv2/vpcpay.html"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        assert (request.method, request.path, request.content_type) == ("POST", PATH, "application/json")
        body = await request.json()
        self.heard.append(body)
        if self.fault:
            return await self.fault(request)
        command = body["vnp_Command"]
        if body["vnp_SecureHash"] != signature(ORDERS[command][0], body) or body["vnp_TmnCode"] != TERMINAL:
            return self._answer(command, {"vnp_ResponseCode": "97", "vnp_Message": "Invalid Checksum"})
        recorded = VECTORS[f"{command}.response"]["response"]
        return self._answer(command, recorded | {"vnp_TxnRef": body["vnp_TxnRef"]} | self.changes)

    def _answer(self, command: str, answer: dict[str, Any]) -> web.Response:
        return web.json_response(self.twist(signed(command, answer)))


@asynccontextmanager
async def serving() -> AsyncIterator[VnpayServer]:
    """The server, listening on a port of its own."""
    vnpay, app = VnpayServer(), web.Application()
    app.router.add_route("*", "/{path:.*}", vnpay.handle)
    async with TestServer(app) as server:
        vnpay.url = str(server.make_url("")).rstrip("/")
        yield vnpay
