"""An admin puts all small money that waits aside at once, for one reason."""

from flows.premises import Premises
from flows.review_money import discard
from flows.small_money import FLOOR
from sales.errors import Tell
from sales.people import Peer
from storage import small_reviews
from storage.small_reviews import Small
from storage.unit import Unit


def small_waiting(unit: Unit, premises: Premises) -> list[Small]:
    """What would be put aside now, oldest first; raises Tell for nothing."""
    found = small_reviews.waiting(unit, premises.shop.id, FLOOR)
    if not found:
        raise Tell("reviews-small-none")
    return found


def discard_small(unit: Unit, premises: Premises, admin: Peer, last: int, reason: str) -> int:
    """Put aside what the admin was shown, up to the review `last`; answers how many there still were.

    What somebody has decided meanwhile, or is giving back, stays as it is. Raises Tell without a reason.
    """
    if not reason:
        raise Tell("review-reason-missing")
    found = small_reviews.waiting(unit, premises.shop.id, FLOOR, last)
    return sum(_discarded(unit, premises, admin, each, reason) for each in found)


def _discarded(unit: Unit, premises: Premises, admin: Peer, small: Small, reason: str) -> bool:
    try:
        discard(unit, premises, admin, small.review, reason)
    except Tell:  # which it raises before it writes anything
        return False
    return True
