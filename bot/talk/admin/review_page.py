"""One review: its facts, and a button for everything that can be made of it."""

from bot.scene import Scene, button
from flows.messages import Choice, Rows
from flows.name_candidates import candidates
from flows.offer_orders import candidate_lines, order_buttons
from flows.review_case import Case, waiting_case
from flows.show_reviews import review_lines
from sales.refund import Refund, State
from sales.settlement import Meaning
from storage.reviews import Review

LIST = button("reviews-back", "reviews:0")


def money_page(scene: Scene, review: Review) -> None:
    """Money that waits, with the orders it may be for; of money that is held back there is only waiting to do."""
    case = waiting_case(scene.unit, scene.premises, review.id)
    (facts,) = review_lines(scene.unit, scene.premises, [review])
    if case.held:
        scene.turn_page(*facts, choices=((_discard(review),), (LIST,)))
        return
    likely = candidates(scene.unit, scene.premises, case.movement.sighting)
    others = [each for each in likely if each.code != case.movement.code]
    says = [*facts, *(candidate_lines(others) if others or case.movement.code is None else ())]
    scene.turn_page(*says, choices=(*_named(case), *order_buttons(review.id, others), *_acts(case)))


def refund_page(scene: Scene, review: Review, refund: Refund) -> None:
    """A refund that a buyer wishes, or that has come back."""
    (facts,) = review_lines(scene.unit, scene.premises, [review])
    wished = (
        button("refund-yes", f"refund-yes:{refund.id}", amount=refund.amount),
        button("refund-no", f"refund-no:{refund.id}"),
    )
    again = (button("review-refund-open", f"refund-open:{refund.id}"),)
    scene.turn_page(*facts, choices=(wished if refund.state is State.ASKED else again, (LIST,)))


def _named(case: Case) -> Rows:
    """The order it was said to be for; one that has no price in that currency cannot be paid by it."""
    if case.movement.code is None or case.movement.meaning is Meaning.WRONG_CURRENCY:
        return ()
    token = f"review-assign:{case.review.id}:{case.movement.code}"
    return ((button("review-assign-button", token, code=case.movement.code),),)


def _acts(case: Case) -> Rows:
    number, code = case.review.id, case.movement.code or ""
    typed = button("review-type-code", f"review-code:{number}")
    credit = button("review-credit-button", f"review-credit:{number}:{code}", code=code)
    back = button("review-refund-button", f"review-refund:{number}")
    foreign = button("review-foreign-button", f"review-foreign:{number}")
    return ((typed,), (credit, back), (foreign, _discard(case.review)), (LIST,))


def _discard(review: Review) -> Choice:
    return button("review-discard-button", f"review-discard:{review.id}")
