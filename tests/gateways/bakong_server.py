"""Bakong's API on loopback, as its document describes it: a bearer token, an envelope, single checks and a list."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "dummy-token-0123456789"
ACCOUNT = "nguyen_van_a@toyb"
SECRETS = {"token": TOKEN, "account": ACCOUNT}
LIST, SINGLE = "/check_transaction_by_md5_list", "/check_transaction_by_md5"
NOT_FOUND = "Transaction could not be found. Please check and try again."
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def payment(**changes: Any) -> dict[str, Any]:
    """One payment in the shape of a published one; every value made up."""
    return {
        "hash": "a7121ca103c4d8f1b2e3a4c5d6e7f809a7121ca103c4d8f1b2e3a4c5eb3671b9",
        "fromAccountId": "buyer@bkrt",
        "toAccountId": ACCOUNT,
        "currency": "USD",
        "amount": 9.5,
        "description": "OnlinePayment",
        "createdDateMs": 1793500012000,
        "acknowledgedDateMs": 1793500013000,
        "trackingStatus": None,
        "receiverBank": None,
        "receiverBankAccount": None,
        "instructionRef": None,
        "externalRef": "100FT33616732210",
    } | changes


def failure(code: int | str | None, message: str = "no") -> dict[str, Any]:
    return {"responseCode": 1, "responseMessage": message, "errorCode": code, "data": None}


def success(data: Any) -> dict[str, Any]:
    return {"responseCode": 0, "responseMessage": "Getting transaction successfully.", "errorCode": None, "data": data}


@dataclass(slots=True)
class BakongServer:
    """`paid`: digest → payment. `faults`: path → what answers instead; "" stands for every path."""

    url: str = ""
    heard: list[tuple[str, Any]] = field(default_factory=list)
    paid: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Handler] = field(default_factory=dict)
    missing_status: int = 404

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.heard.append((request.path, body))
        if fault := self.faults.get(request.path) or self.faults.get(""):
            return await fault(request)
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return web.json_response(failure(6, "Unauthorized, not yet requested for token"), status=401)
        if request.path == LIST:
            return web.json_response(success([self._item(digest) for digest in body]))
        if body["md5"] not in self.paid:
            return web.json_response(failure(1, NOT_FOUND), status=self.missing_status)
        return web.json_response(success(self.paid[body["md5"]]))

    def _item(self, digest: str) -> dict[str, Any]:
        if digest not in self.paid:
            return {"md5": digest, "status": "NOT_FOUND", "message": NOT_FOUND, "data": None}
        return {"md5": digest, "status": "SUCCESS", "message": "", "data": self.paid[digest]}


def saying(status: int, body: Any, **headers: str) -> Handler:
    """A fault: this status, this text or JSON."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(status=status, text=text, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return answer


@asynccontextmanager
async def serving() -> AsyncIterator[BakongServer]:
    """The server, listening on a port of its own."""
    bakong, app = BakongServer(), web.Application()
    app.router.add_route("*", "/{path:.*}", bakong.handle)
    async with TestServer(app) as server:
        bakong.url = str(server.make_url("")).rstrip("/")
        yield bakong
