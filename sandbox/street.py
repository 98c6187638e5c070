"""The street: everything the sandbox has, put together behind one address."""

from collections.abc import Callable, Mapping

from aiohttp import web

from gateways.gateway import Secrets
from locales.texts import Texts
from sandbox.api.bakong import BakongDesk
from sandbox.api.bank import BankDesk
from sandbox.api.controls import Controls
from sandbox.api.pages import Pages
from sandbox.api.phones import PhoneDesk
from sandbox.api.sources import SourceDesk, SourcesView
from sandbox.api.state import PayosView, View
from sandbox.api.statements import StatementDesk
from sandbox.bakong.api import BakongApi
from sandbox.bakong.payments import Payments
from sandbox.bank.accounts import BankAccount
from sandbox.bank.bank import Bank
from sandbox.bank.messenger import Messenger
from sandbox.casso.api import CassoApi
from sandbox.clock import MovableClock
from sandbox.guard import guard, seal
from sandbox.mailbox import Mailbox
from sandbox.news import News
from sandbox.payos.api import PayosApi
from sandbox.payos.checkout import Checkout
from sandbox.payos.links import Links
from sandbox.payos.payout_api import PayoutApi
from sandbox.payos.payouts import Payouts
from sandbox.sepay.limit import Limit
from sandbox.sepay.numbering import Numbering
from sandbox.sepay.user_api import SepayUserApi
from sandbox.sepay.webhook import Webhook
from sandbox.sepay_pg.service import open_sepay_pg
from sandbox.silence import Silence
from sandbox.surroundings import Surroundings
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.phone import Phone
from sandbox.telegram.server import routes as telegram_routes
from sandbox.trouble import Troubles
from sandbox.vnpay.refunds import Refunds
from sandbox.vnpay.service import open_vnpay

PREFIX = "/sandbox"
BUYER = 500_000_001
SELLER = 500_000_002
EPOCH = 1_700_000_000
"""Message ids begin at the seconds since then (November 2023), so that they fit 32 bits and never come again."""


