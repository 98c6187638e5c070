"""VNPay put together: its page, its API and its notices, around the same payments."""

from collections.abc import Callable

from aiohttp import web

from gateways.gateway import Secrets
from locales.texts import Texts
from sandbox.clock import MovableClock
from sandbox.news import News
from sandbox.silence import Silence
from sandbox.trouble import Troubles
from sandbox.vnpay.api import VnpayApi
from sandbox.vnpay.notices import Notices
from sandbox.vnpay.page import PayPage
from sandbox.vnpay.payments import Payment, Payments

PAYMENTS_SHOWN = 20


class Vnpay:
    """One terminal at VNPay; `door` answers the address of the shop's webhook."""

    def __init__(
        self,
        clock: MovableClock,
        news: News,
        secrets: Secrets,
        door: Callable[[], str],
        silence: Silence,
        troubles: Troubles,
    ) -> None:
        self.payments = Payments(clock, news)
        self._secrets = secrets
        self._notices = Notices(clock, self.payments, secrets, door, silence)
        self._api = VnpayApi(self.payments, secrets, troubles)

    def routes(self, texts: Texts, prefix: str) -> list[web.RouteDef]:
        """Addresses under /vnpay; `prefix` is where the street stands behind the house's own base address."""
        page = PayPage(self.payments, self._notices, self._secrets, texts, prefix)
        return [*self._api.routes(), *page.routes()]

    async def close(self) -> None:
        """Give up what has not been delivered."""
        await self._notices.close()

    def state(self) -> list[dict[str, object]]:
        """Describe the latest payments, the oldest first, in JSON's own types."""
        return [self._state(payment) for payment in self.payments.latest()[-PAYMENTS_SHOWN:]]

    def _state(self, payment: Payment) -> dict[str, object]:
        return {
            "number": payment.wish.number,
            "page": payment.page,
            "amount": payment.wish.hundredths // 100,
            "state": payment.state(self.payments.now()).name.lower(),
            "answers": payment.answers,
        }
