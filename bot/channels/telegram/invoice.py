"""An invoice in Stars, as Telegram shows it in the chat."""

from collections.abc import Callable

from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice

from bot.channels.telegram.keyboard import keyboard
from flows.channel import ChatInvoice
from flows.messages import Reply, Rows, Say

TITLE_LIMIT, DESCRIPTION_LIMIT = 32, 255
"""Characters of an invoice (Bot API, sendInvoice)."""

START = "invoice"
"""Forwarded, an invoice leads to the bot by a deep link instead of letting others pay it (Bot API, sendInvoice)."""

Plainly = Callable[[Say], str]
"""Says a sentence to the person, without markup."""


async def send_invoice(bot: Bot, to: str, reply: Reply, invoice: ChatInvoice, say: Plainly) -> str:
    """Have Telegram ask for Stars: no provider, exactly one price (Bot API, sendInvoice); answers the message's id."""
    title = _cut(say(invoice.title), TITLE_LIMIT)
    words = " ".join(" ".join(map(say, reply.lines)).split())
    pay = say(Say("pay-invoice", {"amount": invoice.amount}))
    sent = await bot.send_invoice(
        to,
        title,
        _cut(words, DESCRIPTION_LIMIT) or title,
        invoice.payload,
        invoice.amount.currency,
        [LabeledPrice(label=title, amount=invoice.amount.minor)],
        provider_token="",
        start_parameter=START,
        reply_markup=_under_invoice(pay, reply.choices, say),
    )
    return str(sent.message_id)


def _under_invoice(pay: str, rows: Rows, label: Plainly) -> InlineKeyboardMarkup:
    """The choices, below the button that pays: it must be the first (Bot API, sendInvoice)."""
    below = keyboard(rows, label)
    first = [InlineKeyboardButton(text=pay, pay=True)]
    return InlineKeyboardMarkup(inline_keyboard=[first, *(below.inline_keyboard if below else [])])


def _cut(text: str, limit: int) -> str:
    """As much of it as fits, counted in UTF-16 units: the way of counting that is never too low."""
    if _units(text) <= limit:
        return text
    while _units(text) >= limit:
        text = text[:-1]
    return text.rstrip() + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
