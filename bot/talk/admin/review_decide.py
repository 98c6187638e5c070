"""What an admin makes of money that waits, by buttons and by typed words."""

from collections.abc import Callable

from bot.scene import Scene, button
from bot.talk import browse
from bot.talk.admin import refund_transfer, refunds
from bot.talk.admin.review_list import is_number
from bot.talk.admin.review_page import LIST
from flows.messages import Say, Value
from flows.premises import Premises
from flows.refund_order import ask_refund_of_money
from flows.review_case import money_that_came, waiting_review
from flows.review_money import Verdict, assign, credit, discard, not_ours
from sales.errors import Tell
from sales.people import Peer
from sales.visible import visible
from storage.unit import Unit

ASSIGN = "review-code"
CREDIT = "review-credit"
REASON = "review-reason"
"""What the next typed words mean."""

LONGEST = 300
"""Characters of a reason that are kept."""

By = Callable[[Unit, Premises, Peer, int, str], Verdict]


def assign_pressed(scene: Scene, rest: str) -> None:
    """The money is for the order that the button names."""
    number, _, code = rest.partition(":")
    _decide(scene, number, assign, code)


def credit_pressed(scene: Scene, rest: str) -> None:
    """The money is the credit of that order's buyer; where no order is known, its code is asked for."""
    number, _, code = rest.partition(":")
    if code:
        _decide(scene, number, credit, code)
    else:
        _ask(scene, number, CREDIT, "review-which-credit")


def foreign_pressed(scene: Scene, number: str) -> None:
    """The money is not the shop's: ask once more, since nothing in the books names it any longer then."""
    if not is_number(number):
        browse.dead_button(scene, number)
        return
    case = money_that_came(scene.unit, scene.premises, int(number))
    yes = button("review-foreign-yes", f"review-foreign-yes:{number}", amount=case.amount)
    no = button("back", f"review:{number}")
    scene.turn_page(Say("review-foreign-sure", {"amount": case.amount}), choices=((yes,), (no,)))


def foreign_confirmed(scene: Scene, number: str) -> None:
    """The money leaves the books."""
    _decide(scene, number, lambda unit, premises, admin, review, _: not_ours(unit, premises, admin, review), "")


def refund_pressed(scene: Scene, number: str) -> None:
    """The money is to go back; it waits here until that is confirmed."""
    if not is_number(number):
        browse.dead_button(scene, number)
        return
    case = money_that_came(scene.unit, scene.premises, int(number))
    code, amount = case.movement.code, case.amount
    if code is None:
        refund_transfer.ask(scene, case.movement.transfer)
        return
    transfer = case.movement.transfer
    asked = ask_refund_of_money(scene.unit, scene.premises, scene.peer, code, amount, transfer)
    refunds.ask_once(scene, asked)


def ask_code(scene: Scene, number: str) -> None:
    """The admin wants to type an order's code."""
    _ask(scene, number, ASSIGN, "review-which-code")


def ask_reason(scene: Scene, number: str) -> None:
    """The money is to be put aside: ask why."""
    _ask(scene, number, REASON, "review-why")


def code_typed(scene: Scene) -> None:
    """The code that the money is for."""
    _typed(scene, ASSIGN, "review-which-code", assign)


def credit_typed(scene: Scene) -> None:
    """The code of an order whose buyer it belongs to."""
    _typed(scene, CREDIT, "review-which-credit", credit)


def reason_typed(scene: Scene) -> None:
    """Why it is put aside."""
    _typed(scene, REASON, "review-why", discard)


def _ask(scene: Scene, number: str, step: str, question: str) -> None:
    """Ask for words about a review that still waits."""
    if not is_number(number):
        browse.dead_button(scene, number)
        return
    review = waiting_review(scene.unit, scene.premises, int(number))
    scene.expect(step, review=review.id)
    scene.say(Say(question), choices=((button("back", f"review:{review.id}"),),))


def _typed(scene: Scene, step: str, question: str, by: By) -> None:
    """Decide by typed words; while they do not do, and the review waits, they are asked for again."""
    number = int((scene.talk.data or {}).get("review", 0))
    try:
        _decide(scene, str(number), by, visible(scene.incoming.text).strip()[:LONGEST])
    except Tell as told:
        waiting_review(scene.unit, scene.premises, number)
        scene.expect(step, review=number)
        again = ((button("back", f"review:{number}"),),)
        scene.say(Say(told.message, told.values), Say(question), choices=again)  # type: ignore[arg-type]


def _decide(scene: Scene, number: str, by: By, word: str) -> None:
    if not is_number(number):
        browse.dead_button(scene, number)
        return
    verdict = by(scene.unit, scene.premises, scene.peer, int(number), word)
    values: dict[str, Value] = {"meaning": verdict.meaning, "amount": verdict.amount, "code": verdict.code}
    scene.turn_page(Say("review-verdict", values), choices=((LIST,),))
