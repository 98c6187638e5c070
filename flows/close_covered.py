"""Money that waits for a person waits no more once all of it is given back."""

from flows.keep_reviews import change_of
from sales.ids import ShopId
from sales.refund import Refund
from sales.settlement import Meaning
from storage import movements, reviews, work
from storage.reviews import Kind, Review
from storage.unit import Unit
from storage.work import Event

REFUNDED = "refunded"
"""How such a review ends."""


def close_covered(unit: Unit, shop: ShopId, refund: Refund, who: str) -> None:
    """Close the reviews of money of which a refund that is owed now has left nothing."""
    waiting = {each.transfer: each for each in _about(unit, shop, refund) if each.closed_at is None}
    moved = movements.of_transfers(unit, shop, [each for each in waiting if each is not None])
    for transfer, movement in moved.items():
        if movement.meaning is not Meaning.HELD and movements.unplaced(unit, shop, movement) <= 0:
            review = waiting[transfer]
            reviews.close(unit, shop, review.id, who, REFUNDED, refund.reason)
            detail = change_of(review.id, REFUNDED, refund.reason) | {"refund": refund.id}
            work.log(unit, shop, [Event("review.closed", review.order, who, detail)])


def _about(unit: Unit, shop: ShopId, refund: Refund) -> list[Review]:
    """Those of its order, or of the money it is of where nobody knows an order."""
    if refund.order is not None:
        return reviews.of_order(unit, shop, refund.order)
    return reviews.all_about(unit, shop, Kind.MONEY, [refund.transfer or 0])
