"""A gateway is asked to send a refund: by one key, never twice, and by nobody else meanwhile."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from flows.pay_out import SILENT
from flows.refund_words import tell_refund
from flows.send_refund import refund_card
from gateways.giving import Stage
from sales.errors import Later, Rejected, Tell
from sales.payee import Payee
from sales.purchase import Order
from sales.refund import Means, Refund
from storage import orders, refunds
from storage.schema.money import reviews
from tests.clock import FrozenClock
from tests.flows.desk import PAYEE, Desk
from tests.flows.giving import Counter
from tests.flows.shop import PRICE, Shop


@pytest.fixture
async def counter(sqlite_shop: Shop) -> Counter:
    return Counter.open(await Desk.open(sqlite_shop))


async def refuses(counter: Counter, refund: Refund, message: str = "refund-not-open") -> None:
    with pytest.raises(Tell) as said:
        await counter.choose(refund)
    assert said.value.message == message


async def order_of(counter: Counter, refund: Refund) -> Order:
    shop = counter.desk.shop
    return await shop.store.read(lambda unit: orders.by_id(unit, shop.premises.shop.id, refund.of_order))


async def told_to_buyer(counter: Counter, refund: Refund) -> list[str]:
    return await counter.desk.shop.said((await counter.desk.buyer(refund)).external)


async def test_the_key_is_kept_before_the_gateway_is_asked(counter: Counter) -> None:
    refund = await counter.choose(await counter.payable())
    assert str(UUID(refund.request_key)) == refund.request_key
    assert (refund.means, refund.under_way, counter.till.keys) == (Means.PAYOUT, True, [])
    sent = await counter.carry_on(refund)
    assert counter.till.keys == [refund.request_key]
    giving = counter.till.taken[refund.request_key]
    assert (giving.amount, giving.payee, giving.memo, giving.origin) == (refund.amount, PAYEE, refund.memo, None)
    assert (sent.state, sent.request_ref, sent.sent_by) == ("sent", f"ref-{refund.request_key[:8]}", None)


async def test_taken_is_booked_as_paid_and_the_buyer_is_not_told_that_it_went(counter: Counter) -> None:
    refund = await counter.send(await counter.payable(50_000))
    assert await counter.desk.shop.totals() == {"received": PRICE, "revenue": PRICE - 50_000, "refund_paid": 50_000}
    assert not {"order-refund-sent", "order-refund-settled"} & set(await told_to_buyer(counter, refund))
    assert tell_refund(refund, "KX").id == "order-refund-owed"
    events = await counter.desk.events(await order_of(counter, refund))
    assert events[-2:] == [("admin.refund_given", "admin:telegram:999"), ("refund.gateway_sent", "payout")]


async def test_what_has_arrived_at_once_is_told_at_once_and_once(counter: Counter) -> None:
    counter.till.ends(Stage.ARRIVED)
    refund = await counter.send(await counter.payable())
    assert (refund.state, refund.settled_at is not None) == ("settled", True)
    assert (await told_to_buyer(counter, refund)).count("order-refund-settled") == 1
    assert await counter.desk.shop.totals() == {"received": PRICE, "refund_paid": PRICE}
    assert (await counter.desk.shop.said("999")).count("admin-refund-arrived") == 1


async def test_two_admins_at_once_ask_once(shop: Shop) -> None:
    counter = Counter.open(await Desk.open(shop))
    refund = await counter.payable()
    done = await asyncio.gather(*(counter.choose(refund) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(each, Tell) for each in done) == 4
    await shop.work()
    assert len(counter.till.keys) == len(counter.till.taken) == 1
    assert await shop.totals() == {"received": PRICE, "refund_paid": PRICE}


async def test_while_it_is_under_way_nobody_else_may_send_it(counter: Counter) -> None:
    refund, desk = await counter.choose(await counter.payable()), counter.desk
    for other in (desk.close(refund), desk.confirm_as_admin(refund, Payee("970422", "123456789", "B"))):
        with pytest.raises(Tell, match="refund-not-open"):
            await other
    shop = desk.shop.premises.shop.id
    assert not await desk.shop.store.write(lambda unit: refunds.call_off(unit, shop, refund.id))
    assert not await desk.shop.store.write(lambda unit: refunds.choose_means(unit, shop, refund.id, Means.VIETQR))
    await refuses(counter, refund)
    card = refund_card(refund, "KX")
    assert (card.lines[0].id, card.choices, card.refund) == ("refund-under-way", (), None)
    assert await desk.look(refund) == refund


async def test_its_qr_is_drawn_no_more(counter: Counter) -> None:
    refund, office = await counter.payable(), counter.desk.shop.office
    address = await office.address("telegram", "999")
    assert await office.refund_card(refund.mark, address) is not None
    await counter.choose(refund)
    assert await office.refund_card(refund.mark, address) is None


@pytest.mark.parametrize("trouble", [Later("HTTP 503"), Later("HTTP 429", 60.0), Later("not signed")], ids=str)
async def test_what_may_have_been_heard_is_asked_again_by_the_same_key(
    counter: Counter, clock: FrozenClock, trouble: Later
) -> None:
    counter.till.troubles = [trouble, trouble]
    refund = await counter.send(await counter.payable())
    assert (refund.state, await counter.job()) == ("approved", "ready")
    for _ in range(2):
        refund = await counter.retry(clock, refund)
    assert (refund.state, len(counter.till.keys), len(set(counter.till.keys))) == ("sent", 3, 1)
    assert await counter.desk.shop.totals() == {"received": PRICE, "refund_paid": PRICE}


async def test_an_answer_that_is_lost_sends_nothing_twice(counter: Counter, clock: FrozenClock) -> None:
    counter.till.lost = 1
    refund = await counter.retry(clock, await counter.send(await counter.payable()))
    assert (refund.state, len(counter.till.taken)) == ("sent", 1)


async def test_a_refusal_of_the_first_call_owes_it_as_before(counter: Counter) -> None:
    counter.till.troubles = [Rejected("payOS 601: too little money")]
    refund = await counter.send(await counter.payable())
    assert (refund.state, refund.means, refund.request_key) == ("approved", Means.VIETQR, "")
    assert (refund.payable, refund.error) == (True, "payOS 601: too little money")
    assert await counter.desk.shop.totals() == {"received": PRICE, "refund_owed": PRICE}
    assert (await counter.desk.shop.said("999")).count("admin-payout-refused") == 1
    assert [(row.kind, row.refund_id) for row in await counter.desk.shop.rows(reviews)] == [("refund", refund.id)]
    sent = await counter.send(refund)
    assert (sent.state, len(set(counter.till.keys))) == ("sent", 2), "another sending has another key"


async def test_a_refusal_after_a_call_that_may_have_been_heard_is_looked_into(
    counter: Counter, clock: FrozenClock
) -> None:
    """The money has gone by the first call; payOS refuses the second, for there is too little left."""
    counter.till.lost = 1
    refund = await counter.send(await counter.payable())
    counter.till.troubles = [Rejected("too little money")]
    refund = await counter.retry(clock, refund)
    assert (refund.state, counter.till.looks) == ("sent", [""])


async def test_a_refusal_of_what_was_never_heard_owes_it_as_before(counter: Counter, clock: FrozenClock) -> None:
    counter.till.troubles = [Later("timed out"), Rejected("too little money")]
    refund = await counter.retry(clock, await counter.send(await counter.payable()))
    assert (refund.state, refund.request_key, counter.till.looks) == ("approved", "", [""])


@pytest.mark.parametrize("deaf", [Rejected("keys"), Later("HTTP 500")], ids=str)
async def test_while_nobody_can_tell_it_stays_under_way(counter: Counter, clock: FrozenClock, deaf: Exception) -> None:
    counter.till.troubles, counter.till.deaf = [Later("timed out"), Rejected("keys")], deaf
    refund = await counter.retry(clock, await counter.send(await counter.payable()))
    assert (refund.under_way, await counter.job()) == (True, "ready")
    refund = await counter.retry(clock, refund)
    assert refund.state == "sent"


async def test_a_gateway_that_keeps_silent_is_told_of_once(counter: Counter, clock: FrozenClock) -> None:
    counter.till.troubles = [Later("down")] * (SILENT + 3)
    refund = await counter.send(await counter.payable())
    for _ in range(SILENT + 1):
        refund = await counter.retry(clock, refund)
    assert refund.under_way
    assert (await counter.desk.shop.said("999")).count("admin-payout-silent") == 1
    assert len(await counter.desk.shop.rows(reviews)) == 1


async def test_without_its_keys_it_waits_for_the_seller(counter: Counter) -> None:
    givers = dict(counter.desk.shop.givers)
    counter.desk.shop.givers.clear()
    refund = await counter.send(await counter.payable())
    assert (refund.under_way, counter.till.keys, await counter.job()) == (True, [], "ready")
    counter.desk.shop.givers |= givers


async def test_a_bank_that_was_faster_ends_it(counter: Counter) -> None:
    """Somebody had scanned the card before: the bank's word comes while the gateway has not been asked yet."""
    refund, shop = await counter.choose(await counter.payable()), counter.desk.shop
    await shop.settle(shop.sighting(refund.memo, -refund.amount.minor))
    await shop.work()
    assert ((await counter.desk.look(refund)).state, counter.till.keys) == ("settled", [])
    assert await shop.totals() == {"received": PRICE, "refund_paid": PRICE}


async def test_a_banks_word_that_comes_during_the_call_books_once(counter: Counter) -> None:
    shop, refund = counter.desk.shop, await counter.payable()

    async def heard() -> None:
        await shop.settle(shop.sighting(refund.memo, -refund.amount.minor))

    counter.till.meanwhile = heard
    sent = await counter.send(refund)
    assert sent.state == "settled"
    assert await shop.totals() == {"received": PRICE, "refund_paid": PRICE}


async def test_an_account_nobody_confirmed_is_not_paid_to(counter: Counter) -> None:
    await refuses(counter, await counter.desk.owed(await counter.desk.paid()))


async def test_the_clock_of_looking_begins_when_it_is_taken(counter: Counter, clock: FrozenClock) -> None:
    await counter.send(await counter.payable())
    shop = counter.desk.shop
    assert await shop.store.read(lambda unit: refunds.to_look_at(unit, shop.premises.shop.id, 5)) == []
    clock.move(timedelta(seconds=10))
    assert len(await shop.store.read(lambda unit: refunds.to_look_at(unit, shop.premises.shop.id, 5))) == 1
