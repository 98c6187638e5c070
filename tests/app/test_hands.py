"""A gateway that hangs holds up its own jobs and no others."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from app.hands import JOBS_AT_ONCE, hire
from app.worker import AT_ONCE
from flows import deliver_goods
from flows.links import OPEN
from flows.place_order import place_order
from storage import buyers
from storage.unit import Unit
from tests.app.workplace import PATIENCE, hired
from tests.flows.shop import Shop

HANGING = 200


def done(row: Any) -> bool:
    return bool(row.state == "done")


async def ask_for_links(shop: Shop) -> None:
    """More orders than any worker has hands, each waiting for its link."""
    offer = await shop.offer()

    def place(unit: Unit) -> None:
        for number in range(HANGING):
            peer = buyers.meet(unit, shop.premises.shop.id, "telegram", f"{number}", "An", "vi")
            place_order(unit, shop.premises, peer, offer, "")

    await shop.store.write(place)


async def until(shop: Shop, topic: str, count: int, ended: Callable[[Any], bool]) -> None:
    """Wait until so many jobs of that topic have come to this end; each end of work rings the bell."""
    async with asyncio.timeout(PATIENCE):
        while True:
            rings = shop.store.bell.rings
            if sum(map(ended, await shop.jobs(topic))) >= count:
                return
            await shop.store.bell.wait(PATIENCE, since=rings)


async def test_goods_are_delivered_while_the_gateway_of_links_hangs(shop: Shop) -> None:
    gate, lives = shop.sell_by_links(), asyncio.Event()
    gate.meanwhile = lives.wait
    await ask_for_links(shop)
    order = await shop.order(await shop.meet("early"))
    await shop.settle(shop.sighting(order.code))
    assert HANGING > JOBS_AT_ONCE + AT_ONCE
    async with AsyncExitStack() as stack:
        for worker in hire(shop.office):
            await stack.enter_async_context(hired(worker))
        await until(shop, deliver_goods.TOPIC, 1, done)
        assert shop.mouths["telegram"].lines("early") != []
        assert not any(map(done, await shop.jobs(OPEN)))
        assert 0 < len(gate.wanted) <= AT_ONCE
        lives.set()
        await until(shop, OPEN, HANGING, done)
    assert len(gate.made) >= HANGING


async def test_one_job_is_taken_by_one_hand(shop: Shop) -> None:
    gate = shop.sell_by_links()
    await shop.order()
    async with AsyncExitStack() as stack:
        for worker in hire(shop.office):
            await stack.enter_async_context(hired(worker))
        await until(shop, OPEN, 1, done)
    assert [(row.topic, row.attempts) for row in await shop.jobs(OPEN)] == [(OPEN, 1)]
    assert len(gate.wanted) == 1


async def test_without_a_gateway_of_links_one_worker_takes_every_topic(shop: Shop) -> None:
    gate = shop.sell_by_links()
    shop.gate = None
    await shop.order()
    [worker] = hire(shop.office)
    async with hired(worker):
        await until(shop, OPEN, 1, lambda row: row.last_error is not None)
    assert gate.wanted == []
