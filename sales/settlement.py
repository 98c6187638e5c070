"""What a transfer means: pure rules, no memory of their own.

`decide` is asked once per transfer, with the bills its memo names as they stand at that moment, earlier
transfers of the same batch included.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sales.ids import OrderId
from sales.money import Money
from sales.order import Bill, Payment
from sales.posting import Account, Posting, arrival, release
from sales.refund import GONE, Refund, State, coming_back
from sales.transfer import Sighting, Standing


class Meaning(StrEnum):
    """The verdicts a transfer can get."""

    EXACT = "exact"
    OVER = "over"
    SHORT = "short"
    SECOND = "second"
    LATE = "late"
    UNMATCHED = "unmatched"
    AMBIGUOUS = "ambiguous"
    WRONG_CURRENCY = "wrong_currency"
    FOREIGN_ACCOUNT = "foreign_account"
    OUT = "out"
    HELD = "held"
    REVERSED = "reversed"
    RETURNED = "returned"
    CREDITED = "credited"
    DISCARDED = "discarded"


class Outcome(StrEnum):
    """What became of a notice, for gateways that want to hear it."""

    NEW = "new"
    AGAIN = "again"
    UNKNOWN = "unknown"
    WRONG_AMOUNT = "wrong_amount"


PAYS = frozenset({Meaning.EXACT, Meaning.OVER})
UNCLEAR = frozenset({Meaning.UNMATCHED, Meaning.AMBIGUOUS})
"""Money of which nobody could say for which order it is; another source may know."""

BY_A_PERSON = frozenset({Meaning.CREDITED, Meaning.DISCARDED})
"""What no rule says, only an admin."""

PLAIN = frozenset({Meaning.EXACT, Meaning.SHORT, Meaning.FOREIGN_ACCOUNT, Meaning.OUT, Meaning.RETURNED})
NEEDS_A_PERSON = frozenset(Meaning) - PLAIN - BY_A_PERSON
"""Money that is not plain: the admins are told of it."""

HONOURED_FOR = timedelta(days=30)
"""How long after the watch late money may still find its order; after that a person looks at it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one transfer means, for which order, and how it is booked.

    Money that left, or that moved on an account that is not the shop's, never was in its books: no postings.
    `taken_back` undoes what an earlier decision has booked, for the order `taken_from` or for none; `was` is what that
    one meant. `refund` is the one whose money went out, or came back. `by` is the person who says so, in whose own
    words `reason` is; "" for a rule.
    """

    meaning: Meaning
    bill: Bill | None = None
    postings: tuple[Posting, ...] = ()
    taken_back: tuple[Posting, ...] = ()
    taken_from: OrderId | None = None
    refund: Refund | None = None
    was: Meaning | None = None
    by: str = ""
    reason: str = ""

    @property
    def order(self) -> OrderId | None:
        """The order it is about, when there is one."""
        if self.refund is not None:
            return self.refund.order
        return None if self.bill is None else self.bill.order

    def took_back(self, account: Account) -> bool:
        """Whether it takes out again what an earlier decision had put there."""
        return any(each.account is account and each.amount.minor > 0 for each in self.postings)

    @property
    def pays(self) -> bool:
        """Whether the order is paid by this transfer; late money pays where the order could be honoured."""
        honoured = self.meaning is Meaning.LATE and any(each.account is Account.REVENUE for each in self.postings)
        return self.meaning in PAYS or honoured

    @property
    def waits(self) -> bool:
        """Whether a person must say what becomes of it: nobody knows whose it is, or its gateway keeps it back."""
        kept = any(each.account is Account.UNPLACED and each.amount.minor < 0 for each in self.postings)
        return kept or self.meaning is Meaning.HELD


def doubt(bill: Bill | None, amount: Money) -> Decision:
    """Say of money that it may be for that order (None: a refund's that bounced) and may not: it does nothing yet."""
    return Decision(Meaning.AMBIGUOUS, bill, arrival(amount, unplaced=amount.minor))


def revise(decision: Decision, booked: Sequence[Posting], of: OrderId | None, was: Meaning) -> Decision:
    """Say the same of money that `was` decided otherwise: it is taken back from where it lies, for order `of`."""
    taken_back = tuple(each.undone for each in booked)
    return replace(decision, taken_back=taken_back, taken_from=of, was=was)


def kept(was: Sequence[Posting], currency: str) -> tuple[Posting, ...]:
    """Where money in that currency lies since all that lay on its order was made its buyer's credit."""
    parts = (Account.DEPOSIT, Account.REVENUE)
    moved = [each.account in parts and each.amount.currency == currency for each in was]
    return tuple(
        replace(each, account=Account.CREDIT) if there else each for each, there in zip(was, moved, strict=True)
    )


def undo(was: Sequence[Posting], of: Bill | None) -> Decision:
    """Say of money that its gateway has taken back what it once brought: all of it is booked out again.

    Once the order is paid a part is no deposit any more: what is taken back is taken from where it went. What no longer
    lies on an unpaid one is its buyer's debt.
    """
    lines = [line for each in was for line in (_lying(each, of) if of else (each,))]
    return Decision(Meaning.REVERSED, of, tuple(each.undone for each in lines))


def _lying(line: Posting, of: Bill) -> tuple[Posting, ...]:
    """Where a part lies by now."""
    if of.state is Payment.PAID:
        return (_sold(line, of.total.currency),)
    if line.account is not Account.DEPOSIT:
        return (line,)
    brought, currency = -line.amount.minor, line.amount.currency
    there = max(min(brought, of.deposited_in(currency).minor), 0)
    places = {Account.DEPOSIT: there, Account.CREDIT: brought - there}
    return tuple(Posting(account, Money(-minor, currency)) for account, minor in places.items() if minor)


def _sold(line: Posting, currency: str) -> Posting:
    """Where a part lies once its order is paid in that currency; parts in others have become credit."""
    if line.account is not Account.DEPOSIT:
        return line
    return replace(line, account=Account.REVENUE if line.amount.currency == currency else Account.CREDIT)


def decide(sighting: Sighting, ours: bool, bills: Sequence[Bill], now: datetime) -> Decision:
    """Say what a movement means that has arrived or is held.

    `ours`: whether the account belongs to the shop; `bills`: the orders whose codes the memo holds. Held money never
    was in the shop's books.
    """
    if sighting.amount < 0:
        return Decision(Meaning.OUT)
    if not ours:
        return Decision(Meaning.FOREIGN_ACCOUNT)
    amount = Money(sighting.amount, sighting.currency)
    bill, doubt = _the_one_meant(bills)
    if sighting.standing is Standing.HELD:
        return Decision(Meaning.HELD, bill)
    if bill is None:
        return Decision(doubt, None, arrival(amount, unplaced=amount.minor))
    return _against(bill, amount, now)


def decide_refund(sighting: Sighting, refund: Refund) -> Decision | None:
    """Say what a movement means whose memo holds a refund's code; None when it is another amount, or no news of it.

    What went out closes the refund, what comes back opens it again. What its gateway has told before is booked already.
    """
    amount = Money(abs(sighting.amount), sighting.currency)
    if sighting.standing is not Standing.ARRIVED or amount != refund.amount:
        return None
    if sighting.amount < 0:
        goes = refund.payable or refund.state is State.SENT or refund.unseen
        return Decision(Meaning.OUT, refund=refund) if goes else None
    if refund.state in GONE:
        return Decision(Meaning.RETURNED, postings=coming_back(amount), refund=refund)
    return Decision(Meaning.RETURNED, refund=refund) if refund.state is State.FAILED else None


def _the_one_meant(bills: Sequence[Bill]) -> tuple[Bill | None, Meaning]:
    """Find the only order named, or the only open one among several; otherwise say why there is none."""
    if not bills:
        return None, Meaning.UNMATCHED
    open_ones = [bill for bill in bills if bill.state is Payment.OPEN]
    candidates = open_ones if len(bills) > 1 else bills
    return (candidates[0], Meaning.EXACT) if len(candidates) == 1 else (None, Meaning.AMBIGUOUS)


def _against(bill: Bill, amount: Money, now: datetime) -> Decision:
    if not bill.takes(amount.currency):
        return Decision(Meaning.WRONG_CURRENCY, bill, arrival(amount, unplaced=amount.minor))
    if bill.state is Payment.PAID:
        return Decision(Meaning.SECOND, bill, arrival(amount, credit=amount.minor))
    if now > bill.watch_until:
        return _late(bill, amount, now)
    if not bill.paid_by(amount):
        return Decision(Meaning.SHORT, bill, arrival(amount, deposit=amount.minor))
    return _paid(bill, amount)


def _late(bill: Bill, amount: Money, now: datetime) -> Decision:
    """Honour it while what was ordered can still be had for it; else it is the buyer's credit, who may want it back.

    Long after the watch nobody remembers: then a person looks at it first.
    """
    if now > bill.watch_until + HONOURED_FOR:
        return Decision(Meaning.LATE, bill, arrival(amount, unplaced=amount.minor))
    if amount.currency in bill.stands and bill.paid_by(amount):
        return replace(_paid(bill, amount), meaning=Meaning.LATE)
    return Decision(Meaning.LATE, bill, arrival(amount, credit=amount.minor))


def _paid(bill: Bill, amount: Money) -> Decision:
    """Parts add up: the deposits become revenue together with this transfer; the rest is the buyer's credit.

    So are parts in other currencies: nothing is owed any more that they could pay.
    """
    price, deposited = bill.price_in(amount.currency), bill.deposited_in(amount.currency)
    surplus = max(amount.minor - bill.missing_in(amount.currency).minor, 0)
    # Within the shop's tolerance it has earned a little less than the price.
    earned = min(price.minor, deposited.minor + amount.minor)
    postings = arrival(amount, revenue=earned, deposit=-deposited.minor, credit=surplus)
    others = [
        Money(minor, currency) for currency, minor in bill.deposits.items() if currency != amount.currency and minor
    ]
    freed = tuple(posting for part in others for posting in release(part))
    return Decision(Meaning.OVER if surplus else Meaning.EXACT, bill, postings + freed)
