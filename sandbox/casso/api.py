"""Casso's API over HTTP: who the key belongs to, which accounts are linked, what moved there, read the bank now.

Source: developer.casso.vn, API v2; the names of a movement's fields are not those of the notices.
"""

from datetime import date
from hmac import compare_digest
from typing import Any

from aiohttp import web

from gateways.gateway import Secrets
from gateways.json_text import parse
from gateways.notice_fields import VIETNAM, local
from sales.errors import Malformed
from sales.transfer import Sighting
from sandbox.bank.bank import Bank
from sandbox.trouble import Handler, Troubles

NAME = "casso"
LARGEST_PAGE = 100


class CassoApi:
    """One seller's Casso, to whom the bank's account is linked."""

    def __init__(self, bank: Bank, secrets: Secrets, troubles: Troubles) -> None:
        self._bank, self._secrets, self._troubles = bank, secrets, troubles

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /casso, which stands for `https://oauth.casso.vn/v2`."""
        return [
            web.get("/casso/userInfo", self._keyed(self._user), allow_head=False),
            web.get("/casso/accounts", self._keyed(self._accounts), allow_head=False),
            web.get("/casso/transactions", self._keyed(self._transactions), allow_head=False),
            web.post("/casso/sync", self._keyed(self._sync)),
        ]

    def _keyed(self, act: Handler) -> Handler:
        async def admit(request: web.Request) -> web.StreamResponse:
            expected = f"Apikey {self._secrets['api_key']}"
            if compare_digest(request.headers.get("Authorization", "").encode(), expected.encode()):
                return await act(request)
            return _refused(401, "Unauthorized Access")

        return self._troubles.around(NAME, admit, _lie)

    async def _user(self, _: web.Request) -> web.Response:
        business = {"id": 1, "name": self._bank.account.holder}
        return _success(
            {"user": {"id": 1, "email": "seller@example.com"}, "business": business, "bankAccs": [self._own()]}
        )

    async def _accounts(self, _: web.Request) -> web.Response:
        return _success([self._own()])

    async def _transactions(self, request: web.Request) -> web.Response:
        try:
            since = date.fromisoformat(request.query.get("fromDate", "2000-01-01"))
            page, size = _whole(request, "page", 1), min(_whole(request, "pageSize", 10), LARGEST_PAGE)
        except ValueError:
            return _refused(400, "Bad Request")
        seen = [each for each in self._bank.seen_by(NAME) if _day(each) >= since]
        if request.query.get("sort", "ASC").upper() == "DESC":
            seen.reverse()
        return _success(_page(seen, page, size))

    async def _sync(self, request: web.Request) -> web.Response:
        """Nothing is left to do: the toy bank tells Casso at once."""
        try:
            body = parse(await request.read())
        except Malformed:
            return _refused(400, "Bad Request")
        wanted = body.get("bank_acc_id") if isinstance(body, dict) else None
        return _success(None) if wanted == self._bank.account.account else _refused(404, "Not Found")

    def _own(self) -> dict[str, Any]:
        account = self._bank.account
        bank = {"bin": account.bin, "codeName": "toy_bank"}
        return {"id": 1, "bankSubAccId": account.account, "bankAccountName": account.holder, "bank": bank}


async def _lie(_: web.Request) -> web.Response:
    """Answer a movement whose fields are all of another kind."""
    return _success({"page": 1, "totalPages": 1, "records": [{"id": "1", "amount": "much", "when": 0}]})


def _page(seen: list[Sighting], page: int, size: int) -> dict[str, Any]:
    pages = -(-len(seen) // size)
    return {
        "page": page,
        "pageSize": size,
        "nextPage": page + 1 if page < pages else None,
        "prevPage": page - 1 if page > 1 else None,
        "totalPages": pages,
        "totalRecords": len(seen),
        "records": [_record(each) for each in seen[(page - 1) * size : page * size]],
    }


def _record(sighting: Sighting) -> dict[str, Any]:
    return {
        "id": int(sighting.ref),
        "tid": sighting.reference,
        "description": sighting.memo,
        "amount": sighting.amount,
        "cusum_balance": 0,
        "when": local(sighting.booked_at),
        "bankSubAccId": sighting.account,
        "paymentChannel": "",
        "virtualAccount": sighting.virtual_account,
        "virtualAccountName": "",
        "corresponsiveName": sighting.payer.name,
        "corresponsiveAccount": sighting.payer.account,
        "corresponsiveBankId": "",
        "corresponsiveBankName": sighting.payer.bank,
        "accountId": 1,
        "bankCodeName": "toy_bank",
    }


def _day(sighting: Sighting) -> date:
    return sighting.booked_at.astimezone(VIETNAM).date() if sighting.booked_at else date.max


def _whole(request: web.Request, name: str, otherwise: int) -> int:
    number = int(request.query.get(name, otherwise))
    if number < 1:
        raise ValueError(name)
    return number


def _success(data: Any) -> web.Response:
    return web.json_response({"error": 0, "message": "success", "data": data})


def _refused(status: int, message: str) -> web.Response:
    return web.json_response({"error": status, "message": message, "data": None}, status=status)
