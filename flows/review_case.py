"""One case of the review queue: money that waits, and whether a person may still decide of it."""

from dataclasses import dataclass, replace

from flows.name_actor import name_actor
from flows.premises import Premises
from sales.errors import Tell
from sales.ids import ShopId
from sales.money import Money
from sales.posting import Account, Posting, arrival
from sales.settlement import Meaning
from sales.transfer import Sighting
from storage import movements, orders, pairing, reviews
from storage.movements import Movement
from storage.reviews import RULE, Kind, Review
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Case:
    """A review with the money it is about, and how that stands in the ledger.

    Refunds have `taken` so many minor units of it.
    """

    review: Review
    movement: Movement
    booked: tuple[Posting, ...]
    taken: int = 0

    @property
    def amount(self) -> Money:
        """What of it is to be decided."""
        return Money(self.movement.sighting.amount - self.taken, self.movement.sighting.currency)

    @property
    def sighting(self) -> Sighting:
        """What was said of it, as if no more than that had come."""
        return replace(self.movement.sighting, amount=self.amount.minor)

    @property
    def going_back(self) -> tuple[Posting, ...]:
        """How what refunds have taken stays booked: as come, and unplaced until they took it."""
        whole = Money(self.taken, self.amount.currency)
        return arrival(whole, unplaced=whole.minor) if self.taken else ()

    @property
    def held(self) -> bool:
        """Whether its gateway keeps the money back."""
        return self.movement.meaning is Meaning.HELD


def waiting_case(unit: Unit, premises: Premises, review: int) -> Case:
    """The case of a money review that nobody has decided yet.

    Raises Tell when there is none, when somebody was first (it names them), and once all of it is being given back.
    """
    shop = premises.shop.id
    found = waiting_review(unit, premises, review)
    if found.kind is not Kind.MONEY or found.transfer is None:
        raise Tell("review-gone")
    movement = movements.of_transfers(unit, shop, [found.transfer])[found.transfer]
    booked = pairing.booked(unit, shop, found.transfer)
    came = sum(-each.amount.minor for each in booked if each.account is Account.UNPLACED)
    left = movements.unplaced(unit, shop, movement)
    if came > 0 >= left:
        raise Tell("review-being-refunded")
    return Case(found, movement, booked, came - left if came > 0 else 0)


def money_that_came(unit: Unit, premises: Premises, review: int) -> Case:
    """The same, of money that the shop has; raises Tell also for what its gateway holds back."""
    case = waiting_case(unit, premises, review)
    if case.held:
        raise Tell("review-held")
    return case


def waiting_review(unit: Unit, premises: Premises, review: int) -> Review:
    """A review that waits; raises Tell for one that is over, or never was."""
    found = reviews.by_id(unit, premises.shop.id, review)
    if found is None:
        raise Tell("review-gone")
    if found.closed_at is not None:
        raise already(unit, premises, found)
    return found


def close_review(unit: Unit, premises: Premises, review: Review, who: str, outcome: str, reason: str = "") -> None:
    """Close it as decided; raises Tell, before anything is written, when somebody was first."""
    shop = premises.shop.id
    if not reviews.close(unit, shop, review.id, who, outcome, reason):
        closed = reviews.by_id(unit, shop, review.id)
        raise already(unit, premises, closed or review)


def already(unit: Unit, premises: Premises, review: Review) -> Tell:
    """What the second of two admins is told: who decided, and what."""
    if review.closed_by == RULE:
        return Tell("review-over", outcome=review.outcome)
    code = _code(unit, premises.shop.id, review)
    who = name_actor(unit, premises, review.closed_by)
    return Tell("review-decided", who=who, outcome=review.outcome, code=code, at=review.closed_at)


def _code(unit: Unit, shop: ShopId, review: Review) -> str:
    """The order that its money is for by now, or that it is about."""
    if review.transfer is not None:
        return movements.of_transfers(unit, shop, [review.transfer])[review.transfer].code or ""
    return orders.by_id(unit, shop, review.order).code if review.order is not None else ""
