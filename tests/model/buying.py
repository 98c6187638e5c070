"""People order and take back, and time goes by."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from flows.cancel_order import cancel_order
from flows.end_watch import end_watch
from flows.expire_orders import expire_order
from flows.place_order import place_order
from sales.way import Way
from storage.unit import Unit
from tests.flows.many_prices import BY_CARD, IN_DOLLARS, attempts, dear
from tests.flows.test_pairing import link_of
from tests.model.play import Play, some

places = st.integers(0, 7)
WAYS: tuple[Way | None, ...] = (None, None, BY_CARD, IN_DOLLARS)
TIMES = (timedelta(minutes=1), timedelta(minutes=31), timedelta(hours=26), timedelta(days=32))
MOST = 6


class Buying(Play):
    """Orders by bank, by payment link, by card and in dollars; cancelled, expired, and no longer watched."""

    @precondition(lambda self: len(self.orders) < MOST)
    @rule(buyer=places, way=st.sampled_from(WAYS), linked=st.booleans())
    def place(self, buyer: int, way: Way | None, linked: bool) -> None:
        offer, peer = self.do(dear(self.shop)), some(self.peers, buyer)
        order = self.attempt(lambda unit: place_order(unit, self.shop.premises, peer, offer, "", way))
        if order is None:
            return
        self.orders.append(order)
        # Credit may have paid all of it, and then there is nothing to ask for.
        if way is None and linked and self.do(attempts(self.shop, order)):
            name = f"link{order.id}"
            self.links[order.id] = self.do(link_of(self.shop, order, name, f"V3CAS{order.id}"))

    @precondition(lambda self: self.orders)
    @rule(place=places)
    def cancel(self, place: int) -> None:
        order = self.order(place)
        peer = next(each for each in self.peers if each.id == order.peer)
        self.write(lambda unit: cancel_order(unit, self.shop.premises, peer, order, "buyer"))

    @rule(by=st.sampled_from(TIMES))
    def wait(self, by: timedelta) -> None:
        """The jobs of the clock are carried out when they are due."""
        self.hall.clock.move(by)
        self.write(self._clocks)

    @rule()
    def restart(self) -> None:
        self.hall.restart(self.shop)

    def _clocks(self, unit: Unit) -> None:
        for order in self.orders:
            if unit.now >= order.pay_until:
                expire_order(unit, self.shop.premises, order.id)
            if unit.now >= order.watch_until:
                end_watch(unit, self.shop.premises, order.id)
