"""Replies become calls of the Bot API."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup

from bot.channels.telegram.commands import set_chat_commands
from bot.channels.telegram.failures import NOT_MODIFIED, says, shop_error
from bot.channels.telegram.invoice import send_invoice
from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.pieces import CAPTION_LIMIT, length, split
from flows.channel import Address, ChatInvoice, Picture
from flows.messages import Reply, Say
from locales.texts import plain

TOAST_LIMIT = 200
REFUNDED = "charge_already_refunded"

ITEM = "• "
"""How a sentence begins that is an item of a list."""

Render = Callable[[Address, Say], str]
"""Says a sentence in the language of the address, in light markup (<b>, <i>, <code>)."""


class Telegram:
    """The mouth called "telegram"; the bot it is given sends HTML without link previews by default."""

    name = "telegram"

    def __init__(self, bot: Bot, render: Render) -> None:
        self._bot = bot
        self._render = render

    async def show(
        self,
        address: Address,
        reply: Reply,
        key: str,
        picture: Picture | None = None,
        invoice: ChatInvoice | None = None,
    ) -> str:
        """Show `reply` and answer the id of the message with the buttons or the card, "" when a toast was all.

        The Bot API knows no key that makes a call safe to repeat, so `key` stays unused: shown at least once.
        """
        try:
            if invoice is not None:
                return await send_invoice(self._bot, address.to, reply, invoice, partial(self._plainly, address))
            return await self._show(address, reply, picture)
        except TelegramAPIError as error:
            raise shop_error(error) from None

    async def offer(self, address: Address, menu: Mapping[str, Say]) -> None:
        """Set the commands of this chat alone, or take them away so that everybody's are seen there again."""
        await set_chat_commands(self._bot, address.to, {name: self._render(address, say) for name, say in menu.items()})

    async def refund_stars(self, payer: str, charge: str) -> None:
        """Give Stars back by their charge (Bot API, refundStarPayment); see Channel for errors."""
        try:
            await self._bot.refund_star_payment(int(payer), charge)
        except TelegramAPIError as error:
            if not says(error, REFUNDED):
                raise shop_error(error) from None

    def _plainly(self, address: Address, say: Say) -> str:
        return plain(self._render(address, say))

    async def _show(self, address: Address, reply: Reply, picture: Picture | None) -> str:
        text = _joined([self._render(address, line) for line in reply.lines])
        if reply.toast is not None and await self._answered(reply.toast, text):
            return ""
        buttons = keyboard(reply.choices, partial(self._plainly, address))
        if picture is not None:
            return await self._send_card(address.to, picture, text, buttons)
        replaced = await self._replace(address.to, reply, text, buttons)
        return replaced if replaced is not None else await self._send(address.to, split(text) or [text], buttons)

    async def _answered(self, press: str, note: str) -> bool:
        """End the turning of a pressed button; False when the note still has to be shown in another way."""
        fits = length(note) <= TOAST_LIMIT
        try:
            await self._bot.answer_callback_query(press, text=plain(note) if note and fits else None)
        except TelegramBadRequest:
            # The press is too old, or was answered before a crash: nothing turns any more.
            return not note
        return fits

    async def _send_card(self, to: str, picture: Picture, text: str, buttons: InlineKeyboardMarkup | None) -> str:
        """Send the picture with as much of the text as a caption holds, and the rest after it."""
        caption, *rest = split(text, first=CAPTION_LIMIT) or [""]
        upload = BufferedInputFile(picture.png, picture.name)
        sent = await self._bot.send_photo(to, upload, caption=caption or None, reply_markup=buttons)
        await self._send(to, rest, None)
        return str(sent.message_id)

    async def _replace(self, to: str, reply: Reply, text: str, buttons: InlineKeyboardMarkup | None) -> str | None:
        """Turn an earlier message into this one; None when it is gone, too old, or of another kind."""
        if reply.replace is None:
            return None
        if reply.invoice is not None:
            await self._edited(self._bot.delete_message(to, int(reply.replace)))
            return None if text else ""
        change = self._turn_card if reply.pictured else self._rewrite
        return await change(to, reply.replace, text, buttons)

    async def _rewrite(self, to: str, old: str, text: str, buttons: InlineKeyboardMarkup | None) -> str | None:
        first, *rest = split(text) or [text]
        shown = None if rest else buttons
        edit = self._bot.edit_message_text(first, chat_id=to, message_id=int(old), reply_markup=shown)
        if not await self._edited(edit):
            return None
        return await self._send(to, rest, buttons) or old

    async def _turn_card(self, to: str, card: str, text: str, buttons: InlineKeyboardMarkup | None) -> str | None:
        first, *rest = split(text, first=CAPTION_LIMIT) or [text]
        edit = self._bot.edit_message_caption(chat_id=to, message_id=int(card), caption=first, reply_markup=buttons)
        if not await self._edited(edit):
            return None
        await self._send(to, rest, None)
        return card

    async def _edited(self, edit: Awaitable[object]) -> bool:
        try:
            await edit
        except TelegramBadRequest as error:
            # Whatever else is wrong with the message, sending it anew will meet too, and report.
            return says(error, NOT_MODIFIED)
        return True

    async def _send(self, to: str, pieces: Sequence[str], buttons: InlineKeyboardMarkup | None) -> str:
        """Send the pieces one by one, the buttons on the last; answers its id, "" when there are none."""
        last = ""
        for place, piece in enumerate(pieces, start=1):
            shown = buttons if place == len(pieces) else None
            last = str((await self._bot.send_message(to, piece, reply_markup=shown)).message_id)
        return last


def _joined(lines: Sequence[str]) -> str:
    """Sentences as paragraphs; items of a list stand close below each other."""
    spaced = [
        line if place == 0 else ("\n" if line.startswith(ITEM) else "\n\n") + line for place, line in enumerate(lines)
    ]
    return "".join(spaced)
