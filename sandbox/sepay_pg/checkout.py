"""The payment page that a seller's form opens: a choice of methods, and what became of the payment."""

from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from gateways.gateway import Secrets
from locales.texts import Texts, plain
from sales.money import Money
from sandbox.sepay_pg.form import BadForm, read_form
from sandbox.sepay_pg.notices import PAID, VOIDED, Notices
from sandbox.sepay_pg.orders import Method, Order, Orders, Status

PAGE = Template((Path(__file__).parent / "checkout.html").read_text(encoding="utf-8"))
CANCEL, VOID = "cancel", "void"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    # Without it, the page's own forms would come from nowhere, and the street's guard refuses them.
    "Referrer-Policy": "same-origin",
}


class PgCheckout:
    """Takes signed forms and shows their pages, in the language of the browser; all begin with `prefix`."""

    def __init__(self, orders: Orders, notices: Notices, secrets: Secrets, texts: Texts, prefix: str) -> None:
        self._orders, self._notices, self._secrets = orders, notices, secrets
        self._texts, self._prefix = texts, prefix

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /sepay/v1/checkout."""
        return [
            web.post("/sepay/v1/checkout/init", self._init),
            web.get("/sepay/v1/checkout/{page}", self._show),
            web.post("/sepay/v1/checkout/{page}", self._act),
        ]

    async def _init(self, request: web.Request) -> web.Response:
        try:
            order = self._orders.open(read_form(await request.read(), self._secrets))
        except BadForm as error:
            return web.json_response({"message": str(error)}, status=400)
        if order is None:
            return web.json_response({"message": "order_invoice_number is taken"}, status=400)
        raise self._to(order)

    async def _show(self, request: web.Request) -> web.Response:
        order = self._named(request)
        language = self._texts.match(request.headers.get("Accept-Language", "")[:2])
        shown = {name: escape(value) for name, value in self._words(language, order).items()}
        html = PAGE.substitute(shown, acts=self._acts(language, order), back=self._back(language, order))
        return web.Response(text=html, content_type="text/html", charset="utf-8", headers=HEADERS)

    async def _act(self, request: web.Request) -> web.Response:
        """Do what a button says; one that came too late changes nothing."""
        order, act = self._named(request), str((await request.post()).get("act", ""))
        if act == CANCEL:
            self._orders.cancel(order)
        elif act == VOID:
            if self._orders.void(order):
                self._notices.tell(VOIDED, order)
        elif act in list(Method):
            if self._orders.pay(order, Method(act)):
                self._notices.tell(PAID, order)
        else:
            raise web.HTTPBadRequest
        raise self._to(order)

    def _named(self, request: web.Request) -> Order:
        order = self._orders.on_page(request.match_info["page"])
        if order is None:
            raise web.HTTPNotFound
        return order

    def _to(self, order: Order) -> web.HTTPSeeOther:
        return web.HTTPSeeOther(f"{self._prefix}/v1/checkout/{order.page}")

    def _words(self, language: str, order: Order) -> dict[str, str]:
        return {
            "language": language,
            "title": self._say(language, "pg"),
            "status": self._say(language, f"pg-status-{order.status.name.lower()}"),
            "invoice_label": self._say(language, "pg-invoice"),
            "amount_label": self._say(language, "bank-amount"),
            "memo_label": self._say(language, "bank-memo"),
            "invoice": order.wish.invoice,
            "amount": plain(self._texts.say(language, "just-amount", {"amount": Money(order.wish.amount, "VND")})),
            "words": order.wish.words,
            "hint": self._say(language, "pg-hint"),
        }

    def _acts(self, language: str, order: Order) -> str:
        """The buttons that would do something now."""
        acts = [*Method, CANCEL] if order.status is Status.WAITING else [VOID] if order.voidable else []
        buttons = "".join(
            f'<button class="again" name="act" value="{act}" data-testid="pg-{act.lower()}">{words}</button>'
            for act, words in ((str(act), escape(self._say(language, f"pg-{act.lower()}"))) for act in acts)
        )
        return f'<form method="post">{buttons}</form>' if buttons else ""

    def _back(self, language: str, order: Order) -> str:
        """Lead back to the shop once there is nothing more to do."""
        back = {Status.CAPTURED: order.wish.success, Status.CANCELLED: order.wish.cancel}.get(order.status, "")
        words = escape(self._say(language, "checkout-back"))
        return f'<a class="again" href="{escape(back)}" data-testid="pg-back">{words}</a>' if back else ""

    def _say(self, language: str, name: str) -> str:
        return plain(self._texts.say(language, f"sandbox-{name}"))
