"""A wish that was left can be wished again, but not without end: each is put before every admin."""

from datetime import timedelta

import pytest

from flows.limit_wishes import DAY, MOST_A_DAY, may_wish
from flows.refund_order import drop_refund
from sales.errors import Tell
from sales.people import Peer
from sales.purchase import Order
from storage.schema.money import refunds
from tests.clock import FrozenClock
from tests.flows.crediting import wish, with_credit
from tests.flows.desk import Desk
from tests.flows.shop import Shop


async def wish_and_leave(shop: Shop, desk: Desk, buyer: Peer, order: Order) -> None:
    refund = await wish(shop, buyer, order, 1_000)
    await shop.store.write(lambda unit: drop_refund(unit, shop.premises, desk.admin, refund))


async def test_so_many_wishes_a_day_whatever_became_of_them(shop: Shop, clock: FrozenClock) -> None:
    desk, (buyer, order) = await Desk.open(shop), await with_credit(shop, 5_000)
    for _ in range(MOST_A_DAY):
        await wish_and_leave(shop, desk, buyer, order)
        clock.move(timedelta(minutes=1))
    jobs = len(await shop.jobs())
    with pytest.raises(Tell, match="refund-wishes-today"):
        await wish(shop, buyer, order, 1_000)
    assert (len(await shop.rows(refunds)), len(await shop.jobs())) == (MOST_A_DAY, jobs)
    clock.move(DAY)
    await wish(shop, buyer, order, 1_000)


async def test_what_admins_ask_for_and_others_wish_counts_for_nobody_else(sqlite_shop: Shop) -> None:
    desk, (buyer, order) = await Desk.open(sqlite_shop), await with_credit(sqlite_shop, 5_000)
    another, theirs = await with_credit(sqlite_shop, 5_000, await sqlite_shop.meet("another"))
    for _ in range(MOST_A_DAY):
        await desk.ask(order, 1_000)
        await wish_and_leave(sqlite_shop, desk, another, theirs)
    await sqlite_shop.store.read(lambda unit: may_wish(unit, sqlite_shop.premises, buyer))
    with pytest.raises(Tell):
        await sqlite_shop.store.read(lambda unit: may_wish(unit, sqlite_shop.premises, another))
