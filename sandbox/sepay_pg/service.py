"""The payment gateway put together: its page, its API and its notices, around the same orders."""

from collections.abc import Callable

from gateways.gateway import Secrets
from sandbox.pay_page.courier import Courier
from sandbox.pay_page.service import Service
from sandbox.sepay_pg.api import PgApi
from sandbox.sepay_pg.checkout import PgCheckout
from sandbox.sepay_pg.notices import NAME, Notices
from sandbox.sepay_pg.orders import Order, Orders
from sandbox.surroundings import Surroundings


def open_sepay_pg(around: Surroundings, secrets: Secrets, door: Callable[[], str], prefix: str) -> Service:
    """Open one merchant's, with addresses under /sepay/v1.

    `door` answers the address of the shop's webhook; `prefix` is where /sepay stands behind the house's own base.
    """
    orders, courier = Orders(around.clock, around.news), Courier(NAME, around, door)
    notices = Notices(orders, secrets, courier)
    api = PgApi(orders, notices, secrets, around.troubles)
    checkout = PgCheckout(orders, notices, secrets, around.texts, prefix)
    return Service([*api.routes(), *checkout.routes()], courier, lambda: list(map(_state, orders.latest())))


def _state(order: Order) -> dict[str, object]:
    return {
        "invoice": order.wish.invoice,
        "page": order.page,
        "at": order.made.isoformat(),
        "amount": order.wish.amount,
        "status": order.status.value,
        "answers": order.answers,
    }
