"""Persons decide: of money that waits for them, and of parts that were left on orders which are over."""

from collections.abc import Callable, Mapping

from hypothesis import strategies as st
from hypothesis.stateful import rule

from flows.credit import keep_parts
from flows.refund_transfer import ask_refund_of_transfer, confirm_refund_of_transfer
from flows.review_money import Verdict, assign, credit, discard, not_ours
from sales.settlement import Meaning
from storage import orders, reviews
from storage.reviews import Kind, Review
from storage.unit import Unit
from tests.model.buying import places
from tests.model.giving_back import GivingBack
from tests.model.play import some

hows = st.sampled_from(["assign", "assign", "credit", "not ours", "discard"])


class Deciding(GivingBack):
    """The review queue, pressed once or by two admins at once."""

    @rule(place=places, how=hows, order=places, twice=st.booleans())
    def decide(self, place: int, how: str, order: int, twice: bool) -> None:
        waiting = self._waiting(Kind.MONEY)
        if not waiting or not self.orders:
            return
        review, code = some(waiting, place), self.order(order).code
        for _ in range(1 + twice):
            verdict = self.attempt(lambda unit: self._decide(unit, how, review.id, code))
            if verdict is not None and verdict.meaning is Meaning.FOREIGN_ACCOUNT:
                self.truth.came[verdict.amount.currency] -= verdict.amount.minor

    @rule(place=places, at_once=st.booleans())
    def give_back_unplaced(self, place: int, at_once: bool) -> None:
        """Money of no order goes back to whoever sent it."""
        waiting, admin, premises = self._waiting(Kind.MONEY), self.desk.admin, self.shop.premises
        transfer = some(waiting, place).transfer if waiting else None
        if transfer is None:
            return
        asked = self.attempt(lambda unit: ask_refund_of_transfer(unit, premises, admin, transfer, "x"))
        if asked is not None:
            self.refunds.append(asked.refund)
        if asked is not None and at_once:
            self.attempt(lambda unit: confirm_refund_of_transfer(unit, premises, admin, asked.refund.id))

    @rule(place=places)
    def approve_of_no_order(self, place: int) -> None:
        asked = [each for each in self.refunds if each.order is None]
        if asked:
            found, admin, premises = some(asked, place), self.desk.admin, self.shop.premises
            self.attempt(lambda unit: confirm_refund_of_transfer(unit, premises, admin, found.id))

    @rule(place=places, currency=st.sampled_from(["VND", "USD"]))
    def keep_part(self, place: int, currency: str) -> None:
        """The buyer of an order that is over keeps its part for the next one."""
        if self.orders:
            named = self.order(place).id
            self.attempt(
                lambda unit: keep_parts(
                    unit, self.shop.premises, orders.by_id(unit, self._shop, named), currency, "buyer"
                )
            )

    def _decide(self, unit: Unit, how: str, review: int, code: str) -> Verdict:
        premises, admin = self.shop.premises, self.desk.admin
        acts: Mapping[str, Callable[[], Verdict]] = {
            "assign": lambda: assign(unit, premises, admin, review, code),
            "credit": lambda: credit(unit, premises, admin, review, code),
            "not ours": lambda: not_ours(unit, premises, admin, review),
            "discard": lambda: discard(unit, premises, admin, review, "x"),
        }
        return acts[how]()

    def _waiting(self, kind: Kind) -> list[Review]:
        found = self.read(lambda unit: reviews.waiting(unit, self._shop, 50))
        return [each for each in found if each.kind is kind]
