"""The menu of commands beside the text field: everybody's, and one chat's own."""

from collections.abc import Mapping

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeChat

from bot.channels.telegram.failures import said

log = structlog.get_logger(__name__)


async def set_commands(bot: Bot, menus: Mapping[str, Mapping[str, str]], default: str = "vi") -> None:
    """Set the menu of each language (code → command → description); `default` serves all other languages too.

    A menu is a convenience: a failure is logged and nothing else happens.
    """
    for language, menu in menus.items():
        try:
            await bot.set_my_commands(_commands(menu), language_code=None if language == default else language)
        except TelegramAPIError as error:
            log.warning("telegram.commands_not_set", language=language, reason=said(error))


async def set_chat_commands(bot: Bot, chat: str, menu: Mapping[str, str]) -> None:
    """Set the menu of one chat (command → description), for every language; {} gives it everybody's again.

    A failure is only logged, as above: the chat may be closed, or may never have been opened.
    """
    scope = BotCommandScopeChat(chat_id=int(chat))
    try:
        if menu:
            await bot.set_my_commands(_commands(menu), scope=scope)
        else:
            await bot.delete_my_commands(scope=scope)
    except TelegramAPIError as error:
        log.warning("telegram.chat_commands_not_set", reason=said(error))


def _commands(menu: Mapping[str, str]) -> list[BotCommand]:
    return [BotCommand(command=name, description=text) for name, text in menu.items()]
