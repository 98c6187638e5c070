"""The payment gateway put together: its page, its API and its notices, around the same orders."""

from collections.abc import Callable

from aiohttp import web

from gateways.gateway import Secrets
from locales.texts import Texts
from sandbox.clock import MovableClock
from sandbox.news import News
from sandbox.sepay_pg.api import PgApi
from sandbox.sepay_pg.checkout import PgCheckout
from sandbox.sepay_pg.notices import Notices
from sandbox.sepay_pg.orders import Order, Orders
from sandbox.silence import Silence
from sandbox.trouble import Troubles

ORDERS_SHOWN = 20


class SepayPg:
    """One merchant's payment gateway; `door` answers the address of the shop's webhook."""

    def __init__(
        self,
        clock: MovableClock,
        news: News,
        secrets: Secrets,
        door: Callable[[], str],
        silence: Silence,
        troubles: Troubles,
    ) -> None:
        self.orders = Orders(clock, news)
        self._secrets = secrets
        self._notices = Notices(clock, self.orders, secrets, door, silence)
        self._api = PgApi(self.orders, self._notices, secrets, troubles)

    def routes(self, texts: Texts, prefix: str) -> list[web.RouteDef]:
        """Addresses under /sepay/v1; `prefix` is where /sepay stands behind the house's own base address."""
        checkout = PgCheckout(self.orders, self._notices, self._secrets, texts, prefix)
        return [*self._api.routes(), *checkout.routes()]

    async def close(self) -> None:
        """Give up what has not been delivered."""
        await self._notices.close()

    def state(self) -> list[dict[str, object]]:
        """Describe the latest orders, the oldest first, in JSON's own types."""
        return [_state(order) for order in self.orders.latest()[-ORDERS_SHOWN:]]


def _state(order: Order) -> dict[str, object]:
    return {
        "invoice": order.wish.invoice,
        "page": order.page,
        "amount": order.wish.amount,
        "status": order.status.value,
        "answers": order.answers,
    }
