"""Where a gateway's own page sends the buyer back to."""

from pathlib import Path
from string import Template

from aiohttp import web

from locales import Texts, plain
from webhooks.doors import DOORS
from webhooks.language import browser_language

PAGE = Template((Path(__file__).parent / "pages" / "back.html").read_text(encoding="utf-8"))

HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "Vary": "Accept-Language"}


async def back(request: web.Request) -> web.Response:
    """Tell everybody the same: what stands behind the address is signed by nobody, so no word of it is believed.

    Only the language is taken from there (`l`), for a browser may speak another than its buyer.
    """
    texts = request.app[DOORS].texts
    wanted = request.query.get("l", "")
    language = wanted if wanted in texts.languages() else browser_language(request, texts)
    return show(texts, language, "back")


def show(texts: Texts, language: str, page: str) -> web.Response:
    """Show a page of a title and a text, by the beginning of their ids in locales/."""
    words = {name: plain(texts.say(language, f"{page}-{name}")) for name in ("title", "text")}
    html = PAGE.substitute(words, language=language)
    return web.Response(text=html, content_type="text/html", charset="utf-8", headers=HEADERS)


ROUTES = (web.get("/back", back),)
