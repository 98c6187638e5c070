"""Gateways beside the bank account, as small as can be: each leads the buyer to a page of its own."""

from dataclasses import replace

from flows.premises import Plug
from gateways.casso import CASSO
from gateways.gateway import Gateway, Invitation, Invoice, Secrets
from gateways.payos_payout import PAYOS_PAYOUT
from sales.refund import Means


def plug(name: str, *currencies: str, channels: tuple[str, ...] = (), at_web: bool = False) -> Plug:
    """A gateway of that name that takes these currencies."""
    gateway = replace(
        CASSO,
        name=name,
        open_invoice=_open_invoice,
        bank=False,
        currencies=currencies,
        channels=frozenset(channels),
        at_web=at_web,
    )
    return Plug(gateway, {})


def giving_plug(means: Means) -> Plug:
    """The gateway that gives money back by those means."""
    gateway: Gateway = PAYOS_PAYOUT if means is Means.PAYOUT else replace(VNPAY.gateway, refund=lambda _: None)
    return Plug(gateway, {})


def _open_invoice(_secrets: Secrets, invoice: Invoice) -> Invitation:
    return Invitation(invoice.code, url=f"https://pay.example/{invoice.number}")


VNPAY = plug("vnpay", "VND")
BAKONG = plug("bakong", "USD", "KHR")
STARS = plug("stars", "XTR", channels=("telegram",))
