"""Money goes: refunds that are asked, approved, sent, seen by the bank and bounced, and payments taken back."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from flows.name_payee import confirm_as_admin
from flows.refund_order import ask_refund, confirm_refund, drop_refund
from flows.send_refund import close_refund
from flows.wish_refund import wish_refund
from sales.ids import OrderId, ShopId
from sales.order import Payment
from sales.refund import GONE, Refund
from sales.transfer import Sighting, Standing
from storage import orders, refunds
from storage.unit import Unit
from tests.flows.desk import PAYEE
from tests.model.buying import places
from tests.model.hall import Hall
from tests.model.play import Play, some

amounts = st.sampled_from([None, None, 1, 5_000, 40_000, 79_000, 320])
careless = st.sampled_from(["", "", "casso", "sepay"])


class GivingBack(Play):
    """What an admin or a buyer begins, the bank ends."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.refunds: list[Refund] = []
        self.voided: set[str] = set()

    @precondition(lambda self: self.orders)
    @rule(place=places, minor=amounts, currency=st.sampled_from([None, "VND", "USD"]), far=st.integers(0, 5))
    def ask(self, place: int, minor: int | None, currency: str | None, far: int) -> None:
        """Some go on at once: a refund that has bounced is seldom reached step by step."""
        order, admin = self.order(place), self.desk.admin
        asked = self.attempt(lambda unit: ask_refund(unit, self.shop.premises, admin, order.code, minor, "x", currency))
        if asked is None:
            return
        self.refunds.append(asked.refund)
        for step in (self.approve, self.name_account, self.send, self.bounce)[:far]:
            step(place=0)

    @precondition(lambda self: self.orders)
    @rule(place=places, minor=st.sampled_from([1, 5_000, 39_500]), currency=st.sampled_from(["VND", "VND", "USD"]))
    def wish(self, place: int, minor: int, currency: str) -> None:
        order = self.order(place)
        buyer = next(each for each in self.peers if each.id == order.peer)
        found = self.attempt(
            lambda unit: wish_refund(
                unit, self.shop.premises, buyer, orders.by_id(unit, self._shop, order.id), minor, currency
            )
        )
        if found is not None:
            self.refunds.append(found)

    @precondition(lambda self: self.refunds)
    @rule(place=places)
    def approve(self, place: int) -> None:
        found, admin = some(self.refunds[::-1], place), self.desk.admin
        if found.order is None:
            return
        approved = self.attempt(lambda unit: confirm_refund(unit, self.shop.premises, admin, found.id))
        if approved is not None and approved.whole and approved.order.payment is Payment.PAID:
            self.truth.stripped.add(approved.order.id)

    @precondition(lambda self: self.refunds)
    @rule(place=places)
    def drop(self, place: int) -> None:
        found = some(self.refunds, place)
        self.attempt(lambda unit: drop_refund(unit, self.shop.premises, self.desk.admin, found))

    @precondition(lambda self: self.refunds)
    @rule(place=places)
    def name_account(self, place: int) -> None:
        premises, admin = self.shop.premises, self.desk.admin
        self._owed(place, lambda unit, refund: confirm_as_admin(unit, premises, admin, refund, PAYEE))

    @precondition(lambda self: self.refunds)
    @rule(place=places)
    def send(self, place: int) -> None:
        premises, admin = self.shop.premises, self.desk.admin
        self._owed(place, lambda unit, refund: close_refund(unit, premises, admin, refund))

    @precondition(lambda self: self.refunds)
    @rule(place=places, less=st.sampled_from([0, 0, 0, 1]), careless=careless, second=st.booleans())
    def bank_sees_it_go(self, place: int, less: int, careless: str, second: bool) -> None:
        """Whatever the shop thinks of that refund: what left never was received."""
        found = self._now(some(self.refunds[::-1], place))
        if found.amount.minor > less:
            told = self._told(found, less - found.amount.minor, careless, second)
            self.truth.moved(*told, received=False)

    @precondition(lambda self: self.refunds)
    @rule(place=places, careless=careless, second=st.booleans())
    def bounce(self, place: int, careless: str = "", second: bool = False) -> None:
        """Money with a refund's code comes in: of one that had gone it is no new money."""
        found = self._now(some(self.refunds[::-1], place))
        told = self._told(found, found.amount.minor, careless, second)
        known = any(found.memo in each.memo for each in told)
        self.truth.moved(*told, received=found.state not in GONE or not known)

    def _told(self, refund: Refund, minor: int, careless: str, second: bool) -> list[Sighting]:
        """By Casso, and by SePay as a second; who is careless leaves the code out."""
        first = self.bank(refund.memo, minor, currency=refund.amount.currency)
        told = [first, replace(first, source="sepay", ref=f"sepay-{first.ref}")][: 1 + second]
        told = [replace(each, memo="hoan tien") if each.source == careless else each for each in told]
        for each in told:
            self.settle(each)
        return told

    @precondition(lambda self: any(each.source == "vnpay" for each in self.truth.told))
    @rule(place=places, again=st.booleans())
    def take_back(self, place: int, again: bool) -> None:
        """VNPay voids a payment, and says so once or twice; held ones never were received."""
        paid = some([each for each in self.truth.told if each.source == "vnpay" and each.amount > 0], place)
        void = {"amount": -paid.amount, "ref": f"void-{paid.ref}", "reverses": paid.ref, "standing": Standing.REVERSED}
        told, before = replace(paid, **void), self._goods_of(paid)
        for _ in range(1 + again):
            self.settle(told)
        if paid.ref in self.voided:
            return
        self.voided.add(paid.ref)
        self.truth.moved(told, received=paid.standing is Standing.ARRIVED)
        self.truth.robbed |= before
        self.truth.robbed_buyers |= {order.buyer for order in self.orders if order.id in before}

    def _goods_of(self, paid: Sighting) -> set[OrderId]:
        found = self.read(lambda unit: orders.attempt_numbered(unit, self._shop, paid.number or 0))
        assert found is not None
        return {found[1].id}

    def _owed(self, place: int, act: Callable[[Unit, Refund], object]) -> None:
        """What an admin may press only on the page of a refund that is owed."""
        found = some(self.refunds[::-1], place)

        def look_and_act(unit: Unit) -> None:
            refund = refunds.by_id(unit, self._shop, found.id)
            if refund is not None and refund.owed:
                act(unit, refund)

        self.attempt(look_and_act)

    def _now(self, refund: Refund) -> Refund:
        found = self.read(lambda unit: refunds.by_id(unit, self._shop, refund.id))
        assert found is not None
        return found

    @property
    def _shop(self) -> ShopId:
        return self.shop.premises.shop.id
