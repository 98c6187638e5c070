"""Refunds that a gateway sends, as they lie there: every step counts for its own key, once, and for its own shop."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from sales.ids import ShopId
from sales.payee import Payee
from sales.refund import Means, Refund
from storage import givings, refunds
from storage.givings import WHENCE_IT_CAME
from tests.clock import FrozenClock
from tests.flows.desk import PAYEE, Desk
from tests.flows.shop import Shop

SOON = timedelta(minutes=1)


async def do(shop: Shop, step: Any, refund: Refund, *more: Any) -> Any:
    return await shop.store.write(lambda unit: step(unit, shop.premises.shop.id, refund.id, *more))


async def under_way(shop: Shop, means: Means = Means.PAYOUT, payee: Payee = PAYEE) -> tuple[Desk, Refund]:
    """A refund whose gateway is about to be asked by the key "k1"."""
    desk = await Desk.open(shop)
    refund = await desk.owed(await desk.paid())
    assert await do(shop, refunds.confirm, refund, payee, desk.admin.id)
    assert await do(shop, refunds.choose_means, refund, means)
    assert await do(shop, refunds.request, refund, "k1")
    return desk, await desk.look(refund)


async def test_a_key_is_kept_once(shop: Shop) -> None:
    desk, refund = await under_way(shop)
    assert not await do(shop, refunds.request, refund, "k2")
    assert (await desk.look(refund)).request_key == "k1"


async def test_it_is_taken_once_and_for_its_own_key(shop: Shop, clock: FrozenClock) -> None:
    desk, refund = await under_way(shop)
    assert not await do(shop, givings.take, refund, "k2", "r", clock.now)
    taken = await asyncio.gather(*(do(shop, givings.take, refund, "k1", "r1", clock.now + SOON) for _ in range(4)))
    assert sorted(taken) == [False, False, False, True]
    sent = await desk.look(refund)
    assert (sent.state, sent.request_ref, sent.sent_at, sent.sent_by) == ("sent", "r1", clock.now, None)
    assert not await do(shop, givings.refuse, refund, "k1", "too late")


async def test_refused_it_is_as_it_was_but_for_the_reason(shop: Shop) -> None:
    desk, refund = await under_way(shop)
    assert not await do(shop, givings.refuse, refund, "k2", "no")
    assert await do(shop, givings.refuse, refund, "k1", "no money")
    freed = await desk.look(refund)
    assert (freed.state, freed.means, freed.request_key, freed.error) == ("approved", Means.VIETQR, "", "no money")
    assert (freed.payable, freed.payee) == (True, PAYEE)
    assert await do(shop, refunds.request, refund, "k2")


async def test_what_stands_for_no_account_is_forgotten(shop: Shop) -> None:
    desk, refund = await under_way(shop, Means.VNPAY, Payee("", WHENCE_IT_CAME, ""))
    assert await do(shop, givings.refuse, refund, "k1", "no")
    freed = await desk.look(refund)
    assert (freed.confirmed_at, freed.confirmed_by, bool(freed.payee)) == (None, None, False)


@pytest.mark.parametrize(("means", "freed"), [(Means.PAYOUT, Means.VIETQR), (Means.BY_HAND, Means.BY_HAND)])
async def test_what_has_come_back_from_a_gateway_may_go_any_way(shop: Shop, means: Means, freed: Means) -> None:
    desk, refund = await under_way(shop, means)
    await do(shop, givings.free, refund)
    assert (await desk.look(refund)).means is freed


async def test_its_name_and_its_next_look_are_kept_for_its_key(shop: Shop, clock: FrozenClock) -> None:
    desk, refund = await under_way(shop)
    await do(shop, givings.take, refund, "k1", "r1", clock.now)
    await do(shop, givings.note_ref, refund, "k2", "r2", None)
    await do(shop, givings.note_ref, refund, "k1", "", clock.now + SOON)
    assert (await desk.look(refund)).request_ref == "r1"
    assert await due(shop) == []
    clock.move(SOON)
    assert len(await due(shop)) == 1
    await do(shop, givings.note_ref, refund, "k1", "r3", None)
    assert ((await desk.look(refund)).request_ref, await due(shop)) == ("r3", [])


async def test_a_look_is_taken_once(shop: Shop, clock: FrozenClock) -> None:
    _, refund = await under_way(shop)
    await do(shop, givings.take, refund, "k1", "r1", clock.now)
    taken = await asyncio.gather(*(do(shop, givings.claim, refund, clock.now + SOON) for _ in range(4)))
    assert sorted(taken) == [False, False, False, True]


async def test_it_is_bound_to_a_payment(shop: Shop) -> None:
    desk, refund = await under_way(shop)
    await do(shop, givings.bind, refund, 1)
    assert (await desk.look(refund)).transfer == 1


async def test_another_shop_changes_nothing(shop: Shop, clock: FrozenClock) -> None:
    desk, refund = await under_way(shop)
    steps: list[tuple[Any, tuple[Any, ...]]] = [
        (givings.take, ("k1", "r", clock.now)),
        (givings.refuse, ("k1", "no")),
        (givings.free, ()),
        (givings.bind, (1,)),
        (givings.note_ref, ("k1", "r", None)),
        (givings.claim, (clock.now,)),
    ]
    for step, more in steps:
        assert not await shop.store.write(_elsewhere(shop, step, refund, more))
    assert await desk.look(refund) == refund


def _elsewhere(shop: Shop, step: Any, refund: Refund, more: tuple[Any, ...]) -> Any:
    return lambda unit: step(unit, ShopId(shop.premises.shop.id + 1), refund.id, *more)


async def due(shop: Shop) -> list[Refund]:
    return await shop.store.read(lambda unit: refunds.to_look_at(unit, shop.premises.shop.id, 9))
