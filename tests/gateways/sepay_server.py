"""SePay's user API on loopback, as its reference describes it: newest first, days inclusive, amounts as texts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "dummy-sepay-user-token"
SECRETS = {"user_token": TOKEN}


def row(id: int, booked: str = "2026-11-21 16:02:37", **changes: Any) -> dict[str, Any]:  # noqa: A002 - SePay's word
    """One movement as the list has it."""
    return {
        "id": str(id),
        "bank_brand_name": "Vietcombank",
        "account_number": "0000111122223333",
        "transaction_date": booked,
        "amount_out": "0.00",
        "amount_in": "199000.00",
        "accumulated": "1200541768.00",
        "transaction_content": "CT KX7R2M9CF nhanh",
        "reference_number": f"FT{id}",
        "code": None,
        "sub_account": None,
        "bank_account_id": "19",
        **changes,
    }


@dataclass(slots=True)
class SepayServer:
    """`rows` are what SePay knows; `most` is how many it tells at once, whatever it is asked for."""

    url: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)
    most: int = 5000
    asked: list[dict[str, str]] = field(default_factory=list)
    answer: web.Response | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.query))
        if self.answer is not None:
            return web.Response(status=self.answer.status, text=self.answer.text, headers=self.answer.headers.copy())
        if request.path != "/userapi/transactions/list":
            return web.Response(status=404)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"status": 401, "error": "Unauthorized"}, status=401)
        return web.json_response(
            {"status": 200, "error": None, "messages": {"success": True}, "transactions": self._list(request)}
        )

    def _list(self, request: web.Request) -> list[dict[str, Any]]:
        first = request.query.get("transaction_date_min", "")
        last = request.query.get("transaction_date_max", "9")
        found = [each for each in self.rows if first <= each["transaction_date"] <= last]
        found.sort(key=lambda each: (each["transaction_date"], int(each["id"])), reverse=True)
        return found[: min(self.most, int(request.query.get("limit", "5000")))]


@asynccontextmanager
async def serving() -> AsyncIterator[SepayServer]:
    """The server, listening on a port of its own."""
    sepay, app = SepayServer(), web.Application()
    app.router.add_get("/{path:.*}", sepay.handle)
    async with TestServer(app) as server:
        sepay.url = str(server.make_url("")).rstrip("/")
        yield sepay
