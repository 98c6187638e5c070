"""What needs a person, told with what is known of it: for admins alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flows.messages import Say, Value
from flows.premises import Premises
from sales.claim import Claim
from sales.ids import OrderId, RefundId
from sales.money import Money
from sales.refund import Refund
from sales.visible import visible
from storage import claims, movements, orders, refunds, reviews
from storage.movements import Movement
from storage.reviews import Review
from storage.unit import Unit

TAIL = 4
"""Characters of an account that are shown."""

LONGEST_MEMO = 200
"""Characters of a memo that are shown."""


def waiting_page(unit: Unit, premises: Premises, size: int, after: int = 0) -> tuple[list[Review], bool]:
    """So many that wait, the oldest first, behind the one of that id; and whether there are more."""
    found = reviews.waiting(unit, premises.shop.id, size + 1, after)
    return found[:size], len(found) > size


def review_lines(unit: Unit, premises: Premises, found: Sequence[Review]) -> list[list[Say]]:
    """What is told of each, in the order given."""
    shop = premises.shop.id
    moved = movements.of_transfers(unit, shop, [each.transfer for each in found if each.transfer is not None])
    named = orders.by_ids(unit, shop, [each.order for each in found if each.order is not None])
    codes = {order: known.code for order, known in named.items()}
    return [_lines(unit, premises, each, moved, codes) for each in found]


def _lines(
    unit: Unit, premises: Premises, review: Review, moved: Mapping[int, Movement], codes: Mapping[OrderId, str]
) -> list[Say]:
    shop, waits = premises.shop.id, unit.now - review.opened_at
    code = codes.get(review.order, "") if review.order is not None else ""
    if review.transfer is not None:
        return _money(moved[review.transfer], waits)
    if review.refund is not None:
        refund = refunds.by_id(unit, shop, RefundId(review.refund))
        return [] if refund is None else [_refund(refund, code, waits)]
    claim = claims.by_id(unit, shop, review.claim or 0)
    return [] if claim is None else [_claim(claim, code, waits)]


def _money(movement: Movement, waits: Value) -> list[Say]:
    """A movement, and of the order it is about how late it came."""
    sighting = movement.sighting
    payer = sighting.payer
    values: dict[str, Value] = {
        "amount": Money(sighting.amount, sighting.currency),
        "at": sighting.booked_at or movement.seen_at,
        "memo": visible(sighting.memo)[:LONGEST_MEMO] or "–",
        "payer": payer.name or "–",
        "tail": payer.account[-TAIL:],
        "source": sighting.source,
        "meaning": movement.meaning,
        "waits": waits,
    }
    return [Say("review-money", values), *_order(movement)]


def _order(movement: Movement) -> list[Say]:
    if movement.code is None or movement.watch_until is None:
        return []
    came = movement.sighting.booked_at or movement.seen_at
    return [Say("review-of-order", {"code": movement.code}), *_late(came, movement.watch_until)]


def _late(came: datetime, until: datetime) -> list[Say]:
    return [Say("review-late", {"late": came - until})] if came > until else []


def _refund(refund: Refund, code: str, waits: Value) -> Say:
    values: dict[str, Value] = {"amount": refund.amount, "state": refund.state, "refund": refund.code or "–"}
    reason = refund.error or refund.reason or "–"
    return Say("review-refund", values | {"code": code or "–", "reason": reason, "waits": waits})


def _claim(claim: Claim, code: str, waits: Value) -> Say:
    values: dict[str, Value] = {"amount": claim.amount, "at": claim.moved_at, "tail": claim.tail or "–"}
    return Say("review-claim", values | {"code": code or "–", "waits": waits})
