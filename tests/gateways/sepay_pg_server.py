"""The API of SePay's payment gateway on loopback, as its reference describes it: Basic keys, orders in `data`."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.gateways.payos_server import Handler
from tests.gateways.sepay_pg_signing import SECRETS

PROOF = "Basic " + base64.b64encode(f"{SECRETS['merchant']}:{SECRETS['secret']}".encode()).decode()


@dataclass(slots=True)
class SepayPgServer:
    """`orders` by the name they are asked for; of others `unknown` is said; `fault`, once set, answers instead."""

    url: str = ""
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    listed: Any = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    unknown: int = 404
    fault: Handler | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(request.path_qs)
        if self.fault is not None:
            return await self.fault(request)
        if request.headers.get("Authorization") != PROOF:
            return web.json_response({"message": "Unauthorized"}, status=401)
        if request.path == "/v1/order":
            return web.json_response({"data": self.listed, "meta": {}})
        name = request.path.removeprefix("/v1/order/detail/")
        if name in self.orders:
            return web.json_response({"data": self.orders[name]})
        return web.json_response({"message": "not found"}, status=self.unknown)


@asynccontextmanager
async def serving() -> AsyncIterator[SepayPgServer]:
    """The server, listening on a port of its own."""
    sepay, app = SepayPgServer(), web.Application()
    app.router.add_route("*", "/{path:.*}", sepay.handle)
    async with TestServer(app) as server:
        sepay.url = str(server.make_url("")).rstrip("/")
        yield sepay
