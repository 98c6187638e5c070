"""Gateways beside the bank account, as small as can be: each leads the buyer to a page of its own."""

from dataclasses import replace

from flows.premises import Plug
from gateways.casso import CASSO
from gateways.gateway import Invitation, Invoice, Secrets


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


def _open_invoice(_secrets: Secrets, invoice: Invoice) -> Invitation:
    return Invitation(invoice.code, url=f"https://pay.example/{invoice.number}")


VNPAY = plug("vnpay", "VND")
BAKONG = plug("bakong", "USD", "KHR")
STARS = plug("stars", "XTR", channels=("telegram",))
