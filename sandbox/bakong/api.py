"""Bakong's API over HTTP: whether codes have been paid, by one digest or a list of them, or Bakong's hash.

Source: NBC's Bakong Open API document: the envelope, the error codes and the fields of a payment.
"""

from collections.abc import Callable
from hmac import compare_digest
from typing import Any

from aiohttp import web

from gateways.gateway import Secrets
from gateways.json_text import Json, parse
from sales.errors import Malformed
from sales.money import EXPONENTS
from sandbox.bakong.payments import PAYER, Payment, Payments
from sandbox.news import News
from sandbox.trouble import Handler, Troubles

NAME = "bakong"
MOST = 50
NOT_FOUND = "Transaction could not be found. Please check and try again."

State = dict[str, Any]


class BakongApi:
    """The API for one shop's token. `list_refused`: the list answers 403, as some shops see it.

    `asked` counts the calls that the token opened.
    """

    def __init__(self, payments: Payments, secrets: Secrets, troubles: Troubles, news: News) -> None:
        self.list_refused, self.asked = False, 0
        self._payments, self._secrets, self._troubles, self._news = payments, secrets, troubles, news

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /bakong, which stands for `https://api-bakong.nbc.gov.kh/v1`."""
        return [
            web.post("/bakong/check_transaction_by_md5", self._admitting(self._by("md5", self._payments.find))),
            web.post("/bakong/check_transaction_by_hash", self._admitting(self._by("hash", self._payments.by_hash))),
            web.post("/bakong/check_transaction_by_md5_list", self._admitting(self._list)),
        ]

    def state(self) -> State:
        """Describe it for the page; `payments` are the oldest first, amounts in minor units."""
        shown = [
            {
                "hash": each.hash,
                "to": each.receiver,
                "amount": each.amount.minor,
                "currency": each.amount.currency,
                "at": each.at.isoformat(),
                "fault": each.fault.value,
            }
            for each in self._payments.latest()
        ]
        return {"list_refused": self.list_refused, "asked": self.asked, "payments": shown}

    def _admitting(self, act: Handler) -> Handler:
        async def admit(request: web.Request) -> web.StreamResponse:
            expected = f"Bearer {self._secrets['token']}"
            if not compare_digest(request.headers.get("Authorization", "").encode(), expected.encode()):
                return _refused(401, 6, "Unauthorized, not yet requested for token or code invalid")
            self.asked += 1
            self._news.tell()
            return await act(request)

        return self._troubles.around(NAME, admit, _lie)

    def _by(self, field: str, find: Callable[[str], Payment | None]) -> Handler:
        async def single(request: web.Request) -> web.Response:
            body = await _read(request)
            name = body.get(field) if isinstance(body, dict) else None
            if not isinstance(name, str) or not name:
                return _refused(400, 5, "Missing required fields")
            payment = find(name)
            return _success(_data(payment)) if payment else _refused(404, 1, NOT_FOUND)

        return single

    async def _list(self, request: web.Request) -> web.Response:
        if self.list_refused:
            return web.Response(status=403, text="<html>403 Forbidden</html>", content_type="text/html")
        body = await _read(request)
        if not isinstance(body, list) or not 0 < len(body) <= MOST:
            return _refused(400, 5, "Missing required fields")
        return _success([self._item(digest) for digest in body])

    def _item(self, digest: Json) -> State:
        payment = self._payments.find(str(digest))
        if payment is None:
            return {"md5": digest, "status": "NOT_FOUND", "message": NOT_FOUND, "data": None}
        return {"md5": digest, "status": "SUCCESS", "message": "Success", "data": _data(payment)}


async def _lie(_: web.Request) -> web.Response:
    """Answer what is neither a payment nor a list of them."""
    return _success({"hash": 1, "toAccountId": None, "currency": "XYZ", "amount": "much"})


async def _read(request: web.Request) -> Json:
    try:
        return parse(await request.read())
    except Malformed:
        return None


def _data(payment: Payment) -> State:
    moment = int(payment.at.timestamp() * 1000)
    nothing = dict.fromkeys(("trackingStatus", "receiverBank", "receiverBankAccount", "instructionRef"))
    return nothing | {
        "hash": payment.hash,
        "fromAccountId": PAYER,
        "toAccountId": payment.receiver,
        "currency": payment.amount.currency,
        "amount": payment.amount.minor / 10 ** EXPONENTS[payment.amount.currency],
        "description": "",
        "createdDateMs": moment,
        "acknowledgedDateMs": moment,
        "externalRef": f"100FT{payment.hash[:11].upper()}",
    }


def _success(data: Any) -> web.Response:
    message = "Getting transaction successfully."
    return web.json_response({"responseCode": 0, "responseMessage": message, "errorCode": None, "data": data})


def _refused(status: int, code: int, message: str) -> web.Response:
    told = {"responseCode": 1, "responseMessage": message, "errorCode": code, "data": None}
    return web.json_response(told, status=status)
