"""Telegram Stars (XTR): the chat shows the invoice, and what was paid comes by the chat's own updates.

Bot API, "Payments in Stars": no provider, no secret, no webhook of its own. For digital goods it is the only payment
that the platform's rules allow inside its apps.
"""

from gateways.doorless import acknowledge, forge, read
from gateways.gateway import Gateway, Invitation, Invoice, Secrets


def open_invoice(_secrets: Secrets, invoice: Invoice) -> Invitation:
    """No code to scan and no page: the chat asks for the money itself."""
    return Invitation(memo=invoice.code)


STARS = Gateway(
    name="stars",
    secrets=((),),
    open_invoice=open_invoice,
    read=read,
    acknowledge=acknowledge,
    forge=forge,
    method=None,
    currencies=("XTR",),
    channels=frozenset({"telegram"}),
)
