"""payOS's API over HTTP: keys, signatures, links, the check of a webhook's address."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hmac import compare_digest
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from gateways.gateway import Secrets
from gateways.json_text import parse
from gateways.payos_signature import sign, sign_wanted
from sales.emv import BadQr
from sales.errors import Malformed
from sandbox.bank.bank import Bank
from sandbox.news import News
from sandbox.payos import refusals
from sandbox.payos.confirm import confirm
from sandbox.payos.faults import ApiFaults, check, linger
from sandbox.payos.links import Link, Links, Status, Wish
from sandbox.payos.refusals import Refusal
from sandbox.payos.shapes import CancelBody, Data, LinkBody, WebhookBody, asked, made
from sandbox.trouble import Handler, Troubles

LINKS = "/payos/v2/payment-requests"

Act = Callable[[web.Request], Awaitable[Data]]
Body = TypeVar("Body", bound=BaseModel)


class PayosApi:
    """One channel of one seller. `prefix` is where this API stands behind the bank's `door`."""

    def __init__(self, links: Links, bank: Bank, secrets: Secrets, news: News, prefix: str, troubles: Troubles) -> None:
        self.faults = ApiFaults()
        self._links, self._bank, self._secrets, self._news, self._prefix = links, bank, secrets, news, prefix
        self._troubles = troubles

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /payos."""
        return [
            web.post(LINKS, self._answering(self._open)),
            web.get(f"{LINKS}/{{name}}", self._answering(self._ask), allow_head=False),
            web.post(f"{LINKS}/{{name}}/cancel", self._answering(self._cancel)),
            web.post("/payos/confirm-webhook", self._answering(self._confirm)),
        ]

    def _answering(self, act: Act) -> Handler:
        key = self._secrets["checksum_key"]
        return self._troubles.around("payos", self._signing(act, key), self._signing(act, f"not {key}"))

    def _signing(self, act: Act, key: str) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            try:
                check(self.faults, self._news)
                self._admit(request)
                data = await act(request)
            except Refusal as refusal:
                return _refused(refusal)
            await linger(self.faults, self._news)
            signature = sign(key, data)
            return web.json_response({"code": "00", "desc": "success", "data": data, "signature": signature})

        return handle

    def _admit(self, request: web.Request) -> None:
        for header, name in (("x-client-id", "client_id"), ("x-api-key", "api_key")):
            if not compare_digest(request.headers.get(header, "").encode(), self._secrets[name].encode()):
                raise refusals.stranger()

    async def _open(self, request: web.Request) -> Data:
        body = await _read(LinkBody, request)
        expected = sign_wanted(self._secrets["checksum_key"], body.model_dump(by_alias=True))
        if not compare_digest(body.signature.encode(), expected.encode()):
            raise refusals.forged()
        until = None if body.expires is None else datetime.fromtimestamp(body.expires, UTC)
        if until and until <= self._links.now():
            raise refusals.invalid("expiredAt has passed")
        if body.number in self._links:
            raise refusals.taken()
        try:
            link = self._links.open(Wish(body.number, body.amount, body.words, body.return_url, until))
        except BadQr as error:
            raise refusals.invalid(str(error)) from None
        page = f"{self._bank.door}{self._prefix}/web/{link.id}"
        return made(link, self._links.account, page, self._links.now())

    async def _ask(self, request: web.Request) -> Data:
        return asked(self._named(request), self._links.now())

    async def _cancel(self, request: web.Request) -> Data:
        """Cancel what is not paid yet; a link that is cancelled already is answered as it stands."""
        body, link = await _read(CancelBody, request), self._named(request)
        if link.status(self._links.now()) is Status.PAID:
            raise refusals.invalid("the link is paid")
        self._links.cancel(link, body.reason)
        return asked(link, self._links.now())

    async def _confirm(self, request: web.Request) -> Data:
        body = await _read(WebhookBody, request)
        await confirm(body.url, self._bank.door, self._secrets, self._links.now())
        account = self._links.account
        return {
            "webhookUrl": body.url,
            "accountNumber": account.account,
            "accountName": account.holder,
            "name": account.holder,
            "shortName": account.holder,
        }

    def _named(self, request: web.Request) -> Link:
        link = self._links.find(request.match_info["name"])
        if link is None:
            raise refusals.unknown()
        return link


def _refused(refusal: Refusal) -> web.Response:
    body = {"code": refusal.code, "desc": refusal.words, "data": None, "signature": None}
    return web.json_response(body, status=refusal.status, headers=refusal.headers)


async def _read(kind: type[Body], request: web.Request) -> Body:
    """Read a body, an empty one as an empty object; the field that is wrong is named."""
    try:
        return kind.model_validate(parse(await request.read() or b"{}"))
    except Malformed as error:
        raise refusals.invalid(str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        raise refusals.invalid(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
