"""Updates become Incoming: plain aiogram handlers that only translate; nothing is sent from here."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot, Dispatcher, F, Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.enums import ChatType
from aiogram.filters import KICKED, MEMBER, ChatMemberUpdatedFilter, Command, CommandObject
from aiogram.types import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Message,
    RefundedPayment,
    SuccessfulPayment,
    TelegramObject,
    Update,
    User,
)
from aiogram.types.update import UpdateTypeLookupError

from bot.channels.telegram import precheckout
from bot.channels.telegram.press import Press
from bot.channels.telegram.reading import read_update
from flows.messages import Incoming
from gateways.stars_payment import Charge, given_back, paid
from sales.visible import visible

NAME_LIMIT = 128

Hear = Callable[[Incoming], Awaitable[None]]
"""Takes what one person did and does all that follows, in one Unit."""

log = structlog.get_logger(__name__)


class Caller(BaseMiddleware):
    """Tells handlers who speaks, by a name that can be shown: an Incoming that lacks only what was said."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Put `caller` beside the event."""
        update: Update = data["event_update"]
        chat: Chat = data["event_chat"]
        person: User | None = data.get("event_from_user")
        data["caller"] = Incoming(
            channel="telegram",
            peer=str(chat.id),
            event=str(update.update_id),
            name=visible(person.full_name if person else chat.full_name).strip()[:NAME_LIMIT],
            language=(person and person.language_code) or "",
            handle=visible((person and person.username) or ""),
        )
        return await handler(event, data)


async def on_command(_: Message, command: CommandObject, caller: Incoming, hear: Hear) -> None:
    """A command with its payload: "/start SALE" from a deep link, "/help@shop_bot" becomes "/help"."""
    await hear(replace(caller, text=f"/{command.command.lower()} {command.args or ''}".rstrip()))


async def on_message(message: Message, caller: Incoming, hear: Hear) -> None:
    """A text; pictures, stickers and whatever comes next have none."""
    await hear(replace(caller, text=message.text or ""))


async def on_paid(message: Message, caller: Incoming, hear: Hear) -> None:
    """Stars have arrived."""
    assert message.successful_payment is not None
    await hear(replace(caller, paid=paid(_charge(message, message.successful_payment))))


async def on_refunded(message: Message, caller: Incoming, hear: Hear) -> None:
    """Stars went back, by our call or by somebody else's."""
    assert message.refunded_payment is not None
    await hear(replace(caller, paid=given_back(_charge(message, message.refunded_payment))))


def _charge(message: Message, payment: SuccessfulPayment | RefundedPayment) -> Charge:
    payer = message.from_user or message.chat
    return Charge(
        id=payment.telegram_payment_charge_id,
        amount=payment.total_amount,
        currency=payment.currency,
        payload=payment.invoice_payload,
        # Of a refund Telegram's message may be the bot's own; the private chat is the payer's all the same.
        payer=str(message.chat.id if message.chat.type == ChatType.PRIVATE else payer.id),
        name=visible(payer.full_name).strip()[:NAME_LIMIT],
        at=message.date,
    )


async def on_press(query: CallbackQuery, caller: Incoming, hear: Hear, callback_data: Press | None = None) -> None:
    """A button; one that an earlier version of the shop has drawn gives its data as it is."""
    token = callback_data.token if callback_data else query.data or ""
    message = str(query.message.message_id) if query.message else None
    await hear(replace(caller, token=token, message=message, press=query.id))


async def on_blocked(_: ChatMemberUpdated, caller: Incoming, hear: Hear) -> None:
    """The person has blocked the bot."""
    await hear(replace(caller, token="peer:blocked"))


async def on_unblocked(_: ChatMemberUpdated, caller: Incoming, hear: Hear) -> None:
    """The person has let the bot in, for the first time or again."""
    await hear(replace(caller, token="peer:unblocked"))


def private_talk() -> Router:
    """Everything a person can do in the private chat with the bot; groups and channels are not heard."""
    router = Router(name="private_talk")
    router.message.filter(F.chat.type == ChatType.PRIVATE)
    router.callback_query.filter(F.message.chat.type == ChatType.PRIVATE)
    router.my_chat_member.filter(F.chat.type == ChatType.PRIVATE)
    for observer in (router.message, router.callback_query, router.my_chat_member):
        observer.middleware(Caller())
    router.message.register(on_command, F.text, Command(re.compile(r"\w+$"), ignore_mention=True))
    router.message.register(on_message)
    router.callback_query.register(on_press, Press.filter())
    router.callback_query.register(on_press, F.data)
    router.my_chat_member.register(on_blocked, ChatMemberUpdatedFilter(KICKED))
    router.my_chat_member.register(on_unblocked, ChatMemberUpdatedFilter(MEMBER))
    return router


def payments() -> Router:
    """Money, wherever it was paid: an invoice can be forwarded, and none of its money may be lost."""
    router = Router(name="payments")
    router.message.middleware(Caller())
    router.message.register(on_paid, F.successful_payment)
    router.message.register(on_refunded, F.refunded_payment)
    return router


class Feeder:
    """Feeds kept updates to the handlers."""

    def __init__(self, bot: Bot, hear: Hear) -> None:
        self._bot = bot
        # Without aiogram's state machine: where a talk stands is a row of ours, and so is the lane per buyer.
        self._dispatcher = Dispatcher(disable_fsm=True, hear=hear)
        self._dispatcher.include_routers(payments(), private_talk())

    @property
    def kinds(self) -> list[str]:
        """The kinds to ask Telegram for: those that have a handler, and the one that is answered without any."""
        return sorted({*self._dispatcher.resolve_used_update_types(), precheckout.KIND})

    async def feed(self, body: str) -> bool:
        """Translate the JSON of one update and let it be heard; False when there is nothing in it for the shop.

        Raises what `hear` raises, so that the update is tried again, and Malformed for what cannot be read.
        """
        update = read_update(body, self._bot)
        try:
            kind = update.event_type
        except UpdateTypeLookupError:
            log.info("telegram.unknown_update", update=update.update_id)
            return False
        answer = await self._dispatcher.feed_update(self._bot, update)
        if answer is UNHANDLED:
            log.debug("telegram.update_passed_over", update=update.update_id, kind=kind)
        return answer is not UNHANDLED


def build_feeder(bot: Bot, hear: Hear) -> Feeder:
    """A feeder whose handlers give what they translate to `hear`."""
    return Feeder(bot, hear)
