"""The bot's command menus: kept per scope and language, and found for a person as the platform does."""

import re

from telegram import BotCommand

from sandbox.telegram.errors import bad_request
from sandbox.telegram.params import Params

NAME = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTION_LIMIT = 256
COMMANDS_LIMIT = 100
CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")

Place = tuple[str, str, str]
"""Scope type, chat id ("" where the scope has none), language code ("" for all others)."""


class Menus:
    """All menus of the bot."""

    def __init__(self) -> None:
        self._menus: dict[Place, tuple[BotCommand, ...]] = {}

    def put(self, params: Params) -> bool:
        """Set the menu of a scope and language."""
        data = params.nested("commands")
        if not isinstance(data, list) or len(data) > COMMANDS_LIMIT:
            raise bad_request("can't parse commands: an array of at most 100 commands is expected")
        self._menus[_place(params)] = tuple(_command(item) for item in data)
        return True

    def exactly(self, params: Params) -> tuple[BotCommand, ...]:
        """Read the menu of exactly this scope and language."""
        return self._menus.get(_place(params), ())

    def remove(self, params: Params) -> bool:
        """Delete the menu of exactly this scope and language."""
        self._menus.pop(_place(params), None)
        return True

    def seen_by(self, chat: int, language: str) -> tuple[BotCommand, ...]:
        """Find the menu a private chat shows: the narrowest scope first, the person's language before none."""
        scopes = (("chat", str(chat)), ("all_private_chats", ""), ("default", ""))
        places = [(scope, where, code) for scope, where in scopes for code in (language, "")]
        return next((self._menus[place] for place in places if self._menus.get(place)), ())


def _place(params: Params) -> Place:
    scope = params.nested("scope") or {"type": "default"}
    if not isinstance(scope, dict) or not isinstance(scope.get("type"), str):
        raise bad_request("can't parse BotCommandScope")
    chat = str(scope.get("chat_id", "")) if scope["type"] in CHAT_SCOPES else ""
    return scope["type"], chat, params.text("language_code")


def _command(data: object) -> BotCommand:
    name, description = (data.get("command"), data.get("description")) if isinstance(data, dict) else (None, None)
    if not isinstance(name, str) or not NAME.fullmatch(name.removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= len(description) <= DESCRIPTION_LIMIT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return BotCommand(name.removeprefix("/"), description)
