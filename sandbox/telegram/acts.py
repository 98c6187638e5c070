"""What a person does on the phone, turned into updates for the bot.

What no real phone could do raises Tell with the id of a sentence in locales/.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from secrets import randbelow
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberBanned, ChatMemberMember, ChatMemberUpdated, Message, Update

from sales.errors import Tell
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.keyboard import DATA_LIMIT
from sandbox.telegram.markup import RichText
from sandbox.telegram.phone import Phone
from sandbox.telegram.richtext import TEXT_LIMIT, spotted

FOR_EVER = datetime.fromtimestamp(0, UTC)


def write(exchange: Exchange, phone: Phone, text: str) -> Message:
    """Write to the bot."""
    text = text.strip()
    if not 0 < len(text) <= TEXT_LIMIT:
        raise Tell("sandbox-error-text")
    _check_open(phone)
    rich = spotted(RichText(text))
    message = Message(
        phone.next_id(), exchange.now(), phone.chat, from_user=phone.user, text=rich.text, entities=rich.entities
    )
    phone.keep(message)
    _tell(exchange, "message", message)
    return message


def press(exchange: Exchange, phone: Phone, message_id: int, data: str) -> CallbackQuery:
    """Press a button of a message, even one whose buttons have changed meanwhile, as a slow phone does."""
    message = phone.messages.get(message_id)
    if message is None or not 0 < len(data.encode()) <= DATA_LIMIT:
        raise Tell("sandbox-error-button")
    _check_open(phone)
    number = str(randbelow(10**18) + 10**18)
    query = CallbackQuery(number, phone.user, chat_instance=str(phone.id), message=message, data=data)
    phone.press(query)
    _tell(exchange, "callback_query", query)
    return query


def block(exchange: Exchange, phone: Phone, blocked: bool) -> None:
    """Block the bot, or let it in again."""
    if phone.blocked == blocked:
        return
    phone.blocked = blocked
    before, after = _member(exchange, not blocked), _member(exchange, blocked)
    _tell(exchange, "my_chat_member", ChatMemberUpdated(phone.chat, phone.user, exchange.now(), before, after))


def speak(exchange: Exchange, phone: Phone, language: str) -> None:
    """Change the language of the phone; the bot sees it with the next thing the person does."""
    phone.language = language
    exchange.news.tell()


def _member(exchange: Exchange, blocked: bool) -> ChatMember:
    return ChatMemberBanned(exchange.bot, until_date=FOR_EVER) if blocked else ChatMemberMember(exchange.bot)


def _tell(exchange: Exchange, kind: str, thing: Any) -> None:
    make: Callable[..., Update] = Update
    exchange.queue.put(kind, make(exchange.queue.next_id, **{kind: thing}))
    exchange.news.tell()


def _check_open(phone: Phone) -> None:
    if phone.blocked:
        raise Tell("sandbox-error-blocked")
