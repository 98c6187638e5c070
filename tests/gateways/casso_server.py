"""Casso's API on loopback, as its reference describes it: a key, pages of movements, and the wish to read the bank."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

KEY = "AK_CS.dummy"
SECRETS = {"checksum_key": "dummy", "api_key": KEY}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def record(number: int, **changes: Any) -> dict[str, Any]:
    """A movement as the API lists it (names of its fields as on developer.casso.vn)."""
    return {
        "id": number,
        "tid": f"FT{number}",
        "description": f"CT KX7R2M9CF lan {number}",
        "amount": 199_000,
        "cusum_balance": 1_070_904,
        "when": "2026-11-21 16:10:00",
        "bankSubAccId": "0000111122223333",
        "paymentChannel": "",
        "virtualAccount": "",
        "virtualAccountName": "",
        "corresponsiveName": "NGUYEN VAN A",
        "corresponsiveAccount": "0999888777",
        "corresponsiveBankId": "970436",
        "corresponsiveBankName": "Vietcombank",
        "accountId": 733,
        "bankCodeName": "mbbank_api",
    } | changes


@dataclass(slots=True)
class CassoServer:
    """`records` stand as they came, the oldest first; `fault` answers instead of the pages, `deaf` instead of /sync."""

    url: str = ""
    records: list[Any] = field(default_factory=list)
    largest_page: int = 1000
    asked: list[dict[str, str]] = field(default_factory=list)
    synced: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    fault: Handler | None = None
    deaf: Handler | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.keys.add(request.headers.get("Authorization", ""))
        if request.headers.get("Authorization") != f"Apikey {KEY}":
            return web.json_response({"error": 401, "message": "Unauthorized Access", "data": None}, status=401)
        if (request.method, request.path) == ("POST", "/sync"):
            self.synced.append((await request.json())["bank_acc_id"])
            return await self.deaf(request) if self.deaf else success(None)
        assert (request.method, request.path) == ("GET", "/transactions")
        self.asked.append(dict(request.query))
        return await self.fault(request) if self.fault else success(self.page(dict(request.query)))

    def page(self, query: dict[str, str]) -> dict[str, Any]:
        number, size = int(query["page"]), min(int(query["pageSize"]), self.largest_page)
        sorted_ones = self.records[::-1] if query["sort"] == "DESC" else self.records
        pages = -(-len(sorted_ones) // size)
        return {
            "page": number,
            "pageSize": size,
            "nextPage": number + 1 if number < pages else None,
            "prevPage": number - 1 or None,
            "totalPages": pages,
            "totalRecords": len(sorted_ones),
            "records": sorted_ones[(number - 1) * size : number * size],
        }


def success(data: Any) -> web.Response:
    return web.json_response({"error": 0, "message": "success", "data": data})


@asynccontextmanager
async def serving() -> AsyncIterator[CassoServer]:
    """The server, listening on a port of its own."""
    casso, app = CassoServer(), web.Application()
    app.router.add_route("*", "/{path:.*}", casso.handle)
    async with TestServer(app) as server:
        casso.url = str(server.make_url("")).rstrip("/")
        yield casso
