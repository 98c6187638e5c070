"""What Telegram tells of a payment in Stars, as a sighting.

Bot API, SuccessfulPayment and RefundedPayment: a currency ("XTR" for Stars), an amount in its smallest unit, our own
payload, and the identifier of the charge, which names the payment for ever and is what a refund asks for.
"""

from dataclasses import dataclass
from datetime import datetime

from gateways.stars_payload import read_payload
from sales.transfer import Payer, Sighting, Standing
from sales.visible import visible

SOURCE = "stars"
ACCOUNT = "telegram"
"""Where the money is: Telegram keeps a bot's Stars."""


@dataclass(frozen=True, slots=True)
class Charge:
    """One payment as its message tells of it; `payer` is the user's id, `at` the time of the message (UTC)."""

    id: str
    amount: int
    currency: str
    payload: str
    payer: str
    name: str
    at: datetime | None


def paid(charge: Charge) -> Sighting:
    """The Stars have arrived. A payload that is not ours gives the number 0: it is the shop's money, for no order."""
    ours = read_payload(charge.payload)
    return Sighting(
        source=SOURCE,
        ref=charge.id,
        amount=charge.amount,
        currency=charge.currency,
        account=ACCOUNT,
        memo=visible(charge.payload),
        booked_at=charge.at,
        payer=Payer(charge.name, charge.payer),
        number=ours.number if ours else 0,
    )


def given_back(charge: Charge) -> Sighting:
    """The Stars went back to the payer, by whomever it was."""
    ours = read_payload(charge.payload)
    return Sighting(
        source=SOURCE,
        ref=refund_ref(charge.id),
        amount=-charge.amount,
        currency=charge.currency,
        account=ACCOUNT,
        memo=visible(charge.payload),
        booked_at=charge.at,
        payer=Payer(charge.name, charge.payer),
        number=ours.number if ours else 0,
        standing=Standing.REVERSED,
        reverses=charge.id,
    )


def refund_ref(charge: str) -> str:
    """How the giving back of a charge is named, beside the charge itself."""
    return f"refund:{charge}"
