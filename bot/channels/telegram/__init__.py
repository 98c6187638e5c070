"""Telegram: the only room that imports aiogram, which costs seconds; import it where the bot is started."""

from bot.channels.telegram.raw import Keep, RawUpdate
from bot.channels.telegram.room import TelegramRoom, open_telegram

__all__ = ["Keep", "RawUpdate", "TelegramRoom", "open_telegram"]
