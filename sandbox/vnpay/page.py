"""VNPay's pay page: what is to be paid, and one button for each way in which a payment can end."""

from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from gateways.gateway import Secrets
from locales.texts import Texts, plain
from sales.money import Money
from sandbox.vnpay.address import BadAddress, read_address
from sandbox.vnpay.notices import Notices
from sandbox.vnpay.payments import Payment, Payments, State
from sandbox.vnpay.shapes import way_back

PAGE = Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))
ACTS = {"pay": State.PAID, "suspect": State.SUSPECTED, "fail": State.FAILED, "cancel": State.CANCELLED}
CLEAR = "clear"
"""What VNPay does with a suspicion that came to nothing."""
PAGES = "/vnpay/paymentv2/Transaction"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    # Without it, the page's own forms would come from nowhere, and the street's guard refuses them.
    "Referrer-Policy": "same-origin",
}


class PayPage:
    """Takes signed addresses and shows their pages, in the language of the browser; all begin with `prefix`."""

    def __init__(self, payments: Payments, notices: Notices, secrets: Secrets, texts: Texts, prefix: str) -> None:
        self._payments, self._notices, self._secrets = payments, notices, secrets
        self._texts, self._prefix = texts, prefix

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /vnpay/paymentv2."""
        return [
            web.get("/vnpay/paymentv2/vpcpay.html", self._open, allow_head=False),
            web.get(f"{PAGES}/{{page}}", self._show),
            web.post(f"{PAGES}/{{page}}", self._act),
        ]

    async def _open(self, request: web.Request) -> web.Response:
        """Open the payment of a signed address; its page has an address of its own, which can be seen again."""
        try:
            payment = self._payments.open(read_address(tuple(request.query.items()), self._secrets))
        except BadAddress as error:
            return web.json_response({"code": error.code, "message": str(error)}, status=400)
        if payment is None:
            return web.json_response({"code": "01", "message": "vnp_TxnRef is taken"}, status=400)
        raise web.HTTPSeeOther(f"{self._prefix}{PAGES}/{payment.page}")

    async def _show(self, request: web.Request) -> web.Response:
        payment = self._named(request)
        language = self._texts.match(request.headers.get("Accept-Language", "")[:2])
        shown = {name: escape(value) for name, value in self._words(language, payment).items()}
        html = PAGE.substitute(shown, acts=self._acts(language, payment), back=self._back(language, payment))
        return web.Response(text=html, content_type="text/html", charset="utf-8", headers=HEADERS)

    async def _act(self, request: web.Request) -> web.Response:
        """End the payment as a button says, tell the shop, and send the buyer back; too late, it changes nothing."""
        payment, act = self._named(request), str((await request.post()).get("act", ""))
        if act not in (*ACTS, CLEAR):
            raise web.HTTPBadRequest
        if act not in self._possible(payment) or not self._payments.end(payment, ACTS.get(act, State.PAID)):
            raise web.HTTPSeeOther(f"{self._prefix}{PAGES}/{payment.page}")
        self._notices.tell(payment)
        raise web.HTTPSeeOther(way_back(payment, self._secrets))

    def _named(self, request: web.Request) -> Payment:
        payment = self._payments.on_page(request.match_info["page"])
        if payment is None:
            raise web.HTTPNotFound
        return payment

    def _possible(self, payment: Payment) -> tuple[str, ...]:
        state = payment.state(self._payments.now())
        return tuple(ACTS) if state is State.WAITING else (CLEAR,) if state is State.SUSPECTED else ()

    def _words(self, language: str, payment: Payment) -> dict[str, str]:
        state, wish = payment.state(self._payments.now()), payment.wish
        amount = {"amount": Money(wish.hundredths // 100, "VND")}
        return {
            "language": language,
            "title": self._say(language, "vnpay"),
            "status": self._say(language, f"vnpay-state-{state.name.lower()}"),
            "number_label": self._say(language, "vnpay-number"),
            "amount_label": self._say(language, "bank-amount"),
            "words_label": self._say(language, "bank-memo"),
            "number": wish.number,
            "amount": plain(self._texts.say(language, "just-amount", amount)),
            "words": wish.words,
            "hint": self._say(language, "vnpay-hint"),
        }

    def _acts(self, language: str, payment: Payment) -> str:
        buttons = "".join(
            f'<button class="again" name="act" value="{act}" data-testid="vnpay-{act}">'
            f"{escape(self._say(language, f'vnpay-{act}'))}</button>"
            for act in self._possible(payment)
        )
        return f'<form method="post">{buttons}</form>' if buttons else ""

    def _back(self, language: str, payment: Payment) -> str:
        """Lead back to the shop once it has ended."""
        if payment.ended is None:
            return ""
        words, back = escape(self._say(language, "checkout-back")), escape(way_back(payment, self._secrets))
        return f'<a class="again" href="{back}" data-testid="vnpay-back">{words}</a>'

    def _say(self, language: str, name: str) -> str:
        return plain(self._texts.say(language, f"sandbox-{name}"))
