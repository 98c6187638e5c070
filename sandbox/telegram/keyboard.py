"""Reads inline keyboards and refuses what the platform refuses."""

from typing import Any
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.params import Params

BUTTONS_LIMIT = 100
ROW_LIMIT = 8
DATA_LIMIT = 64
COPY_LIMIT = 256
ACTIONS = ("callback_data", "url", "copy_text")
URL_SCHEMES = ("http", "https", "tg")


def read_keyboard(params: Params) -> InlineKeyboardMarkup | None:
    """Read `reply_markup`; None when absent or without buttons. Only inline keyboards exist on this street."""
    data = params.nested("reply_markup")
    if data is None:
        return None
    rows = data.get("inline_keyboard") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("object expected as reply markup: an inline keyboard with an array of arrays of buttons")
    rows = [row for row in rows if row]
    if sum(map(len, rows)) > BUTTONS_LIMIT or any(len(row) > ROW_LIMIT for row in rows):
        raise bad_request("reply markup is too long")
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows]) if rows else None


def _button(data: Any) -> InlineKeyboardButton:
    if not isinstance(data, dict) or not isinstance(data.get("text"), str) or not data["text"].strip():
        raise _unreadable("button text must be non-empty")
    actions = [name for name in ACTIONS if data.get(name)]
    if len(actions) != 1:
        raise _unreadable("exactly one of callback_data, url and copy_text is expected")
    CHECKS[actions[0]](data[actions[0]])
    return InlineKeyboardButton.de_json(data)


def _check_data(data: Any) -> None:
    if not isinstance(data, str) or len(data.encode()) > DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(url: Any) -> None:
    if not isinstance(url, str) or urlsplit(url).scheme not in URL_SCHEMES or not urlsplit(url).netloc:
        raise bad_request("BUTTON_URL_INVALID")


def _check_copy(copy: Any) -> None:
    text = copy.get("text") if isinstance(copy, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= COPY_LIMIT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


CHECKS = {"callback_data": _check_data, "url": _check_url, "copy_text": _check_copy}


def _unreadable(what: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {what}")
