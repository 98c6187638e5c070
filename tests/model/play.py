"""What every part of the model stands on: the shop, its people, and what has happened so far."""

from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from sales.errors import Tell
from sales.money import Money
from sales.people import Peer
from sales.purchase import Order
from sales.transfer import Sighting
from storage import money
from storage.unit import Unit
from tests.flows.desk import Desk
from tests.flows.shop import ACCOUNT, Shop
from tests.model.hall import Hall
from tests.model.truth import Truth

T = TypeVar("T")
BUYERS = ("an", "binh", "chi")


class Play(RuleBasedStateMachine):
    """One run: a new shop, three buyers and two admins."""

    def __init__(self, hall: Hall) -> None:
        super().__init__()
        self.hall = hall
        self.shop: Shop = hall.found()
        self.desk: Desk = self.do(Desk.open(self.shop))
        self.peers: list[Peer] = [self.do(self.shop.meet(name)) for name in BUYERS]
        self.orders: list[Order] = []
        self.links: dict[int, int] = {}
        self.truth = Truth()

    def do(self, act: Coroutine[Any, Any, T]) -> T:
        return self.hall.run(act)

    def write(self, work: Callable[[Unit], T]) -> T:
        """One Unit of the shop's."""
        return self.do(self.shop.store.write(work))

    def read(self, work: Callable[[Unit], T]) -> T:
        """On SQLite in the writer: its readers hop between threads at every statement, which costs the most."""
        store = self.shop.store
        return self.do(store.write(work) if store.dialect == "sqlite" else store.read(work))

    def attempt(self, work: Callable[[Unit], T]) -> T | None:
        """One Unit that the shop may refuse with a word; then nothing has happened."""
        with suppress(Tell):
            return self.write(work)
        return None

    def settle(self, *told: Sighting) -> None:
        self.do(self.shop.settle(*told))

    def bank(self, memo: str, amount: int, **changes: Any) -> Sighting:
        """Casso's word on a movement of this moment on the shop's account."""
        ref = f"FT{next(self.shop.refs)}"
        moved = {"account": ACCOUNT, "booked_at": self.hall.clock.now - timedelta(seconds=30), "reference": ref}
        return self.shop.sighting(memo, amount, **{**moved, **changes})

    def order(self, place: int) -> Order:
        return self.orders[place % len(self.orders)]

    def missing(self, order: Order, currency: str = "VND") -> int:
        """What is still to be paid of it in that currency."""
        shop = self.shop.premises.shop.id
        parts = self.read(lambda unit: money.deposits(unit, shop, [order.id])).get(order.id, {})
        return max(order.prices[currency] - parts.get(currency, 0), 0)


def amount_of(kind: str, price: Money, missing: int) -> int:
    """How much somebody pays: of what is missing, or of the price."""
    return {
        "exact": missing or price.minor,
        "part": max(missing // 2, 1),
        "surplus": (missing or price.minor) + 5_000,
        "price": price.minor,
        "little": 1,
        "nearly": max(missing - 500, 1),
    }[kind]


def some(found: Sequence[T], place: int) -> T:
    return found[place % len(found)]
