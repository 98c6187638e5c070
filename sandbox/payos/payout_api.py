"""payOS's payouts over HTTP: keys and signatures of a payout channel in headers, both ways."""

from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateways.gateway import Secrets
from gateways.json_text import Json, parse
from gateways.notice_fields import VIETNAM
from gateways.payos_payout_signature import HEADER, is_signed, sign
from sales.errors import Malformed
from sandbox.payos import refusals
from sandbox.payos.payouts import Ending, Payout, Payouts, Wish
from sandbox.payos.refusals import Refusal
from sandbox.payos.shapes import WORDS_LIMIT, Data
from sandbox.trouble import Handler, Troubles

PATH = "/payos/v1/payouts"
NAME = "payos"
LARGEST = 500_000_000

Act = Callable[[web.Request], Awaitable[Data]]
Letters = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,40}$")]


class PayoutBody(BaseModel):
    """The body of POST /v1/payouts."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    reference: str = Field(alias="referenceId", min_length=1, max_length=100)
    amount: int = Field(ge=1, le=LARGEST)
    words: str = Field(alias="description", max_length=WORDS_LIMIT)
    bin: str = Field(alias="toBin", pattern=r"^[0-9]{6}$")
    account: Letters = Field(alias="toAccountNumber")
    category: list[str] | None = None

    def wish(self) -> Wish:
        """What it asks for."""
        category = None if self.category is None else tuple(self.category)
        return Wish(self.reference, self.amount, self.words, self.bin, self.account, category)


class PayoutApi:
    """One payout channel of one seller."""

    def __init__(self, payouts: Payouts, secrets: Secrets, troubles: Troubles) -> None:
        self._payouts, self._secrets, self._troubles = payouts, secrets, troubles

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /payos; the official client for JavaScript posts to one with a slash at its end."""
        return [
            web.post(PATH, self._answering(self._make)),
            web.post(f"{PATH}/", self._answering(self._make)),
            web.get(PATH, self._answering(self._list), allow_head=False),
            web.get(f"{PATH}/{{id}}", self._answering(self._show), allow_head=False),
        ]

    def _answering(self, act: Act) -> Handler:
        key = self._secrets["checksum_key"]
        return self._troubles.around(NAME, self._signing(act, key), self._signing(act, f"not {key}"))

    def _signing(self, act: Act, key: str) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            try:
                self._admit(request)
                data = await act(request)
            except Refusal as refusal:
                body = {"code": refusal.code, "desc": refusal.words, "data": None}
                return web.json_response(body, status=refusal.status, headers=refusal.headers)
            answer = {"code": "00", "desc": "success", "data": data}
            return web.json_response(answer, headers={HEADER: sign(key, data)})

        return handle

    def _admit(self, request: web.Request) -> None:
        for header, name in (("x-client-id", "client_id"), ("x-api-key", "api_key")):
            if not compare_digest(request.headers.get(header, "").encode(), self._secrets[name].encode()):
                raise refusals.stranger()

    async def _make(self, request: web.Request) -> Data:
        told, key = _read(await request.read()), request.headers.get("x-idempotency-key", "")
        if not is_signed(self._secrets["checksum_key"], told, request.headers.get(HEADER, "")):
            raise refusals.forged()
        if not key:
            raise refusals.invalid("x-idempotency-key is missing")
        try:
            payout = self._payouts.make(key, PayoutBody.model_validate(told).wish())
        except ValidationError as error:
            raise refusals.invalid(".".join(map(str, error.errors()[0]["loc"]))) from None
        if payout is None:
            raise refusals.invalid("x-idempotency-key was used for another payout")
        return self._told(payout)

    async def _list(self, request: web.Request) -> Data:
        found = [self._told(each) for each in self._payouts.of_reference(request.query.get("referenceId", ""))]
        page = {"limit": 10, "offset": 0, "total": len(found), "count": len(found), "hasMore": False}
        return {"pagination": page, "payouts": found}

    async def _show(self, request: web.Request) -> Data:
        payout = self._payouts.by_id(request.match_info["id"])
        if payout is None:
            raise refusals.unknown()
        return self._told(payout)

    def _told(self, payout: Payout) -> Data:
        wish, now = payout.wish, self._payouts.now()
        state = payout.state(now)
        failed = state not in ("RECEIVED", "PROCESSING", Ending.SUCCEEDED)
        transaction: Data = {
            "id": f"{payout.id}-1",
            "referenceId": wish.reference,
            "amount": wish.amount,
            "description": wish.words,
            "toBin": wish.bin,
            "toAccountNumber": wish.account,
            "toAccountName": None,
            "reference": None,
            "transactionDatetime": None,
            "errorMessage": "the bank has refused it" if failed else None,
            "errorCode": "05" if failed else None,
            "state": state,
        }
        return {
            "id": payout.id,
            "referenceId": wish.reference,
            "transactions": [transaction],
            "category": None if wish.category is None else list(wish.category),
            "approvalState": payout.approval(now),
            "createdAt": payout.made.astimezone(VIETNAM).isoformat(timespec="seconds"),
        }


def _read(body: bytes) -> dict[str, Json]:
    """Read a body; raises Refusal for what is no object."""
    try:
        told = parse(body)
    except Malformed as error:
        raise refusals.invalid(str(error)) from None
    if not isinstance(told, dict):
        raise refusals.invalid("no object")
    return told
