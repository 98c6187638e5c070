"""The payment page that a seller's form opens: a choice of methods, and what became of the payment."""

from aiohttp import web

from gateways.gateway import Secrets
from locales.texts import Texts
from sandbox.bank.faults import Fault
from sandbox.pay_page.page import Row, Sheet, pressed, show
from sandbox.pay_page.voice import Voice, voice
from sandbox.sepay_pg.form import BadForm, read_form
from sandbox.sepay_pg.notices import PAID, VOIDED, Notices
from sandbox.sepay_pg.orders import Method, Order, Orders, Status

CANCEL, VOID = "cancel", "void"


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
        say = voice(self._texts, request)
        return show(_sheet(self._named(request), say), say)

    async def _act(self, request: web.Request) -> web.Response:
        """Do what a button says; one that came too late changes nothing."""
        order, (act, fault) = self._named(request), await pressed(request)
        if act == CANCEL:
            self._orders.cancel(order)
        elif act == VOID:
            self._tell(VOIDED, self._orders.void(order, fault), fault)
        elif act in order.wish.methods:
            self._tell(PAID, self._orders.pay(order, Method(act), fault), fault)
        else:
            raise web.HTTPBadRequest
        raise self._to(order)

    def _tell(self, kind: str, order: Order | None, fault: Fault) -> None:
        if order is not None:
            self._notices.tell(kind, order, fault)

    def _named(self, request: web.Request) -> Order:
        order = self._orders.on_page(request.match_info["page"])
        if order is None:
            raise web.HTTPNotFound
        return order

    def _to(self, order: Order) -> web.HTTPSeeOther:
        return web.HTTPSeeOther(f"{self._prefix}/v1/checkout/{order.page}")


def _sheet(order: Order, say: Voice) -> Sheet:
    """What is shown, with the buttons that would do something now; back to the shop once there is nothing to do."""
    wish, back = order.wish, {Status.CAPTURED: order.wish.success, Status.CANCELLED: order.wish.cancel}
    rows = (
        Row("invoice", say("pg-invoice"), wish.invoice),
        Row("amount", say("bank-amount"), say.dong(wish.amount)),
        Row("words", say("bank-memo"), wish.words),
    )
    acts = (*order.wish.methods, CANCEL) if order.status is Status.WAITING else (VOID,) if order.voidable else ()
    status = say(f"pg-status-{order.status.name.lower()}")
    return Sheet("pg", say("pg"), status, rows, say("pg-hint"), tuple(map(str, acts)), back.get(order.status, ""))
