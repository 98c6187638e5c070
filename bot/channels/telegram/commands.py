"""The menu of commands beside the text field."""

from collections.abc import Mapping

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand

from bot.channels.telegram.failures import said

log = structlog.get_logger(__name__)


async def set_commands(bot: Bot, menus: Mapping[str, Mapping[str, str]], default: str = "vi") -> None:
    """Set the menu of each language (code → command → description); `default` serves all other languages too.

    A menu is a convenience: a failure is logged and nothing else happens.
    """
    for language, menu in menus.items():
        commands = [BotCommand(command=name, description=text) for name, text in menu.items()]
        try:
            await bot.set_my_commands(commands, language_code=None if language == default else language)
        except TelegramAPIError as error:
            log.warning("telegram.commands_not_set", language=language, reason=said(error))
