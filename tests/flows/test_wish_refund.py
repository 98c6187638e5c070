"""A buyer wishes to have money back: bounded, only what lies idle, and only an admin grants it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from flows.messages import unpack
from flows.refund_order import confirm_refund, drop_refund
from flows.wish_refund import MOST_WISHES, wish_refund
from sales.errors import Tell
from sales.people import Peer
from sales.purchase import Order
from sales.refund import LAPSE, Refund, State
from sales.transfer import Standing
from storage import reviews
from storage.reviews import Kind, Review
from storage.schema.goods import grants
from storage.schema.money import postings
from storage.schema.money import refunds as table
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.shop import ADMIN, PRICE, Shop


async def overpaid(shop: Shop, buyer: Peer, surplus: int = 5_000) -> Order:
    order = await shop.order(buyer)
    await shop.settle(shop.sighting(order.code, PRICE + surplus))
    return order


async def wish(shop: Shop, buyer: Peer, order: Order, minor: int = 5_000, currency: str = "VND") -> Refund:
    premises = shop.premises
    return await shop.store.write(lambda unit: wish_refund(unit, premises, buyer, order, minor, currency))


async def grant(shop: Shop, desk: Desk, refund: Refund) -> None:
    await shop.store.write(lambda unit: confirm_refund(unit, shop.premises, desk.admin, refund.id))


async def refused(shop: Shop, buyer: Peer, order: Order, minor: int, currency: str = "VND") -> str:
    with pytest.raises(Tell) as told:
        await wish(shop, buyer, order, minor, currency)
    return told.value.message


async def waiting(shop: Shop) -> list[Review]:
    return await shop.store.read(lambda unit: reviews.waiting(unit, shop.premises.shop.id, 10))


async def test_a_wish_is_put_before_the_admins_and_moves_nothing(shop: Shop) -> None:
    await Desk.open(shop)
    buyer = await shop.meet("buyer")
    order = await overpaid(shop, buyer)
    before = await shop.totals()
    refund = await wish(shop, buyer, order)
    assert (refund.state, refund.asked_by, refund.amount.minor) == (State.ASKED, buyer.id, 5_000)
    assert await shop.totals() == before
    (review,) = await waiting(shop)
    assert (review.kind, review.refund, review.order) == (Kind.REFUND, refund.id, order.id)
    (job,) = [row for row in await shop.jobs("reply") if row.dedupe.startswith("refund-wish:")]
    tokens = [choice.token for row in unpack(job.payload["reply"]).choices for choice in row]
    assert (job.payload["to"], tokens) == (ADMIN.external, [f"refund-yes:{refund.id}", f"refund-no:{refund.id}"])
    events = (await shop.story(order))["events"]
    assert (events[-1]["kind"], events[-1]["actor"]) == ("refund.wished", f"buyer:{buyer.buyer}")


async def test_it_never_lapses_and_is_taken_from_the_surplus_alone(shop: Shop, clock: FrozenClock) -> None:
    desk, buyer = await Desk.open(shop), await shop.meet("buyer")
    refund = await wish(shop, buyer, await overpaid(shop, buyer))
    clock.move(timedelta(days=3))
    await grant(shop, desk, refund)
    assert await shop.totals() == {"received": PRICE + 5_000, "revenue": PRICE, "refund_owed": 5_000}
    assert [row.state for row in await shop.rows(grants)] == ["granted"]
    assert await waiting(shop) == []
    assert "refund-is-coming" in await shop.said("buyer")


async def test_the_admin_who_said_yes_gets_the_card(shop: Shop) -> None:
    desk, buyer = await Desk.open(shop), await shop.meet("buyer")
    refund = await wish(shop, buyer, await overpaid(shop, buyer))
    await grant(shop, desk, refund)
    await desk.confirm_as_buyer(await desk.propose(await desk.look(refund)))
    cards = [row for row in await shop.jobs("reply") if row.dedupe.startswith("refund-card:")]
    assert [row.payload["to"] for row in cards] == [ADMIN.external]


async def test_what_an_admin_asks_for_lapses_as_before(sqlite_shop: Shop, clock: FrozenClock) -> None:
    desk, buyer = await Desk.open(sqlite_shop), await sqlite_shop.meet("buyer")
    order = await overpaid(sqlite_shop, buyer)
    prospect = await desk.ask(order, 1_000)
    clock.move(LAPSE)
    with pytest.raises(Tell, match="refund-lapsed"):
        await desk.confirm(prospect)


async def test_no_more_than_lies_idle_and_is_not_wished_for_already(shop: Shop) -> None:
    buyer = await shop.meet("buyer")
    order = await overpaid(shop, buyer)
    assert await refused(shop, buyer, order, 5_001) == "refund-too-much"
    assert await refused(shop, buyer, order, 0) == "refund-nothing-held"
    assert await refused(shop, buyer, order, -1) == "refund-nothing-held"
    assert await refused(shop, buyer, order, 100, "USD") == "refund-nothing-held"
    await wish(shop, buyer, order, 3_000)
    assert await refused(shop, buyer, order, 2_001) == "refund-wished-already"
    await wish(shop, buyer, order, 2_000)
    assert await refused(shop, buyer, order, 1) == "refund-wished-already"
    assert len(await shop.rows(table)) == 2


async def test_of_a_paid_order_without_surplus_there_is_nothing_to_wish_for(sqlite_shop: Shop) -> None:
    buyer = await sqlite_shop.meet("buyer")
    assert await refused(sqlite_shop, buyer, await overpaid(sqlite_shop, buyer, 0), 1_000) == "refund-nothing-held"


async def test_a_part_can_be_wished_for_once_its_order_is_over(sqlite_shop: Shop, clock: FrozenClock) -> None:
    desk, buyer = await Desk.open(sqlite_shop), await sqlite_shop.meet("buyer")
    order = await sqlite_shop.order(buyer)
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, 9_000))
    assert await refused(sqlite_shop, buyer, order, 9_000) == "refund-nothing-held", "the rest may still come"
    clock.now = order.pay_until
    await sqlite_shop.work()
    story = await sqlite_shop.story(order)
    assert story["order"]["payment"] == "expired"
    over = (await desk.ask(order)).order
    refund = await wish(sqlite_shop, buyer, over, 9_000)
    await grant(sqlite_shop, desk, refund)
    assert await sqlite_shop.totals() == {"received": 9_000, "refund_owed": 9_000}


async def test_a_part_of_an_order_that_waits_for_the_rest_is_left_alone(sqlite_shop: Shop) -> None:
    """What lies there beside it goes back, although a part would go before it at an admin's word."""
    desk, buyer = await Desk.open(sqlite_shop), await sqlite_shop.meet("buyer")
    order = await sqlite_shop.order(buyer)
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, 9_000), sqlite_shop.sighting("no code", 5_000))
    here, stray = {"order_id": order.id}, postings.c.order_id.is_(None)
    await sqlite_shop.store.write(lambda unit: unit.conn.execute(update(postings).where(stray).values(here)) and None)
    await grant(sqlite_shop, desk, await wish(sqlite_shop, buyer, order))
    assert await sqlite_shop.totals() == {"received": 14_000, "deposit": 9_000, "refund_owed": 5_000}
    assert (await sqlite_shop.story(order))["order"]["payment"] == "open"


