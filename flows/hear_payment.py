"""The chat's own word on money: it was paid there, or went back to the payer."""

import json

from flows.notice import Notice, pack_sighting
from flows.premises import Premises
from flows.settle_payments import settle_payments
from sales.ids import OrderId
from sales.transfer import Sighting, Standing
from storage import charges, work
from storage.unit import Unit
from storage.work import Event


def hear_payment(unit: Unit, premises: Premises, told: Sighting) -> None:
    """Settle what was paid, once whatever is told again; money that goes back by a refund of ours is only noted."""
    ours = _refunded(unit, premises, told) if told.standing is Standing.REVERSED else None
    if ours is not None:
        detail = {"source": told.source, "ref": told.reverses, "amount": told.amount, "currency": told.currency}
        work.log(unit, premises.shop.id, [Event("refund.stars_heard", ours, told.source, detail)])
        return
    body = json.dumps(pack_sighting(told), ensure_ascii=False, sort_keys=True)
    settle_payments(unit, premises, [Notice(told.source, body, (told,))])


def _refunded(unit: Unit, premises: Premises, told: Sighting) -> OrderId | None:
    """The order of ours whose refund gives that very payment back: its own postings say so already."""
    charge = charges.named(unit, premises.shop.id, told.source, told.reverses)
    return charge.returning if charge is not None else None
