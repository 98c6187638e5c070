"""What a gateway gives back is followed to its end, through trouble, restarts and second thoughts."""

from datetime import timedelta

import pytest

from flows.hear_given import AFTERWARDS, WATCHED, hear_given
from gateways.giving import Given, Stage
from sales.errors import Later, Rejected
from sales.pace import GIVING
from sales.purchase import Order
from sales.refund import Means, Refund
from storage import givings, orders, refunds
from storage.schema.money import reviews
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.giving import Counter
from tests.flows.shop import PRICE, Shop

SOON, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
async def counter(sqlite_shop: Shop) -> Counter:
    return Counter.open(await Desk.open(sqlite_shop))


async def later(counter: Counter, clock: FrozenClock, refund: Refund, by: timedelta = SOON) -> Refund:
    clock.move(by)
    return await counter.follow(refund)


async def said(counter: Counter, refund: Refund) -> tuple[list[str], list[str]]:
    """What the buyer was told, and what the admin."""
    shop = counter.desk.shop
    return await shop.said((await counter.desk.buyer(refund)).external), await shop.said("999")


async def order_of(counter: Counter, refund: Refund) -> Order:
    shop = counter.desk.shop
    return await shop.store.read(lambda unit: orders.by_id(unit, shop.premises.shop.id, refund.of_order))


async def test_it_is_followed_until_it_has_arrived_and_told_once(counter: Counter, clock: FrozenClock) -> None:
    refund = await counter.send(await counter.payable())
    for _ in range(3):
        assert (await later(counter, clock, refund)).state == "sent"
    counter.till.ends(Stage.ARRIVED)
    refund = await later(counter, clock, refund)
    assert (refund.state, set(counter.till.looks)) == ("settled", {refund.request_ref})
    buyer, admin = await said(counter, refund)
    assert (buyer.count("order-refund-settled"), admin.count("admin-refund-arrived")) == (1, 1)
    assert await counter.desk.shop.totals() == {"received": PRICE, "refund_paid": PRICE}


@pytest.mark.parametrize("by", [SOON, timedelta(days=2)])
async def test_what_has_failed_is_owed_again(counter: Counter, clock: FrozenClock, by: timedelta) -> None:
    refund = await counter.send(await counter.payable())
    counter.till.ends(Stage.FAILED, "FAILED 05 no such account")
    refund = await later(counter, clock, refund, by)
    assert (refund.state, refund.error, refund.means) == ("failed", "FAILED 05 no such account", Means.VIETQR)
    assert (refund.payable, refund.under_way, refund.owed) == (False, False, True), "whereto must be confirmed anew"
    assert await counter.desk.shop.totals() == {"received": PRICE, "refund_owed": PRICE}
    assert [row.kind for row in await counter.desk.shop.rows(reviews)] == ["refund"]
    buyer, admin = await said(counter, refund)
    assert (buyer[-1], admin.count("admin-refund-failed")) == ("refund-not-gone", 1)
    assert "order-refund-settled" not in buyer


async def test_what_failed_goes_again_under_another_key(counter: Counter, clock: FrozenClock) -> None:
    refund = await counter.send(await counter.payable())
    first = refund.request_key
    counter.till.ends(Stage.FAILED)
    refund = await later(counter, clock, refund)
    counter.till.ends(Stage.UNDER_WAY)
    again = await counter.send(await counter.desk.confirm_as_admin(refund))
    assert (again.state, again.request_key != first) == ("sent", True)
    assert await counter.desk.shop.totals() == {"received": PRICE, "refund_paid": PRICE}


async def test_a_bank_may_send_back_what_had_arrived(counter: Counter, clock: FrozenClock) -> None:
    counter.till.ends(Stage.ARRIVED)
    refund = await counter.send(await counter.payable())
    assert refund.state == "settled"
    counter.till.ends(Stage.FAILED, "REVERSED")
    refund = await later(counter, clock, refund, AFTERWARDS)
    assert (refund.state, refund.error) == ("failed", "REVERSED")
    assert await counter.desk.shop.totals() == {"received": PRICE, "refund_owed": PRICE}
    buyer, _ = await said(counter, refund)
    assert buyer[-1] == "refund-came-back", "who was told that it had arrived hears that it has not"
    assert ("refund.failed", "payout") in await counter.desk.events(await order_of(counter, refund))


async def test_after_a_week_what_has_arrived_is_asked_about_no_more(counter: Counter, clock: FrozenClock) -> None:
    counter.till.ends(Stage.ARRIVED)
    refund = await counter.send(await counter.payable())
    for _ in range(WATCHED.days + 3):
        refund = await later(counter, clock, refund, DAY)
    assert len(counter.till.looks) == WATCHED.days