async def test_few_wishes_of_one_buyer_wait_at_once(sqlite_shop: Shop) -> None:
    desk, buyer = await Desk.open(sqlite_shop), await sqlite_shop.meet("buyer")
    order = await overpaid(sqlite_shop, buyer)
    wishes = [await wish(sqlite_shop, buyer, order, 1_000) for _ in range(MOST_WISHES)]
    assert await refused(sqlite_shop, buyer, order, 1_000) == "refund-wishes-wait"
    await grant(sqlite_shop, desk, wishes[0])
    await wish(sqlite_shop, buyer, order, 1_000)


async def test_nobody_wishes_for_the_money_of_another(sqlite_shop: Shop) -> None:
    buyer, stranger = await sqlite_shop.meet("buyer"), await sqlite_shop.meet("stranger")
    assert await refused(sqlite_shop, stranger, await overpaid(sqlite_shop, buyer), 5_000) == "refund-order-unknown"


async def test_what_was_spent_or_given_back_meanwhile_is_not_granted(shop: Shop) -> None:
    desk, buyer = await Desk.open(shop), await shop.meet("buyer")
    order = await overpaid(shop, buyer)
    refund = await wish(shop, buyer, order)
    await desk.owed(order, 4_000)
    with pytest.raises(Tell, match="refund-overtaken"):
        await grant(shop, desk, refund)
    assert (await shop.totals())["refund_owed"] == 4_000
    assert [each.refund for each in await waiting(shop)] == [refund.id]


async def test_money_that_comes_meanwhile_does_not_spoil_a_wish_nor_let_it_take_the_goods(shop: Shop) -> None:
    """It was all there was when it was wished for, and the order has been paid since."""
    desk, buyer = await Desk.open(shop), await shop.meet("buyer")
    order = await overpaid(shop, buyer)
    await desk.owed(order, 5_000)
    await shop.settle(shop.sighting(order.code, 5_000))
    refund = await wish(shop, buyer, order)
    await shop.settle(shop.sighting(order.code))
    await grant(shop, desk, refund)
    assert [row.state for row in await shop.rows(grants)] == ["granted"]


async def test_a_wish_that_is_left_is_told_and_waits_no_more(shop: Shop) -> None:
    desk, buyer = await Desk.open(shop), await shop.meet("buyer")
    order = await overpaid(shop, buyer)
    refund = await wish(shop, buyer, order)

    async def leave() -> None:
        await shop.store.write(lambda unit: drop_refund(unit, shop.premises, desk.admin, refund))

    await leave()
    assert (await shop.said("buyer"))[-1] == "refund-wish-left"
    assert await waiting(shop) == []
    with pytest.raises(Tell, match="refund-gone"):
        await grant(shop, desk, refund)
    with pytest.raises(Tell, match="refund-confirmed-already"):
        await leave()
    await wish(shop, buyer, order)


async def test_a_wish_is_not_granted_out_of_credit_that_a_gateway_has_taken_back_elsewhere(sqlite_shop: Shop) -> None:
    shop, desk = sqlite_shop, await Desk.open(sqlite_shop)
    buyer = await shop.meet("buyer")
    first = await shop.order(buyer)
    paid = shop.sighting(first.code, PRICE + 5_000)
    await shop.settle(paid)
    await shop.order(buyer)  # which the credit is spent on
    wished = await wish(shop, buyer, await overpaid(shop, buyer))
    taken = replace(paid, ref="void", amount=-paid.amount, standing=Standing.REVERSED, reverses=paid.ref)
    await shop.settle(taken)
    with pytest.raises(Tell, match="refund-overtaken"):
        await grant(shop, desk, wished)
    assert "refund_owed" not in await shop.totals()
