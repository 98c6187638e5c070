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
from sandbox.sepay.limit import Limit
from sandbox.sepay.numbering import Numbering
from sandbox.trouble import Handler, Troubles

NAME = "sepay"
LARGEST_PAGE = 5000
BANK_ACCOUNT = "1"
"""SePay's id of the only account that is linked."""


class SepayUserApi:
    """One seller's SePay, to whom the bank's account is linked."""

    def __init__(self, bank: Bank, secrets: Secrets, troubles: Troubles, limit: Limit, numbering: Numbering) -> None:
        self._bank, self._secrets, self._troubles = bank, secrets, troubles
        self._limit, self._numbering = limit, numbering

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /sepay/userapi, which stands for `https://my.sepay.vn/userapi`."""
        acts = {"transactions/list": self._list, "bankaccounts/list": self._accounts}
        return [web.get(f"/sepay/userapi/{path}", self._guarded(act), allow_head=False) for path, act in acts.items()]

    def _guarded(self, act: Handler) -> Handler:
        return self._troubles.around(NAME, self._admit(self._limit.around(act)), _lie, RETRY_AFTER)

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
            limit, since = int(wanted.get("limit", LARGEST_PAGE)), int(wanted.get("since_id", 0))
        except ValueError:
            return web.json_response({"status": 400, "error": "limit, since_id"}, status=400)
        rows = [self._row(each) for each in reversed(self._bank.seen_by(NAME))]
        # Texts of one form: they sort as the moments they name.
        found = [each for each in rows if earliest <= each["transaction_date"] <= latest and int(each["id"]) > since]
        account = wanted.get("account_number")
        found = [each for each in found if account in (None, each["account_number"])]
        return _success(transactions=found[: max(min(limit, LARGEST_PAGE), 0)])

    async def _accounts(self, _: web.Request) -> web.Response:
        account = self._bank.account
        named = {"account_holder_name": account.holder, "account_number": account.account, "bank_bin": account.bin}
        return _success(bankaccounts=[{"id": BANK_ACCOUNT, **named, "accumulated": "0.00", "active": "1"}])

    def _row(self, sighting: Sighting) -> dict[str, Any]:
        return {
            "id": str(self._numbering.of(sighting.ref)),
            "bank_brand_name": "",
            "account_number": sighting.account,
            "transaction_date": local(sighting.booked_at),
            "amount_out": f"{max(-sighting.amount, 0)}.00",
            "amount_in": f"{max(sighting.amount, 0)}.00",
            "accumulated": "0.00",
            "transaction_content": sighting.memo,
            "reference_number": sighting.reference,
            "code": None,
            "sub_account": sighting.virtual_account or None,
            "bank_account_id": BANK_ACCOUNT,
        }


async def _lie(_: web.Request) -> web.Response:
    """Answer a movement whose fields are all of another kind."""
    return _success(transactions=[{"id": "one", "amount_in": "much", "transaction_date": 0}])


def _success(**rows: list[dict[str, Any]]) -> web.Response:
    return web.json_response({"status": 200, "error": None, "messages": {"success": True}, **rows})
