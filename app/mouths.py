"""Opens the channels that are configured, and tells which are not."""

import asyncio
from email.utils import parseaddr, quote
from typing import TYPE_CHECKING

import structlog

from app.cashier import Cashier
from app.inbox import Inbox
from app.setup import Setup
from app.words import said
from bot.channels.email import Email
from bot.channels.smtp_url import smtp_server
from flows.channel import Address, Channel
from flows.messages import Say
from flows.offer_menu import COMMANDS
from locales import Texts, plain
from sales.errors import Misconfigured

if TYPE_CHECKING:
    from bot.channels.telegram.raw import RawUpdate

ASK_AGAIN = 60.0
"""Seconds until a refused token is tried again."""

log = structlog.get_logger(__name__)


def open_email(setup: Setup, texts: Texts, shop: str) -> dict[str, Channel]:
    """The e-mail channel, when both SMTP_URL and MAIL_FROM are given; raises Misconfigured.

    A MAIL_FROM without a name gets the shop's.
    """
    if setup.smtp_url is None or setup.mail_from is None:
        return {}
    name, address = parseaddr(setup.mail_from)
    sender = setup.mail_from if name or not address else f'"{quote(shop)}" <{address}>'
    return {"email": Email(smtp_server(setup.smtp_url), sender, texts, setup.clock)}


def menus(texts: Texts) -> dict[str, dict[str, str]]:
    """The bot's commands in every language."""
    return {
        language: {name: plain(texts.say(language, f"command-{name}")) for name in COMMANDS}
        for language in texts.languages()
    }


class TelegramMouth:
    """The Telegram room and what it needs from the house; importing it costs seconds, so only `run` makes one."""

    def __init__(self, setup: Setup, texts: Texts, inbox: Inbox, cashier: Cashier) -> None:
        from bot.channels.telegram.room import open_telegram  # noqa: PLC0415 - aiogram takes seconds to import

        def render(address: Address, say: Say) -> str:
            return texts.say(address.language, say.id, say.values, address.zone)

        assert setup.telegram_token is not None
        self._inbox = inbox
        self._cashier = cashier
        self._texts = texts
        self._webhook = setup.webhook
        self.pause = ASK_AGAIN
        self.refused = False
        self.room = open_telegram(setup.telegram_token, setup.telegram_url, render, inbox.hear)
        inbox.feeds["telegram"] = self.room.feeder.feed

    @property
    def hears(self) -> bool:
        """Whether what people do reaches the shop, as far as is known."""
        return not self.refused and not self.room.webhook.failing

    async def listen(self) -> None:
        """Name the commands, then fetch and keep updates, or have them brought, until cancelled.

        A token that Telegram refuses closes only this mouth: money still comes in, and mail still goes out.
        """
        await self.room.set_commands(menus(self._texts))
        while True:
            self.refused = False
            try:
                await self._hear()
            except Misconfigured as error:
                self.refused = True
                log.error("telegram.refused", reason=said(error.message, error.values))
            await asyncio.sleep(self.pause)

    async def _hear(self) -> None:
        if self._webhook is None:
            await self.room.poller.run(self._keep, self._cashier.decide)
        else:
            await self.room.webhook.run(self._webhook.url, self._webhook.secret)

    async def _keep(self, updates: "list[RawUpdate]") -> None:
        await self._inbox.keep("telegram", [(each.event, each.lane, each.body) for each in updates])
