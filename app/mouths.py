"""Opens the channels that are configured, and tells which are not."""

import asyncio
from email.utils import parseaddr, quote
from typing import TYPE_CHECKING

import structlog

from app.inbox import Inbox
from app.setup import Setup
from app.words import said
from bot.card import Card, Labels, draw
from bot.channels.email import Email
from bot.channels.smtp_url import smtp_server
from flows.channel import Address, Channel
from flows.messages import Say
from flows.office import Draw
from locales import Texts, plain
from sales.banks import bank_by_bin
from sales.errors import Misconfigured
from sales.purchase import Attempt
from sales.shop import BankAccount

if TYPE_CHECKING:
    from bot.channels.telegram import RawUpdate

ASK_AGAIN = 60.0
"""Seconds until a refused token is tried again."""

log = structlog.get_logger(__name__)

COMMANDS = ("start", "myorders", "language", "help", "cancel")


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


def drawing(texts: Texts) -> Draw:
    """How a QR card is drawn: in a thread, since it takes milliseconds that others should not wait."""

    async def draw_card(attempt: Attempt, account: BankAccount, address: Address) -> bytes:
        return await asyncio.to_thread(draw, _card(texts, attempt, account, address))

    return draw_card


def _card(texts: Texts, attempt: Attempt, account: BankAccount, address: Address) -> Card:
    bank = bank_by_bin(account.bin)
    values = {"amount": attempt.amount, "deadline": attempt.expires_at}

    def say(message: str) -> str:
        return plain(texts.say(address.language, message, values, address.zone))

    return Card(
        bank=bank.short_name if bank else account.bin,
        account=account.account,
        holder=account.holder,
        amount=say("just-amount"),
        memo=attempt.memo,
        qr=attempt.qr,
        labels=Labels.in_language(texts, address.language),
        deadline=say("card-deadline"),
    )


class TelegramMouth:
    """The Telegram room and what it needs from the house; importing it costs seconds, so only `run` makes one."""

    def __init__(self, setup: Setup, texts: Texts, inbox: Inbox) -> None:
        from bot.channels.telegram import open_telegram  # noqa: PLC0415 - aiogram takes seconds to import

        def render(address: Address, say: Say) -> str:
            return texts.say(address.language, say.id, say.values, address.zone)

        assert setup.telegram_token is not None
        self._inbox = inbox
        self._texts = texts
        self.pause = ASK_AGAIN
        self.refused = False
        self.room = open_telegram(setup.telegram_token, setup.telegram_url, render, inbox.hear)
        inbox.feeds["telegram"] = self.room.feeder.feed

    async def listen(self) -> None:
        """Name the commands, then fetch and keep updates until cancelled.

        A token that Telegram refuses closes only this mouth: money still comes in, and mail still goes out.
        """
        await self.room.set_commands(menus(self._texts))
        while True:
            self.refused = False
            try:
                await self.room.poller.run(self._keep)
            except Misconfigured as error:
                self.refused = True
                log.error("telegram.refused", reason=said(error.message, error.values))
            await asyncio.sleep(self.pause)

    async def _keep(self, updates: "list[RawUpdate]") -> None:
        await self._inbox.keep("telegram", [(each.event, each.lane, each.body) for each in updates])
