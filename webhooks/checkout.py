"""The page that hands a buyer over to a gateway's own page, by a form that the browser posts there.

It works without JavaScript, by its button. The only script it may run is the one below, known by its digest. It posts
the form while the page still loads: so browsers put the gateway's page in its place, and who goes back passes it by.
"""

from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from aiohttp import web

from flows.show_pay_page import HandOver, PayPage
from gateways.gateway import Form
from locales import Texts, plain
from webhooks.doors import DOORS
from webhooks.language import browser_language

PAGE = Template((Path(__file__).parent / "pages" / "pay.html").read_text(encoding="utf-8"))
SCRIPT = "document.forms[0].submit();"
DIGEST = b64encode(sha256(SCRIPT.encode()).digest()).decode()
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
    # The gateway may hear which shop sends the buyer, as any form of a web shop tells it; never the page's address.
    "Referrer-Policy": "strict-origin",
}
GONE = 410


async def show(request: web.Request) -> web.Response:
    """Hand over, or say that nothing is to be paid here: alike for what is over and for what never was."""
    doors, named = request.app[DOORS], request.match_info
    page = await doors.pay_page(named["shop"], named["gateway"], named["token"])
    language = page.language or browser_language(request, doors.texts)
    if page.hand_over is None:
        return _answer(doors.texts, language, page, "", f"{POLICY}; form-action 'none'", GONE)
    form = _form(page.hand_over.form, plain(doors.texts.say(language, "pay-go")))
    return _answer(doors.texts, language, page, form, f"{POLICY}; {_allowing(page.hand_over.form)}", 200)


def _answer(texts: Texts, language: str, page: PayPage, form: str, policy: str, status: int) -> web.Response:
    title, text = (escape(words) for words in _words(texts, language, page.hand_over))
    html = PAGE.substitute(language=language, title=title, text=text, form=form)
    headers = HEADERS | {"Content-Security-Policy": policy}
    return web.Response(text=html, content_type="text/html", charset="utf-8", headers=headers, status=status)


def _words(texts: Texts, language: str, paying: HandOver | None) -> tuple[str, str]:
    if paying is None:
        return plain(texts.say(language, "pay-over-title")), plain(texts.say(language, "pay-over-text"))
    values = {"shop": paying.shop, "code": paying.code, "amount": paying.amount}
    return plain(texts.say(language, "pay-title", values)), plain(texts.say(language, "pay-text", values))


def _form(form: Form, go: str) -> str:
    """The button bears no name: its value would be posted, too."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in form.fields
    )
    action = f'action="{escape(form.action)}" method="post" accept-charset="utf-8"'
    return f"<form {action}>{fields}<button>{escape(go)}</button></form>\n<script>{SCRIPT}</script>"


def _allowing(form: Form) -> str:
    parts = urlsplit(form.action)
    hosts = " ".join([f"{parts.scheme}://{parts.netloc}", *form.hosts])
    return f"script-src 'sha256-{DIGEST}'; form-action {hosts}"


ROUTES = (web.get(r"/pay/{shop}/{gateway}/{token}", show),)
