"""The page of ours that hands a buyer over to a gateway's own page, for those that are opened by a form."""

import re
from dataclasses import dataclass, field
from hmac import compare_digest

from flows.ask_to_pay import pay_page_mac
from flows.premises import Plug, Premises
from gateways.gateway import Form, Invoice
from sales.money import Money
from sales.purchase import Attempt, Order
from storage import buyers, orders
from storage.unit import Unit

TOKEN = re.compile(r"([1-9][0-9]{0,15})-([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True, slots=True)
class HandOver:
    """A payment that can still be made: what the browser posts, and what the buyer is told of it."""

    form: Form = field(repr=False)
    shop: str
    code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PayPage:
    """What the page shows: `hand_over` is None once nothing is to be paid there.

    `language` is the buyer's, "" for who does not know the page's whole address.
    """

    language: str = ""
    hand_over: HandOver | None = None


def show_pay_page(unit: Unit, premises: Premises, gateway: str, token: str) -> PayPage:
    """Look up the payment behind the last part of a page's address; reads only.

    Who guesses at addresses gets no further than the check of its token, and learns nothing.
    """
    plug, number = premises.plug(gateway), _number(premises, gateway, token)
    if plug is None or number is None:
        return PayPage()
    found = orders.attempt_numbered(unit, premises.shop.id, number)
    if found is None or found[0].gateway != gateway:
        return PayPage()
    attempt, order = found
    language = buyers.peer(unit, premises.shop.id, order.peer).language
    payable = attempt.payable(order, unit.now)
    return PayPage(language, _hand_over(premises, plug, attempt, order, language) if payable else None)


def _number(premises: Premises, gateway: str, token: str) -> int | None:
    """The attempt's number, when the token is one that we have made."""
    parts = TOKEN.fullmatch(token)
    if parts is None:
        return None
    number = int(parts[1])
    return number if compare_digest(parts[2], pay_page_mac(premises, gateway, number)) else None


def _hand_over(premises: Premises, plug: Plug, attempt: Attempt, order: Order, language: str) -> HandOver | None:
    if plug.gateway.page_form is None:
        return None
    invoice = Invoice(
        number=attempt.number,
        code=order.code,
        amount=attempt.amount,
        made_at=attempt.made_at or order.created_at,
        until=attempt.expires_at,
        url=plug.url,
        base=premises.base,
        slug=premises.shop.slug,
        shop=premises.shop.name,
        language=language,
        watched=any(each.gateway.bank for each in premises.plugs),
    )
    return HandOver(plug.gateway.page_form(plug.secrets, invoice), premises.shop.name, order.code, attempt.amount)
