"""Opens the Telegram room: one bot, its mouth, its ears."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.utils.token import TokenValidationError

from bot.channels.telegram.channel import Render, Telegram
from bot.channels.telegram.commands import set_commands
from bot.channels.telegram.discreet import Discreet
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.poller import Poller
from bot.channels.telegram.updates import Feeder, Hear, build_feeder
from bot.channels.telegram.webhook import WebhookKeeper
from sales.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class TelegramRoom:
    """`channel` speaks, `poller` fetches what people did, `feeder` has it heard; all through one `bot`.

    Instead of the poller, `webhook` may have Telegram bring it to a web door.
    """

    bot: Bot
    channel: Telegram
    feeder: Feeder
    poller: Poller
    webhook: WebhookKeeper

    async def set_commands(self, menus: Mapping[str, Mapping[str, str]]) -> None:
        """Set the menu of commands: language code → command → description."""
        await set_commands(self.bot, menus)

    async def close(self) -> None:
        """Close the connections; takes a quarter of a second."""
        await self.bot.session.close()


def open_telegram(token: str, api_url: str, render: Render, hear: Hear) -> TelegramRoom:
    """Open the room on the Bot API at `api_url`, without a call yet; raises Misconfigured for what is no token."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_url))
    session.middleware(Discreet(token))
    session.middleware(Pace())
    defaults = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    try:
        bot = Bot(token, session, defaults)
    except TokenValidationError:
        raise Misconfigured("telegram-token-malformed") from None
    feeder = build_feeder(bot, hear)
    return TelegramRoom(bot, Telegram(bot, render), feeder, Poller(bot, feeder.kinds), WebhookKeeper(bot, feeder.kinds))
