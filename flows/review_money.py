"""What a person decides of money that waits: for which order it is, whose credit, not the shop's, or put aside.

Each is one Unit: the review closed by whoever is first, a new decision beside the old ones, what was booked before
taken back, and all that follows from it done as if a rule had decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flows.admins import actor
from flows.follow_up import follow_up
from flows.keep_money import keep_decisions
from flows.keep_reviews import change_of
from flows.premises import Premises
from flows.review_case import Case, close_review, money_that_came, waiting_case
from sales.codes import is_code
from sales.errors import Tell
from sales.ids import OrderId
from sales.money import Money
from sales.order import Bill
from sales.people import Peer
from sales.posting import arrival
from sales.settlement import Decision, Meaning, decide, revise
from storage import money, work
from storage.unit import Unit
from storage.work import Event

ASSIGNED = "assigned"
CREDITED = "credited"
NOT_OURS = "not_ours"
DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was made of how much money, for the order of that code ("" for none)."""

    meaning: Meaning
    amount: Money
    code: str = ""


def assign(unit: Unit, premises: Premises, admin: Peer, review: int, code: str) -> Verdict:
    """Say that the money is for that order: by the admin's word it counts however late it is.

    Raises Tell as `money_that_came` does; for a code without an order, for a currency that it has no price in, and for
    too little for an order that nobody would ask for the rest of.
    """
    case, bill = money_that_came(unit, premises, review), _bill(unit, premises, code)
    if not bill.takes(case.amount.currency):
        raise Tell("review-wrong-currency", code=bill.code, amount=case.amount)
    in_time = replace(bill, watch_until=max(bill.watch_until, unit.now))
    decision = decide(case.sighting, True, [in_time], unit.now)
    if decision.meaning is Meaning.SHORT and unit.now > bill.watch_until:
        raise Tell("review-too-little", code=bill.code, missing=bill.missing_in(case.amount.currency))
    _carry_out(unit, premises, admin, case, decision, ASSIGNED)
    return Verdict(decision.meaning, case.amount, bill.code)


def credit(unit: Unit, premises: Premises, admin: Peer, review: int, code: str) -> Verdict:
    """Say that the money is the credit of that order's buyer; raises Tell as `assign` does for no order."""
    case, bill = money_that_came(unit, premises, review), _bill(unit, premises, code)
    booked = arrival(case.amount, credit=case.amount.minor)
    _carry_out(unit, premises, admin, case, Decision(Meaning.CREDITED, bill, booked), CREDITED)
    return Verdict(Meaning.CREDITED, case.amount, bill.code)


def not_ours(unit: Unit, premises: Premises, admin: Peer, review: int) -> Verdict:
    """Say that the money never was the shop's, so that it leaves the books.

    Raises Tell as `money_that_came`, and once some of it is being given back: it must have come for that.
    """
    case = money_that_came(unit, premises, review)
    if case.taken:
        raise Tell("review-being-refunded")
    _carry_out(unit, premises, admin, case, Decision(Meaning.FOREIGN_ACCOUNT), NOT_OURS)
    return Verdict(Meaning.FOREIGN_ACCOUNT, case.amount)


def discard(unit: Unit, premises: Premises, admin: Peer, review: int, reason: str) -> Verdict:
    """Put the money aside for a reason that is kept; of held money there is nothing to book.

    Raises Tell without a reason, and as `waiting_case` does.
    """
    if not reason:
        raise Tell("review-reason-missing")
    case = waiting_case(unit, premises, review)
    booked = () if case.held else arrival(case.amount, discarded=case.amount.minor)
    _carry_out(unit, premises, admin, case, Decision(Meaning.DISCARDED, postings=booked, reason=reason), DISCARDED)
    return Verdict(Meaning.DISCARDED, case.amount)


def _carry_out(unit: Unit, premises: Premises, admin: Peer, case: Case, decision: Decision, outcome: str) -> None:
    """Close, book, and follow up; the log names every order that the money was, or is, about."""
    shop, who, movement = premises.shop.id, actor(admin.channel, admin.external), case.movement
    close_review(unit, premises, case.review, who, outcome, decision.reason)
    by_hand = replace(decision, by=who, postings=decision.postings + case.going_back)
    revised = revise(by_hand, case.booked, movement.order, movement.meaning)
    keep_decisions(unit, shop, [(movement.transfer, revised)], money.draw(unit, 1).decisions)
    about = sorted({each for each in (movement.order, decision.order) if each is not None})
    detail = change_of(case.review.id, outcome, decision.reason) | {"transfer": movement.transfer}
    work.log(unit, shop, _told(about, who, detail))
    follow_up(unit, premises, [(case.sighting, revised)])


def _told(about: Sequence[OrderId], who: str, detail: Mapping[str, object]) -> list[Event]:
    """The end of the review, in the story of each of these orders; of none it is logged all the same."""
    named: list[OrderId | None] = [*about] or [None]
    return [Event("review.closed", each, who, detail) for each in named]


def _bill(unit: Unit, premises: Premises, typed: str) -> Bill:
    """The order of that code, in letters of any size."""
    shop, code = premises.shop, typed.strip().upper()
    bill = money.bills(unit, shop.id, [code]).get(code) if is_code(code, shop.code_prefix) else None
    if bill is None:
        raise Tell("review-order-unknown", code=code)
    return bill
