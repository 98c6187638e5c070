"""Methods that change or remove what a person already sees."""

from datetime import timedelta
from typing import Any

from telegram import InlineKeyboardMarkup, Message

from sandbox.telegram.errors import bad_request
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.keyboard import read_keyboard
from sandbox.telegram.params import Params
from sandbox.telegram.phone import Phone
from sandbox.telegram.richtext import read_caption, read_text

DELETABLE = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_message_text(exchange: Exchange, params: Params) -> Message:
    """Replace a text message; without `reply_markup` its buttons go."""
    phone, old = _own(exchange, params)
    if not old.text:
        raise bad_request("there is no text in the message to edit")
    rich = read_text(params)
    fields = {"text": rich.text, "entities": [entity.to_dict() for entity in rich.entities]}
    return _change(exchange, phone, old, fields, read_keyboard(params))


def edit_message_caption(exchange: Exchange, params: Params) -> Message:
    """Replace the caption of a photo; without `reply_markup` its buttons go."""
    phone, old = _own(exchange, params)
    if not old.photo:
        raise bad_request("there is no caption in the message to edit")
    rich = read_caption(params)
    fields = {"caption": rich.text, "caption_entities": [entity.to_dict() for entity in rich.entities]}
    return _change(exchange, phone, old, fields, read_keyboard(params))


def edit_message_reply_markup(exchange: Exchange, params: Params) -> Message:
    """Replace or remove the buttons alone."""
    phone, old = _own(exchange, params)
    return _change(exchange, phone, old, {}, read_keyboard(params))


def delete_message(exchange: Exchange, params: Params) -> bool:
    """Remove a message of either side from the chat, if it is younger than 48 hours."""
    phone = exchange.reach(params)
    message = phone.messages.get(params.whole("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if exchange.now() - message.date > DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    del phone.messages[message.message_id]
    exchange.news.tell()
    return True


def _own(exchange: Exchange, params: Params) -> tuple[Phone, Message]:
    phone = exchange.reach(params)
    message = phone.messages.get(params.whole("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.from_user != exchange.bot:
        raise bad_request("message can't be edited")
    return phone, message


def _change(
    exchange: Exchange, phone: Phone, old: Message, fields: dict[str, Any], keyboard: InlineKeyboardMarkup | None
) -> Message:
    """Write the new content; refuse a change that changes nothing."""
    before = old.to_dict()
    after = before | fields | {"reply_markup": keyboard and keyboard.to_dict()}
    after = {name: value for name, value in after.items() if value not in (None, "", [])}
    if before == after:
        raise bad_request(NOT_MODIFIED)
    exchange.check_pace()
    # A change of the buttons alone leaves no mark of editing.
    after |= {"edit_date": int(exchange.now().timestamp())} if fields else {}
    return exchange.show(phone, Message.de_json(after))