@pytest.mark.parametrize("trouble", [Later("HTTP 503"), Later("HTTP 429", 1200.0), Rejected("keys")], ids=str)
async def test_trouble_changes_nothing_and_is_not_hurried(
    counter: Counter, clock: FrozenClock, trouble: Exception
) -> None:
    refund = await counter.send(await counter.payable())
    counter.till.deaf = trouble
    after = await later(counter, clock, refund)
    assert (after.state, len(counter.till.looks)) == ("sent", 1)
    await counter.follow(refund)
    assert len(counter.till.looks) == 1, "not at once again"
    counter.till.deaf = None
    counter.till.ends(Stage.ARRIVED)
    wait = timedelta(seconds=getattr(trouble, "seconds", None) or 300)
    assert (await later(counter, clock, refund, wait - SOON)).state == "sent"
    assert (await later(counter, clock, refund, SOON)).state == "settled"


async def test_two_processes_make_one_look(counter: Counter, clock: FrozenClock) -> None:
    refund = await counter.send(await counter.payable())
    clock.move(SOON)
    shop = counter.desk.shop
    due = await shop.store.read(lambda unit: refunds.to_look_at(unit, shop.premises.shop.id, 9))
    assert len(due) == 1
    taken = [
        await shop.store.write(lambda unit: givings.claim(unit, shop.premises.shop.id, refund.id, unit.now + SOON))
        for _ in range(2)
    ]
    assert taken == [True, False]
    await counter.follow(refund)
    assert counter.till.looks == []


async def test_one_whose_keys_are_gone_waits_for_them(counter: Counter, clock: FrozenClock) -> None:
    refund = await counter.send(await counter.payable())
    givers = dict(counter.desk.shop.givers)
    counter.desk.shop.givers.clear()
    assert (await later(counter, clock, refund, DAY)).state == "sent"
    counter.desk.shop.givers |= givers
    counter.till.ends(Stage.ARRIVED)
    assert (await later(counter, clock, refund, DAY)).state == "settled"


async def test_what_nobody_can_tell_the_end_of_is_left_to_a_person(counter: Counter, clock: FrozenClock) -> None:
    refund = await counter.send(await counter.payable())
    for _ in range(35):
        refund = await later(counter, clock, refund, DAY)
    assert refund.state == "sent"
    _, admin = await said(counter, refund)
    assert (admin.count("admin-payout-silent"), len(await counter.desk.shop.rows(reviews))) == (1, 1)
    looks = len(counter.till.looks)
    await later(counter, clock, refund, DAY)
    assert len(counter.till.looks) == looks


async def test_a_bank_that_told_first_is_not_told_again(counter: Counter, clock: FrozenClock) -> None:
    refund, shop = await counter.send(await counter.payable()), counter.desk.shop
    await shop.settle(shop.sighting(refund.memo, -refund.amount.minor))
    counter.till.ends(Stage.ARRIVED)
    refund = await later(counter, clock, refund, DAY)
    buyer, admin = await said(counter, refund)
    assert (refund.state, buyer.count("order-refund-settled")) == ("settled", 1)
    assert admin.count("admin-refund-settled") == 1
    assert await shop.totals() == {"received": PRICE, "refund_paid": PRICE}


async def test_a_word_about_an_earlier_sending_says_nothing_of_a_later_one(
    counter: Counter, clock: FrozenClock
) -> None:
    """A look that took long: meanwhile the refund has come back, and is on its way once more."""
    shop, first = counter.desk.shop, await counter.send(await counter.payable())
    counter.till.ends(Stage.FAILED)
    refund = await later(counter, clock, first)
    counter.till.ends(Stage.UNDER_WAY)
    second = await counter.send(await counter.desk.confirm_as_admin(refund))
    told = Given(Stage.FAILED, first.request_ref, "FAILED")
    key, premises = first.request_key, shop.premises
    await shop.store.write(lambda unit: hear_given(unit, premises, first.id, key, told, GIVING))
    assert await counter.desk.look(second) == second


async def test_what_the_bank_brought_back_first_is_owed_once(counter: Counter, clock: FrozenClock) -> None:
    refund, shop = await counter.send(await counter.payable()), counter.desk.shop
    await shop.settle(shop.sighting(refund.memo, refund.amount.minor))
    counter.till.ends(Stage.FAILED, "REVERSED")
    refund = await later(counter, clock, refund, DAY)
    assert refund.state == "returned"
    assert await shop.totals() == {"received": PRICE, "refund_owed": PRICE}
