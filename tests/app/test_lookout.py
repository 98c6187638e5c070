"""Every gateway that can be asked has a task of its own: one that hangs keeps no other waiting."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest
from aiohttp import ClientSession

from app import lookout
from app.gauges import read_gauges
from app.lookout import lookouts, open_askers
from flows.premises import Plug
from flows.till import Till
from gateways.casso import CASSO
from gateways.gateway import Asking
from sales.errors import Later
from sales.pace import CALM
from sales.question import Question
from sales.transfer import Sighting
from storage.orders import FIRST_LOOK
from tests.app.workplace import PATIENCE
from tests.clock import FrozenClock
from tests.flows.many_prices import BY_CARD, IN_DOLLARS, order_by, sell_in_all, told_by
from tests.flows.shop import Shop

Ask = Callable[[Sequence[Question]], Awaitable[tuple[Sighting, ...]]]


def may_be_asked(shop: Shop, **asks: Ask) -> None:
    """Let these gateways answer."""
    plugs = [
        replace(plug, gateway=replace(plug.gateway, ask=lambda _, ask=asks[name]: Asking(ask, CALM)))
        if (name := plug.gateway.name) in asks
        else plug
        for plug in shop.premises.plugs
    ]
    shop.premises = replace(shop.premises, plugs=tuple(plugs))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "EVERY", 0)


async def keep_watch(shop: Shop, clock: FrozenClock, seen: asyncio.Event) -> None:
    """Let every look-out run until something was seen."""
    till = Till(shop.store, shop.premises)
    async with ClientSession() as session:
        errands = lookouts(shop.store, shop.premises, till, open_askers(shop.premises, session, clock))
        tasks = [asyncio.ensure_future(errand()) for errand in errands]
        async with asyncio.timeout(PATIENCE):
            while not seen.is_set():
                clock.move(FIRST_LOOK)
                await shop.store.read(lambda _: None)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_gateway_that_hangs_keeps_no_other_waiting(shop: Shop, clock: FrozenClock) -> None:
    sell_in_all(shop)
    stuck = await order_by(shop, BY_CARD)
    free = await order_by(shop, IN_DOLLARS, await shop.meet("43"))
    money, seen, asked = await told_by(shop, free), asyncio.Event(), asyncio.Event()

    async def hang(_: Sequence[Question]) -> tuple[Sighting, ...]:
        asked.set()
        await asyncio.Event().wait()
        return ()

    async def answer(_: Sequence[Question]) -> tuple[Sighting, ...]:
        await asked.wait()
        seen.set()
        return (money,)

    may_be_asked(shop, vnpay=hang, bakong=answer)
    clock.move(FIRST_LOOK)
    await keep_watch(shop, clock, seen)
    await shop.work()
    assert (await shop.story(free))["order"]["payment"] == "paid"
    assert (await shop.story(stuck))["order"]["payment"] != "paid"


async def test_trouble_is_counted_and_ends_no_look_out(shop: Shop, clock: FrozenClock) -> None:
    sell_in_all(shop)
    await order_by(shop, BY_CARD)
    twice, times = asyncio.Event(), []

    async def fail(_: Sequence[Question]) -> tuple[Sighting, ...]:
        times.append(clock.now)
        if len(times) > 2:
            twice.set()
        raise Later("HTTP 500")

    may_be_asked(shop, vnpay=fail)
    clock.move(FIRST_LOOK)
    await keep_watch(shop, clock, twice)
    told = await shop.store.read(lambda unit: read_gauges(unit, shop.premises.shop.id))
    assert told["chotdon_look_failures_vnpay"] >= 2
    assert told["chotdon_looks_waiting"] == 1


async def test_only_what_can_be_asked_is_asked(shop: Shop, clock: FrozenClock) -> None:
    sell_in_all(shop)
    watcher = Plug(CASSO, {"checksum_key": "only for its door"}, CASSO.url)
    shop.premises = replace(shop.premises, plugs=(*shop.premises.plugs, watcher))
    async with ClientSession() as session:
        assert open_askers(shop.premises, session, clock) == []
        asked = replace(watcher, secrets={**watcher.secrets, "api_key": "key"})
        shop.premises = replace(shop.premises, plugs=(asked,))
        [asker] = open_askers(shop.premises, session, clock)
    assert (asker.gateway, asker.about) == ("casso", ("casso", "sepay"))
