"""A gateway and a bank tell of one payout: whoever is first, it is booked once, and the other confirms it."""

from datetime import timedelta

import pytest

from flows.hear_refunds import hear_refunds
from flows.judge_money import Judged, Seen
from gateways.giving import Stage
from sales.refund import State
from sales.settlement import Decision, Meaning
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.giving import Counter
from tests.flows.shop import ADMIN, PRICE, Shop
from tests.flows.test_hear_refunds import back, out, payable, waiting
from tests.flows.test_pair_refunds import sound

A_DAY = timedelta(days=1, minutes=1)


@pytest.fixture
async def counter(sqlite_shop: Shop) -> Counter:
    return Counter.open(await Desk.open(sqlite_shop))


async def test_the_bank_confirms_what_the_gateway_has_settled_and_nobody_is_told(
    counter: Counter, clock: FrozenClock
) -> None:
    shop = counter.desk.shop
    refund = await counter.send(await counter.payable())
    counter.till.ends(Stage.ARRIVED)
    clock.move(timedelta(minutes=1))
    refund = await counter.follow(refund)
    assert (refund.state, refund.unseen) == (State.SETTLED, True)
    seen = len(await shop.said(ADMIN.external))
    await shop.settle(out(shop, refund))
    confirmed = await counter.desk.look(refund)
    assert (confirmed.settled_by, confirmed.settled_at, confirmed.unseen) == (2, refund.settled_at, False)
    assert (await shop.said(ADMIN.external))[seen:] == []
    await shop.settle(out(shop, refund))
    assert (await shop.said(ADMIN.external))[seen:] == ["admin-refund-unfit"], "it went twice"
    assert await shop.totals() == {"received": PRICE, "refund_paid": PRICE}
    assert await sound(shop)


async def test_two_that_go_out_in_one_list_confirm_it_once(counter: Counter, clock: FrozenClock) -> None:
    shop = counter.desk.shop
    counter.till.ends(Stage.ARRIVED)
    refund = await counter.send(await counter.payable())
    await shop.settle(out(shop, refund), out(shop, refund))
    assert (await shop.said(ADMIN.external)).count("admin-refund-unfit") == 1


async def test_what_came_back_by_the_gateways_word_is_booked_no_second_time(
    counter: Counter, clock: FrozenClock
) -> None:
    shop = counter.desk.shop
    refund = await counter.send(await counter.payable())
    await shop.settle(out(shop, refund))
    counter.till.ends(Stage.FAILED, "REVERSED")
    clock.move(A_DAY)
    refund = await counter.follow(refund)
    assert refund.state is State.FAILED
    seen = len(await shop.said(ADMIN.external))
    await shop.settle(back(shop, refund))
    assert (await counter.desk.look(refund)).state is State.RETURNED
    assert await shop.totals() == {"received": PRICE, "refund_owed": PRICE}
    assert await shop.meanings() == ["exact", "out", "returned"]
    assert (await shop.said(ADMIN.external))[seen:] == []
    assert await sound(shop)
    await shop.settle(back(shop, refund, source="sepay"))
    assert await shop.totals() == {"received": PRICE, "refund_owed": PRICE}
    await shop.settle(back(shop, refund))
    assert (await shop.totals())["unplaced"] == PRICE, "a second time nobody knows what it is"


async def test_also_when_the_first_source_gave_no_code(counter: Counter, clock: FrozenClock) -> None:
    shop = counter.desk.shop
    refund = await counter.send(await counter.payable())
    counter.till.ends(Stage.FAILED, "REVERSED")
    clock.move(timedelta(minutes=1))
    refund = await counter.follow(refund)
    await shop.settle(shop.sighting("HOAN TIEN"))
    assert (await shop.totals())["unplaced"] == PRICE
    await shop.settle(back(shop, refund, source="sepay"))
    assert await shop.totals() == {"received": PRICE, "refund_owed": PRICE}
    assert len(await waiting(shop)) == 1


async def test_a_payout_that_the_bank_has_seen_going_is_asked_about_still(counter: Counter, clock: FrozenClock) -> None:
    shop = counter.desk.shop
    refund = await counter.send(await counter.payable())
    await shop.settle(out(shop, refund))
    clock.move(timedelta(minutes=1))
    counter.till.ends(Stage.ARRIVED)
    assert (await counter.follow(refund)).state is State.SETTLED
    counter.till.ends(Stage.FAILED, "REVERSED")
    clock.move(A_DAY)
    assert (await counter.follow(refund)).state is State.FAILED
    assert await shop.totals() == {"received": PRICE, "refund_owed": PRICE}


async def test_what_no_gateway_sends_is_not_asked_about(sqlite_shop: Shop, clock: FrozenClock) -> None:
    counter = Counter.open(await Desk.open(sqlite_shop))
    refund = await counter.payable()
    await sqlite_shop.settle(out(sqlite_shop, refund))
    clock.move(A_DAY)
    await counter.follow(refund)
    assert counter.till.looks == []


async def test_out_and_back_and_out_again_in_one_list_ends_nothing_and_is_told(sqlite_shop: Shop) -> None:
    desk, _, refund = await payable(sqlite_shop)
    await sqlite_shop.settle(
        out(sqlite_shop, refund), back(sqlite_shop, refund), out(sqlite_shop, refund, reference="2")
    )
    assert (await desk.look(refund)).state is State.RETURNED
    assert "admin-refund-unfit" in await sqlite_shop.said(ADMIN.external)
    assert await sound(sqlite_shop)


async def test_who_comes_too_late_to_end_it_is_told(sqlite_shop: Shop) -> None:
    """Between the judging and the writing somebody else has ended it."""
    desk, _, refund = await payable(sqlite_shop)
    await desk.close(refund)
    await sqlite_shop.settle(out(sqlite_shop, refund))
    told = out(sqlite_shop, refund)
    late = Judged(Seen(99, 0, told, (), (refund.code or "",)), 1, 1, Decision(Meaning.OUT, refund=refund))
    await sqlite_shop.store.write(lambda unit: hear_refunds(unit, sqlite_shop.premises, [late]))
    assert (await sqlite_shop.said(ADMIN.external)).count("admin-refund-unfit") == 1
