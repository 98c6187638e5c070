"""VNPay put together: its page, its API and its notices, around the same payments."""

from collections.abc import Callable
from datetime import datetime

from gateways.gateway import Secrets
from gateways.vnpay_api import REFUSED
from sandbox.pay_page.courier import Courier
from sandbox.pay_page.service import Service
from sandbox.surroundings import Surroundings
from sandbox.vnpay.api import VnpayApi
from sandbox.vnpay.notices import MANNERS, NAME, Notices
from sandbox.vnpay.page import PayPage
from sandbox.vnpay.payments import Payment, Payments, Refund
from sandbox.vnpay.refunds import Refunds


def open_vnpay(
    around: Surroundings, secrets: Secrets, refunds: Refunds, door: Callable[[], str], prefix: str
) -> Service:
    """Open one terminal, with addresses under /vnpay.

    `door` answers the address of the shop's webhook; `prefix` is where the street stands behind the house's own base.
    """
    payments, courier = Payments(around.clock, around.news), Courier(NAME, around, door, MANNERS)
    api = VnpayApi(payments, secrets, around.troubles, refunds)
    page = PayPage(payments, Notices(payments, secrets, courier), secrets, around.texts, prefix)

    def described() -> list[dict[str, object]]:
        return [_state(payment, payments) for payment in payments.latest()]

    return Service([*api.routes(), *page.routes()], courier, described)


def _state(payment: Payment, payments: Payments) -> dict[str, object]:
    return {
        "number": payment.wish.number,
        "page": payment.page,
        "at": payment.opened.isoformat(),
        "amount": payment.hundredths // 100,
        "state": payment.state(payments.now()).name.lower(),
        "answers": payment.answers,
        "refunds": [_refund(each, payments.now()) for each in payment.refunds],
    }


def _refund(refund: Refund, now: datetime) -> dict[str, object]:
    return {"amount": refund.hundredths // 100, "refused": refund.status(now) == REFUSED}
