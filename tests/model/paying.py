"""Money comes: plainly, in parts, too much, too late, twice, without a code, told of by several, told of again."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from flows.settle_payments import settle_payments
from sales.purchase import Order
from sales.transfer import Sighting, Standing
from storage.unit import Unit
from tests.flows.many_prices import attempts, told_by
from tests.flows.shop import notices
from tests.model.buying import places
from tests.model.play import Play, amount_of

kinds = st.sampled_from(["exact", "exact", "exact", "part", "part", "surplus", "price", "little", "nearly"])
memos = st.sampled_from(["code", "code", "code", "garbled", "two codes", "none"])
# Who pays a paid order's link and names an open one beside it is told of twice until a person decides (decision 0009).
link_memos = st.sampled_from(["code", "code", "code", "garbled", "none"])
BY_BANK = ("casso", "sepay", "sepay-api")
PARTS = ("flows.settle_payments.keep_money", "flows.settle_payments.follow_up", "flows.settle_payments.keep_reviews")


class Crash(Exception):
    """The process dies before it commits."""


class Paying(Play):
    """Casso tells of all that moves on the account, others of some of it."""

    @precondition(lambda self: self.orders)
    @rule(place=places, kind=kinds, memo=memos, also=st.sets(st.sampled_from(BY_BANK[1:])), at_once=st.booleans())
    def transfer(self, place: int, kind: str, memo: str, also: set[str], at_once: bool) -> None:
        """One transfer; watchers of the same account tell of it too, in the same list or after it."""
        first = self._transfer(self.order(place), kind, memo)
        others = [self._again(first, source) for source in sorted(also)]
        for told in [(first, *others)] if at_once else [(first,), *((each,) for each in others)]:
            self.settle(*told)
        self.truth.moved(first, *others, received=True)

    @precondition(lambda self: self.links)
    @rule(place=places, kind=kinds, memo=link_memos, link_first=st.booleans())
    def pay_link(self, place: int, kind: str, memo: str, link_first: bool) -> None:
        """A payment by a link: payOS knows its order, Casso sees what lies in the memo."""
        linked = [order for order in self.orders if order.id in self.links]
        order = linked[place % len(linked)]
        bank = self._transfer(order, kind, memo)
        link = self._again(bank, "payos", number=self.links[order.id], link=f"link{order.id}", memo="CS1 nothing")
        for told in (link, bank) if link_first else (bank, link):
            self.settle(told)
        self.truth.moved(bank, link, received=True)

    @precondition(lambda self: self.orders)
    @rule(moves=st.lists(st.tuples(places, kinds, memos), min_size=2, max_size=4))
    def transfers_at_once(self, moves: list[tuple[int, str, str]]) -> None:
        """Several notices are settled in one list."""
        told = [self._transfer(self.order(place), kind, memo) for place, kind, memo in moves]
        self.settle(*told)
        for each in told:
            self.truth.moved(each, received=True)

    @precondition(lambda self: self.orders)
    @rule(place=places, kind=kinds, held=st.booleans())
    def pay_page(self, place: int, kind: str, held: bool) -> None:
        """By the page or wallet that the order was last asked for by, in that currency; or held under suspicion."""
        order = self.order(place)
        asked = self.do(attempts(self.shop, order))
        if not asked or asked[-1].gateway not in ("vnpay", "bakong"):
            return
        plain = self.do(told_by(self.shop, order))
        amount = amount_of(kind, order.total, self.missing(order, plain.currency))
        told = replace(plain, amount=amount, standing=Standing.HELD if held else Standing.ARRIVED)
        self.settle(told)
        self.truth.moved(told, received=not held)

    @precondition(lambda self: self.truth.told)
    @rule(told=st.lists(st.integers(0, 99), min_size=1, max_size=4))
    def tell_again(self, told: list[int]) -> None:
        """Gateways repeat what they have said."""
        self.settle(*(self.truth.told[place % len(self.truth.told)] for place in told))

    @precondition(lambda self: self.orders)
    @rule(place=places, kind=kinds, memo=memos, dies=st.sampled_from(["", *PARTS]), comes=st.booleans())
    def crash(self, place: int, kind: str, memo: str, dies: str, comes: bool) -> None:
        """The shop dies while it settles, or just before the commit; its gateway repeats the notice, or never does."""
        told = self._transfer(self.order(place), kind, memo)
        with pytest.raises(Crash):
            self._dying(dies, told)
        if comes:
            self.settle(told)
            self.truth.moved(told, received=True)

    @rule(amount=st.sampled_from([-50_000, 20_000]))
    def not_the_shops(self, amount: int) -> None:
        """Money on an account that is none of the shop's, or the seller's own spending."""
        account = {"account": "elsewhere"} if amount > 0 else {}
        told = self.bank("mua rau", amount, **account)
        self.settle(told)
        self.truth.moved(told, received=False)

    def _transfer(self, order: Order, kind: str, memo: str) -> Sighting:
        other = self.orders[(self.orders.index(order) + 1) % len(self.orders)]
        words = {"code": order.code, "garbled": f"{order.code[:-2]}", "two codes": f"{order.code} {other.code}"}
        return self.bank(words.get(memo, "tien hang"), amount_of(kind, order.total, self.missing(order)))

    def _again(self, told: Sighting, source: str, **changes: Any) -> Sighting:
        """The same movement by the word of another source."""
        return replace(told, source=source, ref=f"{source}-{told.ref}", **changes)

    def _dying(self, part: str, told: Sighting) -> None:
        def dying(unit: Unit) -> None:
            settle_payments(unit, self.shop.premises, notices(told))
            raise Crash

        if not part:
            self.write(dying)
            return
        with patch(part, side_effect=Crash):
            self.settle(told)
