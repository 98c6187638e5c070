"""SePay's user API over HTTP: the movements it knows of, for whoever has the seller's token.

Source: developer.sepay.vn, user API v1. Its fields have other names than those of a notice, its amounts are texts, and
its newest movement stands first.
"""

from hmac import compare_digest
from typing import Any

from aiohttp import web

from gateways.gateway import Secrets
from gateways.notice_fields import local
from gateways.sepay_api import RETRY_AFTER
from sales.transfer import Sighting
from sandbox.bank.bank import Bank
from sandbox.trouble import Handler, Troubles

NAME = "sepay"
LARGEST_PAGE = 5000


class SepayUserApi:
    """One seller's SePay, to whom the bank's account is linked."""

    def __init__(self, bank: Bank, secrets: Secrets, troubles: Troubles) -> None:
        self._bank, self._secrets, self._troubles = bank, secrets, troubles

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /sepay/userapi, which stands for `https://my.sepay.vn/userapi`."""
        answer = self._troubles.around(NAME, self._admit(self._list), _lie, RETRY_AFTER)
        return [web.get("/sepay/userapi/transactions/list", answer, allow_head=False)]

    def _admit(self, act: Handler) -> Handler:
        async def admit(request: web.Request) -> web.StreamResponse:
            expected = f"Bearer {self._secrets['user_token']}"
            if compare_digest(request.headers.get("Authorization", "").encode(), expected.encode()):
                return await act(request)
            return web.json_response({"status": 401, "error": "Unauthorized"}, status=401)

        return admit

    async def _list(self, request: web.Request) -> web.Response:
        wanted = request.query
        earliest, latest = wanted.get("transaction_date_min", ""), wanted.get("transaction_date_max", "9999")
        try:
            limit = min(int(wanted.get("limit", LARGEST_PAGE)), LARGEST_PAGE)
        except ValueError:
            return web.json_response({"status": 400, "error": "limit"}, status=400)
        rows = [_row(each) for each in reversed(self._bank.seen_by(NAME))]
        # Texts of one form: they sort as the moments they name.
        found = [each for each in rows if earliest <= each["transaction_date"] <= latest]
        account = wanted.get("account_number")
        found = [each for each in found if account in (None, each["account_number"])]
        return _success(found[: max(limit, 0)])


async def _lie(_: web.Request) -> web.Response:
    """Answer a movement whose fields are all of another kind."""
    return _success([{"id": "one", "amount_in": "much", "transaction_date": 0}])


def _success(rows: list[dict[str, Any]]) -> web.Response:
    return web.json_response({"status": 200, "error": None, "messages": {"success": True}, "transactions": rows})


def _row(sighting: Sighting) -> dict[str, Any]:
    return {
        "id": sighting.ref,
        "bank_brand_name": "",
        "account_number": sighting.account,
        "transaction_date": local(sighting.booked_at),
        "amount_out": "0.00",
        "amount_in": f"{sighting.amount}.00",
        "accumulated": "0.00",
        "transaction_content": sighting.memo,
        "reference_number": sighting.reference,
        "code": None,
        "sub_account": sighting.virtual_account or None,
        "bank_account_id": "1",
    }
