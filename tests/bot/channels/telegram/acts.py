"""What people do on Telegram, built with python-telegram-bot: the other implementation of the protocol."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from telegram import (
    CallbackQuery,
    Chat,
    ChatMemberBanned,
    ChatMemberMember,
    ChatMemberUpdated,
    Message,
    PhotoSize,
    PreCheckoutQuery,
    RefundedPayment,
    Sticker,
    SuccessfulPayment,
    Update,
    User,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PERSON = User(42, "NGUYEN", is_bot=False, last_name="VAN A", language_code="vi")
BOT = User(7_000_000_001, "Shop", is_bot=True, username="shop_bot")
PRIVATE = Chat(42, "private", first_name="NGUYEN", last_name="VAN A")
GROUP = Chat(-100200, "supergroup", title="Group")
PHOTO = (PhotoSize("file", "unique", 90, 90),)
STICKER = Sticker("file", "unique", 512, 512, is_animated=False, is_video=False, type="regular")

_ids = count(9_000_000_000)


def update(**thing: Any) -> Update:
    return Update(next(_ids), **thing)


def message(text: str | None = None, chat: Chat = PRIVATE, person: User | None = PERSON, **fields: Any) -> Message:
    return Message(7, NOW, chat, from_user=person, text=text, **fields)


def wrote(text: str | None = None, **fields: Any) -> Update:
    return update(message=message(text, **fields))


def pressed(data: str | None, chat: Chat = PRIVATE, **fields: Any) -> Update:
    hangs_on = Message(55, NOW, chat, from_user=BOT, text="Gói")
    return update(callback_query=CallbackQuery("press-9", PERSON, "instance", message=hangs_on, data=data, **fields))


def blocked(chat: Chat = PRIVATE) -> Update:
    member, banned = ChatMemberMember(BOT), ChatMemberBanned(BOT, until_date=NOW)
    return update(my_chat_member=ChatMemberUpdated(chat, PERSON, NOW, member, banned))


def unblocked() -> Update:
    member, banned = ChatMemberMember(BOT), ChatMemberBanned(BOT, until_date=NOW)
    return update(my_chat_member=ChatMemberUpdated(PRIVATE, PERSON, NOW, banned, member))


def asked_to_pay(payload: str, amount: int, query: str = "query-9") -> Update:
    return update(pre_checkout_query=PreCheckoutQuery(query, PERSON, "XTR", amount, payload))


def paid(payload: str, amount: int, chat: Chat = PRIVATE) -> Update:
    payment = SuccessfulPayment("XTR", amount, payload, "stx1", "provider-1")
    return wrote(chat=chat, successful_payment=payment)


def refunded(payload: str, amount: int, person: User | None = PERSON) -> Update:
    return wrote(person=person, refunded_payment=RefundedPayment("XTR", amount, payload, "stx1"))
