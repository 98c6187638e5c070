"""VNPay's pay page: what is to be paid, and one button for each way in which a payment can end."""

from aiohttp import web

from gateways.gateway import Secrets
from locales.texts import Texts
from sandbox.bank.faults import Fault
from sandbox.pay_page.page import Row, Sheet, pressed, show
from sandbox.pay_page.voice import Voice, voice
from sandbox.vnpay.address import BadAddress, read_address
from sandbox.vnpay.notices import Notices
from sandbox.vnpay.payments import Payment, Payments, State
from sandbox.vnpay.shapes import way_back

ACTS = {"pay": State.PAID, "suspect": State.SUSPECTED, "fail": State.FAILED, "cancel": State.CANCELLED}
CLEAR = "clear"
"""What VNPay does with a suspicion that came to nothing."""
PAGES = "/vnpay/paymentv2/Transaction"


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
        raise self._to(payment)

    async def _show(self, request: web.Request) -> web.Response:
        say = voice(self._texts, request)
        return show(self._sheet(self._named(request), say), say)

    async def _act(self, request: web.Request) -> web.Response:
        """End the payment as a button says, tell the shop, and send the buyer back; too late, it changes nothing."""
        payment, (act, fault) = self._named(request), await pressed(request)
        if act not in (*ACTS, CLEAR):
            raise web.HTTPBadRequest
        ended = self._payments.end(payment, ACTS.get(act, State.PAID), fault) if act in self._acts(payment) else None
        if ended is None:
            raise self._to(payment)
        self._notices.tell(ended, fault)
        raise self._to(payment) if fault is Fault.FORGED else web.HTTPSeeOther(way_back(ended, self._secrets))

    def _named(self, request: web.Request) -> Payment:
        payment = self._payments.on_page(request.match_info["page"])
        if payment is None:
            raise web.HTTPNotFound
        return payment

    def _to(self, payment: Payment) -> web.HTTPSeeOther:
        return web.HTTPSeeOther(f"{self._prefix}{PAGES}/{payment.page}")

    def _acts(self, payment: Payment) -> tuple[str, ...]:
        """The buttons that would do something now."""
        state = payment.state(self._payments.now())
        return tuple(ACTS) if state is State.WAITING else (CLEAR,) if state is State.SUSPECTED else ()

    def _sheet(self, payment: Payment, say: Voice) -> Sheet:
        """What is shown; back to the shop once the payment has ended."""
        rows = (
            Row("number", say("vnpay-number"), payment.wish.number),
            Row("amount", say("bank-amount"), say.dong(payment.hundredths // 100)),
            Row("words", say("bank-memo"), payment.wish.words),
        )
        status = say(f"vnpay-state-{payment.state(self._payments.now()).name.lower()}")
        back = way_back(payment, self._secrets) if payment.ended else ""
        return Sheet("vnpay", say("vnpay"), status, rows, say("vnpay-hint"), self._acts(payment), back)
