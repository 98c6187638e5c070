"""payOS's payouts on loopback, signed by payOS's official package: one payout a key, however often it is asked for."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from payos._crypto.provider import CryptoProvider

from gateways.gateway import Secrets

KEY = "dummy-payout-checksum-key-0123456789"
SECRETS: Secrets = {"client_id": "dummy-payout-client", "api_key": "dummy-payout-api", "checksum_key": KEY}
CRYPTO = CryptoProvider()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class PayoutServer:
    """`fault` answers instead when it is set, `refuses` to what is sent alone.

    `twist` changes what is answered and its headers once it is signed. `state` and `approval` are those of every
    payout, `changes` change its transaction.
    """

    url: str = ""
    heard: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    payouts: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: str = "RECEIVED"
    approval: str = "PROCESSING"
    changes: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    fault: Handler | None = None
    refuses: Handler | None = None
    twist: Callable[[dict[str, Any], dict[str, str]], None] = lambda answer, headers: None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        raw = await request.text()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.heard.append((request.method, request.path_qs, headers, json.loads(raw) if raw else None))
        if self.fault is not None:
            return await self.fault(request)
        if self.refuses is not None and request.method == "POST":
            return await self.refuses(request)
        answer = self._answer(request, headers, json.loads(raw) if raw else {})
        signed = {"x-signature": CRYPTO.create_signature(KEY, answer["data"])} if answer["data"] else {}
        self.twist(answer, signed)
        return web.json_response(answer, headers=signed)

    def _answer(self, request: web.Request, headers: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if (headers["x-client-id"], headers["x-api-key"]) != (SECRETS["client_id"], SECRETS["api_key"]):
            return refusal("401", "x-api-key is wrong")
        if request.method == "POST":
            if headers["x-signature"] != CRYPTO.create_signature(KEY, body):
                return refusal("201", "wrong signature")
            key = headers["x-idempotency-key"]
            known = self.payouts.setdefault(key, body)
            return success(self._told(key)) if known == body else refusal("409", "another payout has this key")
        if request.path == "/v1/payouts":
            mine = [key for key, each in self.payouts.items() if each["referenceId"] == request.query["referenceId"]]
            page = {"limit": 10, "offset": 0, "total": len(mine), "count": len(mine), "hasMore": False}
            return success({"pagination": page, "payouts": [self._told(key) for key in mine]} | self.data)
        key = next((key for key in self.payouts if request.path.endswith(f"/id-{key}")), None)
        return success(self._told(key)) if key else refusal("101", "no such payout")

    def _told(self, key: str) -> dict[str, Any]:
        body = self.payouts[key]
        transaction = {
            name: body[name] for name in ("referenceId", "amount", "description", "toBin", "toAccountNumber")
        }
        told = {"id": f"tx-{key}", "toAccountName": "NGUYEN VAN A", "reference": None, "transactionDatetime": None}
        failed = {"errorMessage": None, "errorCode": None, "state": self.state}
        return {
            "id": f"id-{key}",
            "referenceId": body["referenceId"],
            "transactions": [transaction | told | failed | self.changes],
            "category": body["category"],
            "approvalState": self.approval,
            "createdAt": "2026-11-21T16:00:00+07:00",
        } | self.data


def success(data: dict[str, Any]) -> dict[str, Any]:
    return {"code": "00", "desc": "success", "data": data}


def refusal(code: str, desc: str) -> dict[str, Any]:
    return {"code": code, "desc": desc, "data": None}


@asynccontextmanager
async def serving() -> AsyncIterator[PayoutServer]:
    """The server, listening on a port of its own."""
    server, app = PayoutServer(), web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    async with TestServer(app) as listening:
        server.url = str(listening.make_url("")).rstrip("/")
        yield server
