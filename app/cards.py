"""What stands on a QR card: an attempt's, or that of money which goes back; importing it loads the drawing itself."""

from bot.card import Card, Labels, draw
from flows.channel import Address
from locales import Texts, plain
from sales.banks import bank_by_bin
from sales.purchase import Attempt
from sales.refund import Refund

BAKONG = "Bakong"
"""What carries the money of a KHQR, the only code without a Vietnamese bank's number."""


def draw_card(texts: Texts, wanted: Attempt | Refund, address: Address) -> bytes:
    """A card as PNG, in the language and the zone of who gets it."""
    return draw(_refund_card(texts, wanted, address) if isinstance(wanted, Refund) else _card(texts, wanted, address))


def _card(texts: Texts, attempt: Attempt, address: Address) -> Card:
    bank = bank_by_bin(attempt.bin)
    values = {"amount": attempt.amount, "deadline": attempt.expires_at}

    def say(message: str) -> str:
        return plain(texts.say(address.language, message, values, address.zone))

    return Card(
        bank=(bank.short_name if bank else attempt.bin) or BAKONG,
        account=attempt.account,
        holder=attempt.holder,
        amount=say("just-amount"),
        memo=attempt.memo,
        qr=attempt.qr,
        labels=Labels.in_language(texts, address.language, scheme="" if attempt.bin else "khqr"),
        deadline=say("card-deadline"),
    )


def _refund_card(texts: Texts, refund: Refund, address: Address) -> Card:
    return Card(
        bank=refund.payee.bank,
        account=refund.payee.account,
        holder=refund.payee.holder,
        amount=plain(texts.say(address.language, "just-amount", {"amount": refund.amount}, address.zone)),
        memo=refund.memo,
        qr=refund.qr,
        labels=Labels.in_language(texts, address.language, "refund-card-title"),
    )
