"""Money that waits for a person, as a refund takes it that was begun from its review."""

from collections.abc import Mapping

from sales.ids import ShopId
from sales.posting import Account
from sales.refund import Refund
from storage import movements, reviews
from storage.reviews import Kind
from storage.unit import Unit


def waiting_money(unit: Unit, shop: ShopId, refund: Refund) -> Mapping[Account, int]:
    """Where a refund's amount lies when it is exactly what waits of the transfer that it names; else nothing.

    What else lies on the order is then left alone: a part of it may have been paid by somebody else.
    """
    waits = refund.transfer is not None and any(
        each.closed_at is None for each in reviews.all_about(unit, shop, Kind.MONEY, [refund.transfer])
    )
    if not waits or refund.transfer is None:
        return {}
    movement = movements.of_transfers(unit, shop, [refund.transfer])[refund.transfer]
    left = movements.unplaced(unit, shop, movement)
    same = (movement.order, movement.sighting.currency) == (refund.order, refund.amount.currency)
    return {Account.UNPLACED: left} if same and left == refund.amount.minor else {}
