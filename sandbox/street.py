"""The street: everything the sandbox has, put together behind one address."""

from collections.abc import Mapping

from aiohttp import web

from gateways.gateway import Secrets
from locales.texts import Texts
from sandbox.api.bank import BankDesk
from sandbox.api.controls import Controls
from sandbox.api.pages import Pages
from sandbox.api.phones import PhoneDesk
from sandbox.api.state import PayosView, View
from sandbox.bank.accounts import BankAccount
from sandbox.bank.bank import Bank
from sandbox.clock import MovableClock
from sandbox.guard import guard, seal
from sandbox.mailbox import Mailbox
from sandbox.news import News
from sandbox.payos.api import PayosApi
from sandbox.payos.checkout import Checkout
from sandbox.payos.links import Links
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.phone import Phone
from sandbox.telegram.server import routes as telegram_routes

PREFIX = "/sandbox"
BUYER = 500_000_001
SELLER = 500_000_002
EPOCH = 1_700_000_000
"""Message ids begin at the seconds since then (November 2023), so that they fit 32 bits and never come again."""


class Street:
    """A toy street for people who have no token and no bank.

    `secrets` holds the secrets of each gateway by its name, payOS among them; the first watches the shop's account;
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
        self.bank = Bank(clock, secrets, account, shop, door, self.news, self.links.behind)
        self.payos = PayosApi(self.links, self.bank, secrets["payos"], self.news, self.payos_url)
        self.mailbox = Mailbox(self.news)
        self.app = web.Application(middlewares=[guard])
        self._build(texts or Texts())

    buyer_chat = BUYER
    seller_chat = SELLER
    telegram_url = f"{PREFIX}/telegram"
    """Behind the house's own base address, the base of the Bot API: `{telegram_url}/bot{token}/{method}`."""
    payos_url = f"{PREFIX}/payos"
    """Behind the house's own base address, the base of payOS's API: `{payos_url}/v2/payment-requests`."""

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
        await self.mailbox.stop()

    def hang_up(self) -> None:
        """Let every long poll and every page's stream end, so that the server can stop at once."""
        self.exchange.queue.close()
        self.news.close()

    def _build(self, texts: Texts) -> None:
        view = View(self.clock, self.exchange, self.bank, self.mailbox, PayosView(self.links, self.payos.faults))
        controls = Controls(view, self.clock, self.exchange, self.mailbox, self.payos.faults, self.news)
        self.app.add_routes(
            [
                *telegram_routes(self.exchange, "/telegram"),
                *PhoneDesk(self.exchange).routes(),
                *BankDesk(self.exchange, self.bank).routes(),
                *self.payos.routes(),
                *Checkout(self.links, texts).routes(),
                *controls.routes(),
                *Pages(texts).routes(),
            ]
        )
        self.app.on_response_prepare.append(seal)
        self.app.on_shutdown.append(self._shut)

    async def _shut(self, _: web.Application) -> None:
        self.hang_up()


def _phones(clock: MovableClock) -> tuple[Phone, Phone]:
    first = int(clock().timestamp()) - EPOCH
    return Phone(BUYER, "Nguyễn Văn A", "nguoi_mua", first), Phone(SELLER, "Chủ shop", "chu_shop", first)
