"""The page behind a link's checkoutUrl: what the QR code says, and that the bank's app of the street pays it."""

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit, urlunsplit

from aiohttp import web

from locales.texts import Texts, plain
from sales.money import Money
from sandbox.payos.links import Link, Links

PAGE = Path(__file__).parent / "checkout.html"


class Checkout:
    """Serves one page a link, in the language of the browser; whoever knows the link's id may look."""

    def __init__(self, links: Links, texts: Texts) -> None:
        self._links, self._texts = links, texts
        self._page = Template(PAGE.read_text(encoding="utf-8"))

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /payos/web."""
        return [web.get("/payos/web/{id}", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        link = self._links.by_id(request.match_info["id"])
        if link is None:
            raise web.HTTPNotFound
        language = self._texts.match(request.headers.get("Accept-Language", "")[:2])
        shown = {name: escape(value) for name, value in self._words(language, link).items()}
        html = self._page.substitute(shown, back=self._way_back(language, link))
        return web.Response(text=html, content_type="text/html", charset="utf-8")

    def _words(self, language: str, link: Link) -> dict[str, str]:
        labels = {f"{name}_label": self._say(language, f"bank-{name}") for name in ("to", "account", "amount", "memo")}
        return labels | {
            "language": language,
            "title": self._say(language, "checkout"),
            "status": self._say(language, f"link-{link.status(self._links.now()).lower()}"),
            "hint": self._say(language, "checkout-hint"),
            "holder": self._links.account.holder,
            "account": link.account,
            "amount": plain(self._texts.say(language, "just-amount", {"amount": Money(link.wish.amount, "VND")})),
            "memo": link.memo,
        }

    def _way_back(self, language: str, link: Link) -> str:
        """Lead back to the shop as payOS does, with the state in the address; any other scheme leads nowhere."""
        parts = urlsplit(link.wish.back)
        if parts.scheme not in ("http", "https"):
            return ""
        status = link.status(self._links.now())
        told = {
            "code": "00",
            "id": link.id,
            "cancel": str(link.cancelled is not None).lower(),
            "status": status.value,
            "orderCode": link.wish.number,
        }
        query = "&".join(filter(None, [parts.query, urlencode(told)]))
        words = escape(self._say(language, "checkout-back"))
        return f'<a class="again" href="{escape(urlunsplit(parts._replace(query=query)))}">{words}</a>'

    def _say(self, language: str, name: str) -> str:
        return plain(self._texts.say(language, f"sandbox-{name}"))