class Street:
    """A toy street for people who have no token and no bank.

    `secrets` holds the secrets of each gateway by its name, payOS among them; the shop relies on the first of those
    that watch its account;
    `door` is the base address of the house itself, such as `http://127.0.0.1:8080`;
    `texts` speak on the page. Mount `app` under PREFIX,
    `await open()` before the first request and `await close()` at the end.
    """

    def __init__(
        self,
        clock: MovableClock,
        secrets: Mapping[str, Secrets],
        account: BankAccount,
        shop: str,
        door: str,
        texts: Texts | None = None,
    ) -> None:
        self.clock = clock
        self.news = News()
        self.exchange = Exchange(clock, _phones(clock), self.news)
        self.links = Links(clock, account, self.news)
        self.silence, self.troubles, self.webhook = Silence(), Troubles(self.news), Webhook()
        self.numbering, self.refunds = Numbering(), Refunds()
        messenger = Messenger(clock, secrets, shop, door, self.silence, {"sepay": self.webhook.write})
        self.bank = Bank(clock, account, messenger, self.news, self.links.behind)
        self.payos = PayosApi(self.links, self.bank, secrets["payos"], self.news, self.payos_url, self.troubles)
        self.payouts = Payouts(clock, self.news)
        around = Surroundings(clock, self.news, self.silence, self.troubles, texts or Texts())

        def webhook(gateway: str) -> Callable[[], str]:
            return lambda: f"{self.bank.door}/webhooks/{shop}/{gateway}"

        self.sepay_pg = open_sepay_pg(around, secrets["sepay-pg"], webhook("sepay-pg"), self.sepay_url)
        self.vnpay = open_vnpay(around, secrets["vnpay"], self.refunds, webhook("vnpay"), PREFIX)
        self.khqr_payments = Payments(clock, self.news)
        self.bakong = BakongApi(self.khqr_payments, secrets["bakong"], self.troubles, self.news)
        self.payout_api = PayoutApi(self.payouts, secrets["payos-payout"], self.troubles)
        self.mailbox = Mailbox(self.news)
        self.app = web.Application(middlewares=[guard])
        self._build(around.texts)

    buyer_chat = BUYER
    seller_chat = SELLER
    telegram_url = f"{PREFIX}/telegram"
    """Behind the house's own base address, the base of the Bot API: `{telegram_url}/bot{token}/{method}`."""
    payos_url = f"{PREFIX}/payos"
    """Behind the house's own base address, the base of payOS's API: `{payos_url}/v2/payment-requests`."""
    sepay_url = f"{PREFIX}/sepay"
    """Behind the house's own base address, the base of all of SePay: `{sepay_url}/v1/checkout/init`."""

    @property
    def token(self) -> str:
        """The bot's token, made at start."""
        return self.exchange.token

    @property
    def smtp_url(self) -> str:
        """Where letters are taken, known after `open`."""
        return self.mailbox.url

    async def open(self) -> None:
        """Open the mailbox."""
        await self.mailbox.start()

    async def close(self) -> None:
        """Close the mailbox and give up what bank and Telegram have not delivered; waiting polls and pages end."""
        self.hang_up()
        await self.exchange.postman.serve(None)
        await self.bank.close()
        await self.sepay_pg.close()
        await self.vnpay.close()
        await self.mailbox.stop()

    def hang_up(self) -> None:
        """Let every long poll and every page's stream end, so that the server can stop at once."""
        self.exchange.queue.close()
        self.news.close()

    def _build(self, texts: Texts) -> None:
        sources = SourcesView(self.silence, self.troubles, self.webhook, self.numbering, self.refunds, self.payouts)
        view = View(
            self.clock,
            self.exchange,
            self.bank,
            self.mailbox,
            PayosView(self.links, self.payos.faults),
            {
                "sepay_pg": self.sepay_pg.state,
                "vnpay": self.vnpay.state,
                "bakong": self.bakong.state,
                "payouts": self.payouts.state,
                "sources": sources.state,
            },
        )
        controls = Controls(view, self.clock, self.exchange, self.mailbox, self.payos.faults, self.news)
        self.app.add_routes(
            [
                *telegram_routes(self.exchange, "/telegram"),
                *PhoneDesk(self.exchange).routes(),
                *BankDesk(self.exchange, self.bank, SELLER).routes(),
                *StatementDesk(self.bank, self.clock, texts).routes(),
                *self.payos.routes(),
                *self.payout_api.routes(),
                *Checkout(self.links, texts).routes(),
                *self.sepay_pg.routes,
                *self.vnpay.routes,
                *controls.routes(),
                *SourceDesk(sources, self.news).routes(),
                *self.bakong.routes(),
                *BakongDesk(self.khqr_payments, self.bakong, self.news).routes(),
                *self._apis(),
                *Pages(texts).routes(),
            ]
        )
        self.app.on_response_prepare.append(seal)
        self.app.on_shutdown.append(self._shut)

    def _apis(self) -> list[web.RouteDef]:
        """APIs of those who watch the bank, as far as this street has their keys."""
        secrets = self.bank.messenger.secrets
        casso, sepay = secrets.get("casso", {}), secrets.get("sepay", {})
        user_api = SepayUserApi(self.bank, sepay, self.troubles, Limit(self.clock), self.numbering)
        return [
            *(CassoApi(self.bank, casso, self.troubles).routes() if "api_key" in casso else ()),
            *(user_api.routes() if "user_token" in sepay else ()),
        ]

    async def _shut(self, _: web.Application) -> None:
        self.hang_up()


def _phones(clock: MovableClock) -> tuple[Phone, Phone]:
    first = int(clock().timestamp()) - EPOCH
    return Phone(BUYER, "Nguyễn Văn A", "nguoi_mua", first), Phone(SELLER, "Chủ shop", "chu_shop", first)
