"""Whatever is paid and given back in whatever order: the books hold, and no more goes out than came in."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flows.refund_order import confirm_refund
from flows.refund_transfer import ask_refund_of_transfer, confirm_refund_of_transfer
from sales.errors import Tell
from sales.purchase import Order
from sales.refund import GONE, OWED
from storage.schema.goods import grants
from storage.schema.money import refunds as table
from storage.schema.money import transfers
from tests.flows.desk import Desk
from tests.flows.shop import PRICE, Shop
from tests.flows.test_settlement_properties import in_a_shop, slow

ORDERS = 2
amounts = st.sampled_from([1, 29_000, 50_000, PRICE - 1, PRICE, PRICE + 1, 2 * PRICE])
places = st.integers(0, ORDERS - 1)
acts = st.one_of(
    st.tuples(st.just("pay"), places, amounts),
    st.tuples(st.just("ask"), places, st.none() | amounts),
    st.tuples(st.just("confirm"), st.integers(0, 5), st.none()),
    st.tuples(st.just("account"), st.integers(0, 5), st.none()),
    st.tuples(st.just("send"), st.integers(0, 5), st.none()),
    st.tuples(st.just("went_out"), st.integers(0, 5), st.none() | amounts),
    st.tuples(st.just("bounced"), st.integers(0, 5), st.none() | amounts),
    st.tuples(st.just("stray"), places, amounts),
    st.tuples(st.just("ask_stray"), st.integers(0, 3), st.none()),
)


class Play:
    """A shop where people pay and admins give back, as it is drawn; what may not be is refused."""

    def __init__(self, desk: Desk, orders: list[Order]) -> None:
        self.desk, self.orders = desk, orders
        self.came = [0] * ORDERS
        self.asked: list[Any] = []

    async def act(self, what: str, place: int, minor: int | None) -> None:
        try:
            await getattr(self, what)(place, minor)
        except Tell:
            return

    async def pay(self, place: int, minor: int) -> None:
        shop = self.desk.shop
        await shop.settle(shop.sighting(self.orders[place].code, minor))
        self.came[place] += minor

    async def ask(self, place: int, minor: int | None) -> None:
        self.asked.append(await self.desk.ask(self.orders[place], minor))

    async def confirm(self, place: int, _: None) -> None:
        if self.asked:
            refund = self.asked[place % len(self.asked)].refund
            act = confirm_refund if refund.order is not None else confirm_refund_of_transfer
            shop, admin = self.desk.shop, self.desk.admin
            await shop.store.write(lambda unit: act(unit, shop.premises, admin, refund.id))

    async def account(self, place: int, _: None) -> None:
        if self.asked:
            await self.desk.confirm_as_admin(self.asked[place % len(self.asked)].refund)

    async def send(self, place: int, _: None) -> None:
        if self.asked:
            await self.desk.close(await self.desk.look(self.asked[place % len(self.asked)].refund))

    async def went_out(self, place: int, minor: int | None) -> None:
        await self._told(place, minor, -1)

    async def bounced(self, place: int, minor: int | None) -> None:
        await self._told(place, minor, 1)

    async def _told(self, place: int, minor: int | None, sign: int) -> None:
        """The bank tells of money that moved with a refund's code in its memo, of its amount or another."""
        if self.asked:
            refund, shop = self.asked[place % len(self.asked)].refund, self.desk.shop
            amount = sign * (minor or refund.amount.minor)
            await shop.settle(shop.sighting(refund.memo, amount))

    async def stray(self, _: int, minor: int) -> None:
        shop = self.desk.shop
        await shop.settle(shop.sighting("nothing to go by", minor))

    async def ask_stray(self, place: int, _: None) -> None:
        shop, admin = self.desk.shop, self.desk.admin
        rows = [row for row in await shop.rows(transfers) if row.amount > 0]
        if rows:
            transfer = rows[place % len(rows)].id
            self.asked.append(
                await shop.store.write(lambda unit: ask_refund_of_transfer(unit, shop.premises, admin, transfer, ""))
            )

    async def given(self) -> list[dict[str, int]]:
        """What is owed, and what has gone, of each order; at last of all money without one."""
        rows = await self.desk.shop.rows(table)
        return [
            {
                name: sum(row.amount for row in rows if row.order_id == order and row.state in states)
                for name, states in {"owed": OWED, "gone": GONE}.items()
            }
            for order in [*(order.id for order in self.orders), None]
        ]


@slow
@given(st.lists(acts, min_size=1, max_size=24))
def test_the_books_hold_and_no_more_is_given_back_than_came_for_the_order(
    sqlite_template: Path, drawn: list[tuple[str, int, int | None]]
) -> None:
    async def play(shop: Shop) -> None:
        game = Play(await Desk.open(shop), [await shop.order() for _ in range(ORDERS)])
        for act in drawn:
            await game.act(*act)
            await hold(shop, game)

    in_a_shop(sqlite_template, play)


async def hold(shop: Shop, game: Play) -> None:
    totals = (await shop.books())["totals"].get("VND", {})
    given_back = await game.given()
    assert totals.get("refund_owed", 0) == sum(each["owed"] for each in given_back)
    assert totals.get("refund_paid", 0) == sum(each["gone"] for each in given_back)
    assert all(minor >= 0 for minor in totals.values())
    valid = {row.order_id for row in await shop.rows(grants) if row.state == "granted"}
    back_of = {row.transfer_id: row.amount for row in await shop.rows(table) if row.order_id is None and row.owed_at}
    came_by = {row.id: row.amount for row in await shop.rows(transfers)}
    assert all(back <= came_by[transfer] for transfer, back in back_of.items())
    for order, came, back in zip(game.orders, game.came, given_back[:-1], strict=True):
        gone = back["owed"] + back["gone"]
        assert gone <= came
        assert order.id not in valid or gone < came, "who has all of their money back has no licence"
