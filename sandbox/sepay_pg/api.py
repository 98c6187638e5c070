"""The payment gateway's API over HTTP: orders looked up, and a card's payment taken back."""

from base64 import b64encode
from hmac import compare_digest

from aiohttp import web

from gateways.gateway import Secrets
from gateways.json_text import parse
from sales.errors import Malformed
from sandbox.sepay_pg.notices import NAME, VOIDED, Notices
from sandbox.sepay_pg.orders import Orders
from sandbox.sepay_pg.shapes import detail, listed
from sandbox.trouble import Handler, Troubles

PER_PAGE = 20


class PgApi:
    """One merchant's orders, for who knows its keys."""

    def __init__(self, orders: Orders, notices: Notices, secrets: Secrets, troubles: Troubles) -> None:
        self._orders, self._notices, self._troubles = orders, notices, troubles
        keys = f"{secrets['merchant']}:{secrets['secret']}"
        self._proof = f"Basic {b64encode(keys.encode()).decode()}"

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /sepay/v1/order, which stands for `https://pgapi.sepay.vn/v1/order`."""
        return [
            web.get("/sepay/v1/order/detail/{name}", self._keyed(self._detail), allow_head=False),
            web.get("/sepay/v1/order", self._keyed(self._list), allow_head=False),
            web.post("/sepay/v1/order/voidTransaction", self._keyed(self._void)),
        ]

    def _keyed(self, act: Handler) -> Handler:
        async def admit(request: web.Request) -> web.StreamResponse:
            given = request.headers.get("Authorization", "")
            known = compare_digest(given.encode(), self._proof.encode())
            return await act(request) if known else _said("unauthorized", 401)

        return self._troubles.around(NAME, admit, _lie)

    async def _detail(self, request: web.Request) -> web.StreamResponse:
        order = self._orders.find(request.match_info["name"])
        return web.json_response({"data": detail(order)}) if order else _said("order not found", 404)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        wanted = request.query.get("q", "")
        found = [each for each in self._orders.latest() if wanted in f"{each.wish.invoice} {each.id}"]
        meta = {"per_page": PER_PAGE, "total": len(found), "current_page": 1}
        return web.json_response({"data": [listed(each) for each in found[:PER_PAGE]], "meta": meta})

    async def _void(self, request: web.Request) -> web.StreamResponse:
        order = self._orders.find(_invoice(await request.read()))
        if order is None or self._orders.void(order) is None:
            return _said("transaction cannot be voided", 400)
        self._notices.tell(VOIDED, order)
        return _said("transaction voided", 200)


async def _lie(_request: web.Request) -> web.StreamResponse:
    """Tell of somebody else's order, and that it is paid."""
    paid = {"transaction_type": "PAYMENT", "transaction_status": "APPROVED", "transaction_amount": "1"}
    order = {"order_invoice_number": "SOMEBODY-1", "order_status": "CAPTURED", "order_currency": "VND"}
    return web.json_response({"data": order | {"transactions": [paid | {"id": "1", "transaction_currency": "VND"}]}})


def _invoice(body: bytes) -> str:
    try:
        told = parse(body)
    except Malformed:
        return ""
    name = told.get("order_invoice_number") if isinstance(told, dict) else None
    return name if isinstance(name, str) else ""


def _said(words: str, status: int) -> web.Response:
    return web.json_response({"message": words}, status=status)
