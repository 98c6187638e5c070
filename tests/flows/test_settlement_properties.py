"""Whatever comes, however often and in whatever lists: the books hold, and nobody gets two licences."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sales.transfer import Sighting
from storage.schema.goods import grants
from storage.store import open_store
from tests.clock import FrozenClock
from tests.flows.shop import ACCOUNT, PRICE, Shop, open_shop

ORDERS = 3
T = TypeVar("T")

slow = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Move:
    """A movement as it is drawn: which orders its memo names, how much, and whether it is on our account."""

    names: tuple[int, ...]
    amount: int
    ours: bool = True


amounts = st.sampled_from([1, 29_000, 50_000, PRICE - 1, PRICE, PRICE + 1, 2 * PRICE])
plain = st.builds(Move, st.integers(0, ORDERS - 1).map(lambda place: (place,)), amounts)
wild = st.builds(
    Move,
    st.lists(st.integers(0, ORDERS - 1), max_size=ORDERS, unique=True).map(tuple),
    st.one_of(amounts, amounts.map(lambda amount: -amount)),
    st.sampled_from([True, True, True, False]),
)


def in_a_shop(template: Path, play: Callable[[Shop], Awaitable[T]]) -> T:
    """Found a shop in a file of its own and let `play` happen there."""

    async def run() -> T:
        with TemporaryDirectory() as folder:
            store = await open_store(f"sqlite:///{shutil.copy(template, Path(folder) / 'shop.db')}", FrozenClock())
            try:
                return await play(await open_shop(store))
            finally:
                await store.close()

    return asyncio.run(run())


async def final(shop: Shop, moves: Sequence[Move], batches: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Make the orders, settle the moves batch by batch, and answer what the books say in the end."""
    orders = [await shop.order() for _ in range(ORDERS)]
    told = [sighting(shop, move, [orders[place].code for place in move.names]) for move in moves]
    for batch in batches:
        await shop.settle(*(told[place] for place in batch))
    books = await shop.books()
    return {
        "meanings": {each["told"][0]["ref"]: each["decision"] for each in books["transfers"]},
        "totals": books["totals"].get("VND", {}),
        "paid": [(await shop.story(order))["order"]["payment"] for order in orders],
        "granted": Counter([row.order_id for row in await shop.rows(grants)]),
        "seen": len(books["transfers"]),
    }


def sighting(shop: Shop, move: Move, codes: list[str]) -> Sighting:
    return shop.sighting(" ".join(codes), move.amount, account=ACCOUNT if move.ours else "elsewhere")


def one_by_one(moves: Sequence[Move]) -> list[list[int]]:
    return [[place] for place in range(len(moves))]


@slow
@given(moves=st.lists(wild, min_size=1, max_size=10), data=st.data())
def test_lists_and_repetitions_change_nothing(sqlite_template: Path, moves: list[Move], data: st.DataObject) -> None:
    single = in_a_shop(sqlite_template, lambda shop: final(shop, moves, one_by_one(moves)))
    batches = data.draw(with_repeats(len(moves)), label="batches")
    batched = in_a_shop(sqlite_template, lambda shop: final(shop, moves, batches))
    assert batched == single
    assert batched["seen"] == len(moves)
    assert set(batched["granted"].values()) <= {1}
    assert batched["paid"].count("paid") == len(batched["granted"])


@slow
@given(moves=st.lists(plain, min_size=1, max_size=8), data=st.data())
def test_money_that_names_one_order_ends_in_the_same_places_in_any_order(
    sqlite_template: Path, moves: list[Move], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(moves))), label="order")
    end = in_a_shop(sqlite_template, lambda shop: final(shop, moves, [order]))
    came = [sum(move.amount for move in moves if move.names == (place,)) for place in range(ORDERS)]
    assert [payment == "paid" for payment in end["paid"]] == [total >= PRICE for total in came]
    assert end["totals"]["received"] == sum(came)
    assert end["totals"]["revenue"] == PRICE * sum(total >= PRICE for total in came)
    assert end["totals"]["deposit"] == sum(total for total in came if total < PRICE)
    assert end["totals"]["credit"] == sum(total - PRICE for total in came if total >= PRICE)


def with_repeats(count: int) -> st.SearchStrategy[list[list[int]]]:
    """Cut the moves into lists, and put some of those told already into later ones."""

    @st.composite
    def cut(draw: st.DrawFn) -> list[list[int]]:
        batches: list[list[int]] = [[]]
        for place in range(count):
            batches[-1].append(place)
            batches[-1] += draw(st.lists(st.integers(0, place), max_size=2))
            if draw(st.booleans()):
                batches.append([])
        return batches

    return cut()
