"""Choices as an inline keyboard."""

from collections.abc import Callable

from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.press import Press
from flows.messages import Choice, Rows, Say

COPY_LIMIT = 256
"""Characters a copy button can hold (Bot API, CopyTextButton)."""


def keyboard(rows: Rows, label: Callable[[Say], str]) -> InlineKeyboardMarkup | None:
    """Lay the choices out as they come; None when there are none."""
    drawn = [[_button(choice, label(choice.label)) for choice in row if _fits(choice)] for row in rows]
    drawn = [row for row in drawn if row]
    return InlineKeyboardMarkup(inline_keyboard=drawn) if drawn else None


def _fits(choice: Choice) -> bool:
    # Without the button the person copies by hand; with it Telegram would refuse the whole message.
    return choice.copy is None or 1 <= len(choice.copy) <= COPY_LIMIT


def _button(choice: Choice, text: str) -> InlineKeyboardButton:
    if choice.copy is not None:
        return InlineKeyboardButton(text=text, copy_text=CopyTextButton(text=choice.copy))
    if choice.url is not None:
        return InlineKeyboardButton(text=text, url=choice.url)
    return InlineKeyboardButton(text=text, callback_data=Press(token=choice.token or "").pack())
