"""By which gateways an owed refund can go, besides a person's own transfer, and the payment that it gives back."""

from flows.messages import Choice, Rows, Say
from flows.premises import Premises
from gateways.giving import Giving, Origin
from gateways.vnpay_notice import SOURCE as VNPAY
from sales.ids import RefundId, ShopId
from sales.refund import Means, Refund
from storage import charges, orders, refunds
from storage.charges import Charge
from storage.unit import Unit

SOURCES = {Means.VNPAY: VNPAY}
"""Means that give a payment back to where it came from, and the gateway that it must have come by."""


def ways_out(unit: Unit, premises: Premises, refund: Refund) -> tuple[Means, ...]:
    """What may be chosen for it now; nothing for one that is under way, or is not owed."""
    if not refund.owed or refund.under_way or refund.amount.currency != "VND":
        return ()
    pays_out = any(plug.gateway.payout is not None for plug in premises.plugs)
    to_account = (Means.PAYOUT,) if pays_out and refund.payable and refund.payee.bin else ()
    return (*to_account, *(means for means in SOURCES if charge_for(unit, premises, refund, means) is not None))


def charge_for(unit: Unit, premises: Premises, refund: Refund, means: Means) -> Charge | None:
    """The newest payment that this refund can be given back of by its gateway.

    Each is given back that way once at most, in part or whole, and never tried twice: what a gateway says of a payment
    does not tell one refund of it from another.
    """
    plug = premises.plug(SOURCES[means])
    if plug is None or plug.gateway.refund is None or refund.order is None:
        return None
    came = charges.of_order(unit, premises.shop.id, refund.order, SOURCES[means])
    fitting = [each for each in came if each.returning is None and _covers(each, refund)]
    return fitting[-1] if fitting else None


def giving_of(unit: Unit, shop: ShopId, refund: Refund) -> Giving:
    """What its gateway is asked, the same however often."""
    return Giving(refund.request_key, refund.amount, refund.memo, refund.payee, _origin(unit, shop, refund))


def way_rows(unit: Unit, premises: Premises, refund: RefundId) -> Rows:
    """A button for each of those ways, under whatever an admin is shown of the refund."""
    found = refunds.by_id(unit, premises.shop.id, refund)
    if found is None:
        return ()
    return tuple((_button(found, means),) for means in ways_out(unit, premises, found))


def _button(refund: Refund, means: Means) -> Choice:
    return Choice(Say(f"refund-by-{means.value}-button"), token=f"refund-by:{means.value}:{refund.mark}")


def _covers(charge: Charge, refund: Refund) -> bool:
    return charge.amount.currency == refund.amount.currency and charge.amount.minor >= refund.amount.minor


def _origin(unit: Unit, shop: ShopId, refund: Refund) -> Origin | None:
    source = SOURCES.get(refund.means)
    charge = charges.of_refund(unit, shop, refund.id, source) if source else None
    if charge is None:
        return None
    number, _, transaction = charge.ref.partition(":")
    named = orders.attempt_numbered(unit, shop, int(number))
    made_at = named[0].made_at if named else None
    assert made_at is not None, "a gateway is paid by an attempt of ours"
    return Origin(int(number), made_at, transaction, charge.amount)
