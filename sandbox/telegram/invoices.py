"""Methods by which the bot asks for Stars, lets them be taken, and gives them back."""

import json
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Invoice,
    Message,
    RefundedPayment,
    StarAmount,
    SuccessfulPayment,
)

from sandbox.telegram.errors import bad_request
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.keyboard import read_keyboard
from sandbox.telegram.params import Params
from sandbox.telegram.stars import Asked

CURRENCY = "XTR"
TITLE_LIMIT, DESCRIPTION_LIMIT, PAYLOAD_LIMIT = 32, 255, 128
"""Characters, characters and bytes (Bot API, sendInvoice)."""
MOST_STARS = 100_000
PAY = "⭐"


def send_invoice(exchange: Exchange, params: Params) -> Message:
    """Send an invoice in Stars, the only currency of this street."""
    phone = exchange.reach(params)
    title, description = _words(params, "title", TITLE_LIMIT), _words(params, "description", DESCRIPTION_LIMIT)
    payload, amount = _payload(params), _price(params)
    keyboard = _keyboard(params, amount)
    exchange.check_pace()
    invoice = Invoice(title, description, params.text("start_parameter"), CURRENCY, amount)
    message = Message(
        phone.next_id(),
        exchange.now(),
        phone.chat,
        from_user=exchange.bot,
        invoice=invoice,
        reply_markup=keyboard,
    )
    exchange.stars.payloads[phone.id, message.message_id] = payload
    return exchange.show(phone, message)


def answer_pre_checkout_query(exchange: Exchange, params: Params) -> bool:
    """Let the Stars be taken, or say why not; the person sees it at once."""
    refusal = "" if params.flag("ok") else params.text("error_message")
    if not params.flag("ok") and not refusal:
        raise bad_request("error_message is required")
    asked = exchange.stars.answered(params.text("pre_checkout_query_id"))
    if refusal:
        asked.phone.toast(refusal, alert=True)
        exchange.news.tell()
    else:
        _take(exchange, asked)
    return True


def refund_star_payment(exchange: Exchange, params: Params) -> bool:
    """Give a payment back; the chat tells of it."""
    number = params.text("telegram_payment_charge_id")
    charge = exchange.stars.refund(params.whole("user_id"), number)
    phone = exchange.phones[charge.payer]
    refunded = RefundedPayment(CURRENCY, charge.amount, charge.payload, number)
    told = Message(phone.next_id(), exchange.now(), phone.chat, from_user=exchange.bot, refunded_payment=refunded)
    exchange.show(phone, told)
    exchange.tell("message", told)
    return True


def get_my_star_balance(exchange: Exchange, _: Params) -> StarAmount:
    """Say how many Stars the bot has."""
    return StarAmount(exchange.stars.balance)


def _take(exchange: Exchange, asked: Asked) -> None:
    query, phone = asked.query, asked.phone
    number = exchange.stars.charge(query)
    payment = SuccessfulPayment(CURRENCY, query.total_amount, query.invoice_payload, number, number)
    told = Message(phone.next_id(), exchange.now(), phone.chat, from_user=phone.user, successful_payment=payment)
    phone.keep(told)
    for _ in range(2 if exchange.faults.pay_twice else 1):
        exchange.tell("message", told)


def _words(params: Params, name: str, limit: int) -> str:
    words = params.text(name).strip()
    if not 0 < len(words) <= limit:
        raise bad_request(f"invoice {name} must be 1-{limit} characters long")
    return words


def _payload(params: Params) -> str:
    payload = params.text("payload")
    if not 0 < len(payload.encode()) <= PAYLOAD_LIMIT:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    return payload


def _price(params: Params) -> int:
    """The one price of an invoice in Stars."""
    if params.text("currency") != CURRENCY or params.text("provider_token"):
        raise bad_request("CURRENCY_INVALID")
    prices = params.nested("prices")
    amounts = [price.get("amount") if isinstance(price, dict) else None for price in prices or []]
    if len(amounts) != 1 or type(amounts[0]) is not int or not 0 < amounts[0] <= MOST_STARS:
        raise bad_request("STARS_INVOICE_INVALID")
    return int(amounts[0])


def _keyboard(params: Params, amount: int) -> InlineKeyboardMarkup:
    """The buttons; the first one pays, and stands there even when the bot names none."""
    rows = (params.nested("reply_markup") or {}).get("inline_keyboard") or [[{"text": f"{PAY} {amount}", "pay": True}]]
    first: Any = rows[0][0] if rows[0] else None
    if not isinstance(first, dict) or not first.get("pay") or not first.get("text"):
        raise bad_request("the first button of an invoice must be a Pay button")
    others = json.dumps({"inline_keyboard": [rows[0][1:], *rows[1:]]})
    below = read_keyboard(Params({"reply_markup": others}))
    pay = (InlineKeyboardButton(first["text"], pay=True),)
    return InlineKeyboardMarkup([pay, *(below.inline_keyboard if below else ())])
