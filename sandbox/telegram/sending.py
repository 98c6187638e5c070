"""Methods that put something new before a person."""

from typing import Any

from telegram import InlineKeyboardMarkup, Message

from sandbox.telegram.errors import bad_request
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.keyboard import read_keyboard
from sandbox.telegram.params import Params
from sandbox.telegram.phone import Phone
from sandbox.telegram.photos import Photo
from sandbox.telegram.richtext import read_caption, read_text

TOAST_LIMIT = 200
ACTIONS = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"}
    | {"choose_sticker", "find_location", "record_video_note", "upload_video_note"}
)


def send_message(exchange: Exchange, params: Params) -> Message:
    """Send a text of at most 4096 characters."""
    phone = exchange.reach(params)
    rich, keyboard = read_text(params), read_keyboard(params)
    exchange.check_pace()
    return exchange.show(phone, _message(exchange, phone, keyboard, text=rich.text, entities=rich.entities))


def send_photo(exchange: Exchange, params: Params) -> Message:
    """Send a photo, uploaded or by file id, with a caption of at most 1024 characters."""
    phone = exchange.reach(params)
    rich, keyboard = read_caption(params), read_keyboard(params)
    exchange.check_pace()
    photo = _photo(exchange, params)
    content = {"photo": (photo.size,), "caption": rich.text or None, "caption_entities": rich.entities}
    return exchange.show(phone, _message(exchange, phone, keyboard, **content))


def send_chat_action(exchange: Exchange, params: Params) -> bool:
    """Show "typing…" or its like."""
    phone = exchange.reach(params)
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    phone.typing += 1
    exchange.news.tell()
    return True


def answer_callback_query(exchange: Exchange, params: Params) -> bool:
    """End the waiting of a pressed button, with a toast of at most 200 characters or without."""
    query = params.text("callback_query_id")
    phone = next((phone for phone in exchange.phones.values() if query in phone.presses), None)
    if phone is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.text("text")) > TOAST_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    del phone.presses[query]
    if params.text("text"):
        phone.toast(params.text("text"), params.flag("show_alert"))
    exchange.news.tell()
    return True


def _message(exchange: Exchange, phone: Phone, keyboard: InlineKeyboardMarkup | None, **content: Any) -> Message:
    number, now = phone.next_id(), exchange.now()
    return Message(number, now, phone.chat, from_user=exchange.bot, reply_markup=keyboard, **content)


def _photo(exchange: Exchange, params: Params) -> Photo:
    if (upload := params.upload("photo")) is not None:
        return exchange.photos.add(upload)
    name = params.text("photo")
    if not name:
        raise bad_request("there is no photo in the request")
    if name.startswith(("http://", "https://")):
        # The street makes no request to the outside, so a picture by address never comes.
        raise bad_request("failed to get HTTP URL content")
    if found := exchange.photos.by_file_id(name):
        return found
    raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
