"""payOS's API on loopback, as its reference describes it: keys, signed requests, signed answers, codes in HTTP 200."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from payos._crypto.provider import CryptoProvider

from gateways.gateway import LinkWanted
from sales.money import Money
from tests.gateways.payos_signing import KEY, SECRETS

REQUESTS = "/v2/payment-requests"
UNTIL = datetime(2026, 11, 21, 3, 19, 5, 999999, tzinfo=UTC)
WANTED = LinkWanted(251022001, "KX7R2M9CF", Money(199000), UNTIL, "https://t.me/shop?a=1&b=ộ")
CRYPTO = CryptoProvider()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Heard:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass(slots=True)
class PayosServer:
    """`fault` answers instead when it is set; `twist` changes what is answered before it goes out, once signed."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    links: dict[int, dict[str, Any]] = field(default_factory=dict)
    fault: Handler | None = None
    twist: Callable[[dict[str, Any]], Any] = lambda answer: answer
    data: dict[str, Any] = field(default_factory=dict)
    """Values that every answer's data is changed by before it is signed."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        raw = await request.text()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.heard.append(Heard(request.method, request.path, headers, json.loads(raw) if raw else None))
        if self.fault is not None:
            return await self.fault(request)
        answer = self._answer(self.heard[-1])
        if answer.get("data"):
            answer["data"] |= self.data
            answer["signature"] = CRYPTO.create_signature_from_object(answer["data"], KEY)
        return web.json_response(self.twist(answer))

    def _answer(self, heard: Heard) -> dict[str, Any]:
        if (heard.headers["x-client-id"], heard.headers["x-api-key"]) != (SECRETS["client_id"], SECRETS["api_key"]):
            return refusal("401", "x-api-key is wrong")
        if heard.path == "/confirm-webhook":
            names = {"accountName": "NGUYEN VAN A", "accountNumber": "0000111122223333"}
            return success({"webhookUrl": heard.body["webhookUrl"], **names, "name": "Cửa hàng", "shortName": "MB"})
        if heard.path == REQUESTS:
            return self._open(heard.body)
        number = int(heard.path.removeprefix(REQUESTS).split("/")[1])
        if number not in self.links:
            return refusal("101", "Mã thanh toán không tồn tại")
        if heard.path.endswith("/cancel"):
            self.links[number] |= {"status": "CANCELLED", "cancellationReason": heard.body.get("cancellationReason")}
        return success(dict(self.links[number]))

    def _open(self, body: dict[str, Any]) -> dict[str, Any]:
        if body["signature"] != CRYPTO.create_signature_of_payment_request(body, KEY):
            return refusal("201", "Mã kiểm tra(signature) không hợp lệ")
        if len(body["description"]) > 25:
            return refusal("20", "Mô tả tối đa 25 kí tự")
        number = body["orderCode"]
        if number in self.links:
            return refusal("231", "Đơn thanh toán đã tồn tại")
        identity = f"link{number}"
        self.links[number] = {
            "id": identity,
            "orderCode": number,
            "amount": body["amount"],
            "amountPaid": 0,
            "amountRemaining": body["amount"],
            "status": "PENDING",
            "createdAt": "2026-11-21T10:04:05+07:00",
            "transactions": [],
            "cancellationReason": None,
            "canceledAt": None,
        }
        return success(
            {
                "bin": "970422",
                "accountNumber": "VQRQ00000001",
                "accountName": "CUA HANG SO",
                "amount": body["amount"],
                "description": f"CS62H9BJD45 {body['description']}",
                "orderCode": number,
                "currency": "VND",
                "paymentLinkId": identity,
                "status": "PENDING",
                "expiredAt": body["expiredAt"],
                "checkoutUrl": f"https://pay.payos.vn/web/{identity}",
                "qrCode": "00020101021238570010A000000727",
            }
        )


def success(data: dict[str, Any]) -> dict[str, Any]:
    return {"code": "00", "desc": "success", "data": data}


def refusal(code: str, desc: str) -> dict[str, Any]:
    return {"code": code, "desc": desc, "data": None, "signature": None}


def saying(status: int, body: Any, **headers: str) -> Handler:
    """A fault: this status, this text or JSON."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(status=status, text=text, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return answer


@asynccontextmanager
async def serving() -> AsyncIterator[PayosServer]:
    """The server, listening on a port of its own."""
    payos, app = PayosServer(), web.Application()
    app.router.add_route("*", "/{path:.*}", payos.handle)
    async with TestServer(app) as server:
        payos.url = str(server.make_url("")).rstrip("/")
        yield payos
