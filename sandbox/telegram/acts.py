"""What a person does on the phone, turned into updates for the bot.

What no real phone could do raises Tell with the id of a sentence in locales/.
"""

from datetime import UTC, datetime
from secrets import randbelow

from telegram import (
    CallbackQuery,
    ChatMember,
    ChatMemberBanned,
    ChatMemberMember,
    ChatMemberUpdated,
    Message,
    PreCheckoutQuery,
)

from sales.errors import Tell
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.keyboard import DATA_LIMIT
from sandbox.telegram.markup import RichText
from sandbox.telegram.phone import Phone
from sandbox.telegram.richtext import TEXT_LIMIT, spotted
from sandbox.telegram.stars import TIMEOUT

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
    exchange.tell("message", message)
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
    exchange.tell("callback_query", query)
    return query


def pay(exchange: Exchange, phone: Phone, message_id: int) -> PreCheckoutQuery:
    """Press the button of an invoice that pays; the bot is asked first, and has ten seconds."""
    message, payload = phone.messages.get(message_id), exchange.stars.payloads.get((phone.id, message_id))
    if message is None or message.invoice is None or payload is None:
        raise Tell("sandbox-error-button")
    _check_open(phone)
    invoice = message.invoice
    query = PreCheckoutQuery(
        str(randbelow(10**18) + 10**18), phone.user, invoice.currency, invoice.total_amount, payload
    )

    def late() -> None:
        phone.toast(TIMEOUT, alert=True)
        exchange.news.tell()

    exchange.stars.ask(query, phone, message_id, late)
    exchange.tell("pre_checkout_query", query)
    return query


def block(exchange: Exchange, phone: Phone, blocked: bool) -> None:
    """Block the bot, or let it in again."""
    if phone.blocked == blocked:
        return
    phone.blocked = blocked
    before, after = _member(exchange, not blocked), _member(exchange, blocked)
    exchange.tell("my_chat_member", ChatMemberUpdated(phone.chat, phone.user, exchange.now(), before, after))


def speak(exchange: Exchange, phone: Phone, language: str) -> None:
    """Change the language of the phone; the bot sees it with the next thing the person does."""
    phone.language = language
    exchange.news.tell()


def _member(exchange: Exchange, blocked: bool) -> ChatMember:
    return ChatMemberBanned(exchange.bot, until_date=FOR_EVER) if blocked else ChatMemberMember(exchange.bot)


def _check_open(phone: Phone) -> None:
    if phone.blocked:
        raise Tell("sandbox-error-blocked")
