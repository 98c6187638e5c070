"""What limits the next order is counted for one buyer, or for one shop, and nobody else's."""

from dataclasses import replace
from datetime import timedelta

from storage import order_counts
from storage.store import Store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.crediting import cancel
from tests.flows.shop import FILE, Shop, open_shop


async def test_open_orders_are_the_buyers_own_and_those_that_still_wait(shop: Shop) -> None:
    peer, shop_id = await shop.meet(), shop.premises.shop.id
    made = [await shop.order(peer) for _ in range(3)]
    await shop.order(await shop.meet("another"))
    await cancel(shop, peer, made[0])
    await shop.settle(shop.sighting(made[1].code))
    assert await shop.store.read(lambda unit: order_counts.open_count(unit, shop_id, peer.buyer)) == 1


async def test_what_all_buyers_placed_is_counted_from_a_moment_on_and_by_shop(store: Store, clock: FrozenClock) -> None:
    one = await open_shop(store)
    two = await open_shop(store, replace(FILE, code_prefix="QK"), slug="other")
    await one.order()
    clock.move(timedelta(minutes=10))
    since = clock.now
    await one.order()
    await two.order()

    def count(unit: Unit) -> list[int]:
        shops = [each.premises.shop.id for each in (one, two)]
        return [
            order_counts.placed_since(unit, shop, at) for shop in shops for at in (since, since - timedelta(hours=1))
        ]

    assert await store.read(count) == [1, 2, 1, 1]
