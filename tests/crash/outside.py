"""What stands outside the shop and outlives it: Telegram with one buyer's phone, a mail server, and one gateway."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from aiohttp import ClientError, ClientSession, web

from gateways.gateway import Request
from gateways.sepay import SEPAY
from sales.clock import utc_now
from sales.transfer import Sighting
from sandbox.clock import MovableClock
from sandbox.mailbox import Mailbox
from sandbox.news import News
from sandbox.telegram import acts
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.phone import Phone
from sandbox.telegram.server import routes
from tests.crash.child import EMAIL
from tests.gateways import casso_signing, payos_signing
from tests.gateways.payos_server import PayosServer, serving
from tests.journeys.people import CODE, KEY, find_button, said, tokens

SEPAY_KEY = "dummy-sepay-key-0123456789"
PATIENCE = 40.0
PRICE = 79_000


class Outside:
    """Belongs to the test's process; `news` tells of everything that a shop brings about here.

    The money comes by `gateway`: Casso and SePay watch the shop's account, payOS makes links for it.
    """

    def __init__(self, gateway: str = "casso") -> None:
        self.gateway = gateway
        self.payos = PayosServer()
        self._stack = AsyncExitStack()
        self.news = News()
        self.phone = Phone(500_000_001, "NGUYEN VAN A", "buyer", 0)
        self.telegram = Exchange(MovableClock(), [self.phone], self.news)
        self.mailbox = Mailbox(self.news)
        self.hung_up = asyncio.Event()
        """Set when the shop has left a request to Telegram unfinished."""
        self._runner = web.AppRunner(self._app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)

    async def open(self) -> None:
        self.payos = await self._stack.enter_async_context(serving())
        await self.mailbox.start()
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def close(self) -> None:
        self.telegram.queue.close()
        self.news.close()
        await self._runner.cleanup()
        await self.mailbox.stop()
        await self._stack.aclose()

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a real shop that lives here."""
        bank = casso_signing.DATA["accountNumber"]
        return self._keys() | {
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": f"http://127.0.0.1:{self._runner.addresses[0][1]}",
            "BANK_BIN": "970422",
            "BANK_ACCOUNT": str(bank),
            "BANK_HOLDER": "NGUYEN VAN A",
            "SMTP_URL": self.mailbox.url,
            "MAIL_FROM": "shop@example.com",
        }

    async def until(self, seen: Callable[[], Any]) -> Any:
        """Look again whenever something has happened out here, until `seen` finds what it looks for."""
        async with asyncio.timeout(PATIENCE):
            while not (found := seen()):
                await self.news.after(self.news.version)
        return found

    @property
    def chat(self) -> list[dict[str, Any]]:
        """What stands on the phone, as the Bot API's own objects."""
        return [message.to_dict() for message in self.phone.messages.values()]

    def keys_in_chat(self) -> list[str]:
        """The key of each message that has one."""
        return [found[0] for message in self.chat if (found := KEY.search(said(message)))]

    def keys_in_mail(self) -> list[str]:
        """The key of each letter that has one."""
        return [found[0] for letter in self.mailbox.letters if (found := KEY.search(letter.text))]

    def cards(self) -> list[dict[str, Any]]:
        return [message for message in self.chat if "photo" in message]

    async def press(self, token: str) -> None:
        """Press the newest button whose token begins so, as soon as it is there."""
        message, data = await self.until(lambda: find_button(self.chat, token))
        acts.press(self.telegram, self.phone, message, data)

    async def ask_for_order(self) -> None:
        """Walk from /start to the last word, the e-mail address."""
        acts.write(self.telegram, self.phone, "/start")
        await self.press("plan:")
        await self.press("buy:")
        await self.until(lambda: tokens(self.chat, "nomail:"))
        acts.write(self.telegram, self.phone, EMAIL)

    async def code(self) -> str:
        """The code on the QR card, once there is one."""
        found = CODE.search(said((await self.until(self.cards))[0]))
        assert found is not None
        return found[0]

    async def card_is_marked(self) -> None:
        """Wait until the shop knows that its card was shown: jobs of one person are ended one after the other."""
        acts.write(self.telegram, self.phone, "/help")
        await self.until(lambda: any("/myorders" in said(message) for message in self.chat))

    async def notify(self, base: str, code: str) -> int | None:
        """Send the gateway's notice, the same at every call; answers its status, None when the line broke."""
        url, notice = f"{base}/webhooks/main/{self.gateway}", self._notice(f"CT DEN {code} NGUYEN VAN A")
        try:
            async with (
                ClientSession() as http,
                http.post(url, data=notice.body, headers=dict(notice.headers)) as answer,
            ):
                return answer.status
        except ClientError:
            return None

    def _keys(self) -> dict[str, str]:
        if self.gateway == "casso":
            return {"CASSO_CHECKSUM_KEY": casso_signing.KEY}
        if self.gateway == "sepay":
            return {"SEPAY_API_KEY": SEPAY_KEY}
        keys = {f"PAYOS_{name.upper()}": secret for name, secret in payos_signing.SECRETS.items()}
        return keys | {"PAYOS_API_URL": self.payos.url}

    def _notice(self, memo: str) -> Request:
        if self.gateway == "casso":
            return casso_signing.notice(description=memo, amount=PRICE)
        if self.gateway == "sepay":
            account = str(casso_signing.DATA["accountNumber"])
            told = Sighting("sepay", "92704", PRICE, "VND", account, memo, reference="FT25295")
            return SEPAY.forge({"api_key": SEPAY_KEY}, told, utc_now())
        [(number, link)] = self.payos.links.items()
        return payos_signing.notice(description=memo, amount=PRICE, orderCode=number, paymentLinkId=link["id"])

    def _app(self) -> web.Application:
        @web.middleware
        async def note_hanging_up(request: web.Request, handler: Callable[..., Any]) -> web.StreamResponse:
            try:
                return await handler(request)  # type: ignore[no-any-return]
            except asyncio.CancelledError:
                self.hung_up.set()
                raise

        app = web.Application(middlewares=[note_hanging_up])
        app.add_routes(routes(self.telegram, ""))
        return app
