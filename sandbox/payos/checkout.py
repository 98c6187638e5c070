"""The page behind a link's checkoutUrl: what the QR code says, and that the bank's app of the street pays it."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from aiohttp import web

from locales.texts import Texts
from sandbox.pay_page.page import Row, Sheet, show
from sandbox.pay_page.voice import Voice, voice
from sandbox.payos.links import Link, Links


class Checkout:
    """Serves one page a link, in the language of the browser; whoever knows the link's id may look."""

    def __init__(self, links: Links, texts: Texts) -> None:
        self._links, self._texts = links, texts

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /payos/web."""
        return [web.get("/payos/web/{id}", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        link = self._links.by_id(request.match_info["id"])
        if link is None:
            raise web.HTTPNotFound
        say = voice(self._texts, request)
        return show(self._sheet(link, say), say)

    def _sheet(self, link: Link, say: Voice) -> Sheet:
        rows = (
            Row("holder", say("bank-to"), self._links.account.holder),
            Row("account", say("bank-account"), link.account),
            Row("amount", say("bank-amount"), say.dong(link.wish.amount)),
            Row("memo", say("bank-memo"), link.memo),
        )
        status = say(f"link-{link.status(self._links.now()).lower()}")
        return Sheet("checkout", say("checkout"), status, rows, say("checkout-hint"), back=self._way_back(link))

    def _way_back(self, link: Link) -> str:
        """Lead back to the shop as payOS does, with the state in the address; any other scheme leads nowhere."""
        parts = urlsplit(link.wish.back)
        if parts.scheme not in ("http", "https"):
            return ""
        told = {
            "code": "00",
            "id": link.id,
            "cancel": str(link.cancelled is not None).lower(),
            "status": link.status(self._links.now()).value,
            "orderCode": link.wish.number,
        }
        query = "&".join(filter(None, [parts.query, urlencode(told)]))
        return urlunsplit(parts._replace(query=query))
