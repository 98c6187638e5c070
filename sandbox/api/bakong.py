"""The page's hands on Bakong: paying a KHQR code, and whether its API takes lists."""

from aiohttp import web

from sales.errors import Tell
from sandbox.api.body import Body, posting, text, yes
from sandbox.bakong.api import BakongApi
from sandbox.bakong.payments import PayFault, Payments
from sandbox.news import News


class BakongDesk:
    """Paying, and one switch; troubles of the whole API are switched where those of the others are."""

    def __init__(self, payments: Payments, api: BakongApi, news: News) -> None:
        self._payments, self._api, self._news = payments, api, news

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /api/bakong."""
        return [posting("/api/bakong/pay", self._pay), posting("/api/bakong/list", self._switch)]

    async def _pay(self, _: web.Request, body: Body) -> Body:
        """Pay the code whose text is `qr`, with a `fault` if one is named."""
        try:
            fault = PayFault(body.get("fault", PayFault.NONE))
        except ValueError:
            raise Tell("sandbox-error-request") from None
        payment = self._payments.pay(text(body, "qr"), fault)
        return {"hash": payment.hash, "amount": payment.amount.minor, "currency": payment.amount.currency}

    async def _switch(self, _: web.Request, body: Body) -> Body:
        """Have lists `refused`, or taken again."""
        self._api.list_refused = yes(body, "refused")
        self._news.tell()
        return {}
