"""Where a gateway's own page sends the buyer back to."""

import re
from pathlib import Path
from string import Template

from aiohttp import web

from locales import plain
from webhooks.doors import DOORS

PAGE = Template((Path(__file__).parent / "pages" / "back.html").read_text(encoding="utf-8"))

HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "Vary": "Accept-Language"}


async def back(request: web.Request) -> web.Response:
    """Tell everybody the same: what stands behind the address is signed by nobody, so no word of it is believed."""
    texts = request.app[DOORS].texts
    language = texts.match(re.split(r"[,;]", request.headers.get("Accept-Language", ""))[0].strip())
    words = {name: plain(texts.say(language, f"back-{name}")) for name in ("title", "text")}
    page = PAGE.substitute(words, language=language)
    return web.Response(text=page, content_type="text/html", charset="utf-8", headers=HEADERS)


ROUTES = (web.get("/back", back),)
