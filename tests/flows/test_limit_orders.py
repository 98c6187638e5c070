"""Nobody fills the shop with orders: so many open at a time, so many a day, so many an hour."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.limit_orders import MOST_ORDERS_A_DAY, MOST_ORDERS_AN_HOUR
from flows.place_order import may_order
from sales.errors import Tell
from sales.money import Money
from sales.people import Peer
from sales.vietqr import LARGEST
from storage.schema.orders import orders
from tests.clock import FrozenClock
from tests.flows.crediting import cancel, told
from tests.flows.many_prices import sell_in_all
from tests.flows.shop import ADMIN, Shop


def limit(shop: Shop, **limits: int) -> None:
    shop.premises = replace(shop.premises, shop=replace(shop.premises.shop, **limits))


async def refused(shop: Shop, peer: Peer, instead: int = 0) -> str:
    """Why the buyer may not order, "" where they may."""
    offer = await shop.offer()
    try:
        await shop.store.read(lambda unit: may_order(unit, shop.premises, peer, offer, instead))
    except Tell as told_why:
        return told_why.message
    return ""


async def test_so_many_orders_may_wait_at_a_time_and_one_that_ends_makes_room(shop: Shop, clock: FrozenClock) -> None:
    limit(shop, most_open=3)
    peer = await shop.meet()
    made = [await shop.order(peer) for _ in range(3)]
    with pytest.raises(Tell, match="order-too-many-open"):
        await shop.order(peer)
    assert len(await shop.rows(orders)) == 3
    assert await refused(shop, peer, instead=1) == ""
    assert await refused(shop, await shop.meet("another")) == ""
    await cancel(shop, peer, made[0])
    await shop.order(peer)
    assert await refused(shop, peer) == "order-too-many-open"
    await shop.settle(shop.sighting(made[1].code))
    assert await refused(shop, peer) == ""
    clock.now = made[2].pay_until
    await shop.work()
    await shop.order(peer)


async def test_so_many_orders_a_day_and_no_more(sqlite_shop: Shop, clock: FrozenClock) -> None:
    peer = await sqlite_shop.meet()
    for _ in range(MOST_ORDERS_A_DAY):
        await sqlite_shop.order(peer)
        clock.move(timedelta(minutes=7))
    assert await refused(sqlite_shop, peer) == "order-too-many"
    clock.move(timedelta(days=1))
    assert await refused(sqlite_shop, peer) == ""


async def test_an_hour_takes_so_many_orders_of_all_and_the_admins_hear_once(shop: Shop, clock: FrozenClock) -> None:
    limit(shop, most_an_hour=2)
    await shop.order()
    assert await told(shop, ADMIN.external, "admin-orders-rush") == []
    await shop.order()
    (reply,) = await told(shop, ADMIN.external, "admin-orders-rush")
    assert reply.lines[0].values == {"count": 2}
    assert await refused(shop, await shop.meet()) == "shop-has-too-many-orders"
    clock.move(timedelta(hours=1, milliseconds=1))
    await shop.order()
    await shop.order()
    assert len(await told(shop, ADMIN.external, "admin-orders-rush")) == 2


async def test_a_buyer_takes_a_share_of_an_hour_and_no_more(sqlite_shop: Shop, clock: FrozenClock) -> None:
    limit(sqlite_shop, most_open=1)
    peer = await sqlite_shop.meet()
    for _ in range(MOST_ORDERS_AN_HOUR):
        assert await cancel(sqlite_shop, peer, await sqlite_shop.order(peer))
    assert await refused(sqlite_shop, peer) == "order-too-many-this-hour"
    assert await refused(sqlite_shop, await sqlite_shop.meet("another")) == ""
    clock.move(timedelta(hours=1, milliseconds=1))
    assert await refused(sqlite_shop, peer) == ""


async def test_who_orders_and_cancels_takes_no_place_from_anybody(shop: Shop) -> None:
    limit(shop, most_open=1, most_an_hour=2)
    for name in ("one", "two"):
        peer = await shop.meet(name)
        for _ in range(3):
            await cancel(shop, peer, await shop.order(peer))
    assert await told(shop, ADMIN.external, "admin-orders-rush") == []
    await shop.order(await shop.meet("buyer"))
    another = await shop.meet("another")
    assert await refused(shop, another) == ""
    await shop.order(another)
    assert await refused(shop, await shop.meet("third")) == "shop-has-too-many-orders"


async def test_in_one_hour_of_the_clock_the_admins_hear_once_however_often_it_bites(
    sqlite_shop: Shop, clock: FrozenClock
) -> None:
    limit(sqlite_shop, most_an_hour=1)
    await sqlite_shop.order()
    limit(sqlite_shop, most_an_hour=2)
    await sqlite_shop.order()
    assert len(await told(sqlite_shop, ADMIN.external, "admin-orders-rush")) == 1


@pytest.mark.parametrize(("price", "carried"), [(LARGEST, True), (LARGEST + 1, False)])
async def test_no_transfer_is_asked_for_that_no_bank_carries(sqlite_shop: Shop, price: int, carried: bool) -> None:
    peer, offer = await sqlite_shop.meet(), replace(await sqlite_shop.offer(), prices=(Money(price),))

    async def ways() -> list[str]:
        found = await sqlite_shop.store.read(lambda unit: may_order(unit, sqlite_shop.premises, peer, offer))
        return [way.gateway for way in found]

    if carried:
        assert await ways() == ["casso"]
    else:
        with pytest.raises(Tell, match="order-too-large"):
            await ways()
    sell_in_all(sqlite_shop)
    assert await ways() == (["casso", "vnpay"] if carried else ["vnpay"])
