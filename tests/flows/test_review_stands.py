"""What a person has decided stands, and what a gateway decides itself needs no person any more."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from flows.refund_order import ask_refund, confirm_refund
from flows.refund_transfer import ask_refund_of_transfer, confirm_refund_of_transfer
from sales.purchase import Order
from sales.transfer import Standing
from storage.reviews import Review
from storage.schema.money import reviews as table
from tests.clock import FrozenClock
from tests.flows.many_prices import BY_CARD, order_by, sell_in_all, told_by
from tests.flows.queue import Queue, told
from tests.flows.shop import PRICE, Shop

Act = Callable[[Queue, Review, Order], Awaitable[object]]


async def refund(queue: Queue, review: Review, _: Order) -> object:
    """Given back by the admin who asked for it."""
    shop, transfer = queue.shop, review.transfer or 0

    async def write(act: Callable[..., object], *words: object) -> object:
        return await shop.store.write(lambda unit: act(unit, shop.premises, queue.admin, *words))

    asked = await write(ask_refund_of_transfer, transfer, "nhầm")
    return await write(confirm_refund_of_transfer, asked.refund.id)  # type: ignore[attr-defined]


ACTS: dict[str, Act] = {
    "assigned": lambda queue, review, order: queue.assign(review, order.code),
    "credited": lambda queue, review, order: queue.credit(review, order.code),
    "not_ours": lambda queue, review, _: queue.not_ours(review),
    "discarded": lambda queue, review, _: queue.discard(review),
    "refunded": refund,
}


@pytest.mark.parametrize("outcome", ACTS)
async def test_a_second_source_that_tells_of_it_later_undoes_no_person_s_decision(shop: Shop, outcome: str) -> None:
    queue, order = await Queue.open(shop), await shop.order()
    await shop.settle(shop.sighting("không mã", reference="FT1"))
    review = await queue.only()
    await ACTS[outcome](queue, review, order)
    before, decided = await shop.totals(), await queue.decided()
    await shop.settle(shop.sighting(order.code, source="sepay", reference="FT1"))
    assert (await shop.totals(), await queue.decided()) == (before, decided)
    assert len((await shop.books())["transfers"]) == 1, "it was recognised as the same money"
    assert ((await queue.look(review)).outcome, await queue.waiting()) == (outcome, [])


async def test_what_another_source_has_placed_waits_no_more(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order()
    await shop.settle(shop.sighting("không mã", reference="FT1"))
    review = await queue.only()
    await shop.settle(shop.sighting(order.code, source="sepay", reference="FT1"))
    late = await told(queue.not_ours(review))
    assert (late.message, late.values) == ("review-over", {"outcome": "placed"})
    assert (await shop.story(order))["order"]["payment"] == "paid"


async def held(shop: Shop) -> tuple[Queue, Order, Review]:
    """An order whose money its gateway holds back."""
    sell_in_all(shop)
    queue, order = await Queue.open(shop), await order_by(shop, BY_CARD)
    await shop.settle(await told_by(shop, order, standing=Standing.HELD, reason="07"))
    return queue, order, await queue.only()


async def test_held_money_can_only_be_waited_for_or_put_aside(sqlite_shop: Shop) -> None:
    queue, order, review = await held(sqlite_shop)
    for act in (queue.assign(review, order.code), queue.credit(review, order.code), queue.not_ours(review)):
        assert (await told(act)).message == "review-held"
    await queue.discard(review, "khách bỏ")
    assert [meaning for meaning, *_ in await queue.decided()] == ["held", "discarded"]
    assert await sqlite_shop.rows(table) != []
    assert await queue.sums() == {}, "there was nothing to book"
    await sqlite_shop.settle(await told_by(sqlite_shop, order))
    assert (await sqlite_shop.story(order))["order"]["payment"] == "paid", "it may come all the same"


@pytest.mark.parametrize(("standing", "outcome"), [(Standing.ARRIVED, "arrived"), (Standing.FAILED, "failed")])
async def test_the_review_of_held_money_ends_by_its_gateway_s_own_word(
    shop: Shop, standing: Standing, outcome: str
) -> None:
    queue, order, review = await held(shop)
    other = await order_by(shop, BY_CARD, await shop.meet("other"))
    await shop.settle(await told_by(shop, other, standing=Standing.HELD, reason="07"))
    await shop.settle(await told_by(shop, order, standing=standing))
    closed = await queue.look(review)
    assert (closed.closed_by, closed.outcome) == ("rule", outcome)
    assert [each.order for each in await queue.waiting()] == [other.id]
    events = [each for each in (await shop.story(order))["events"] if each["kind"] == "review.closed"]
    assert [each["detail"] for each in events] == [{"review": review.id, "before": "waiting", "after": outcome}]


async def test_held_money_that_fails_after_the_order_s_time_needs_nobody_either(
    sqlite_shop: Shop, clock: FrozenClock
) -> None:
    queue, order, _ = await held(sqlite_shop)
    clock.move(timedelta(days=3))
    await sqlite_shop.work()
    await sqlite_shop.settle(await told_by(sqlite_shop, order, standing=Standing.FAILED))
    assert await queue.waiting() == []


async def test_money_that_its_gateway_takes_back_can_be_decided_no_more(sqlite_shop: Shop, clock: FrozenClock) -> None:
    shop = sqlite_shop
    sell_in_all(shop)
    queue, order = await Queue.open(shop), await order_by(shop, BY_CARD)
    clock.move(timedelta(days=60))
    paid = await told_by(shop, order)
    await shop.settle(paid)
    review = await queue.only()
    back = {"standing": Standing.REVERSED, "amount": -PRICE, "ref": "back", "reverses": paid.ref}
    await shop.settle(await told_by(shop, order, **back))
    assert (await told(queue.assign(review, order.code))).values == {"outcome": "taken_back"}
    assert await shop.totals() == {}


async def test_money_of_an_order_that_is_given_back_waits_no_more(sqlite_shop: Shop, clock: FrozenClock) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order()
    clock.move(timedelta(days=60))
    await shop.settle(shop.sighting(order.code))
    review, premises = await queue.only(), shop.premises
    asked = await shop.store.write(lambda unit: ask_refund(unit, premises, queue.admin, order.code, 9_000, ""))
    await shop.store.write(lambda unit: confirm_refund(unit, premises, queue.admin, asked.refund.id))
    assert (await told(queue.not_ours(review))).message == "review-being-refunded"
    assert (await queue.look(review)).closed_at is None, "the rest still lies there"
    rest = await shop.store.write(lambda unit: ask_refund(unit, premises, queue.admin, order.code, None, ""))
    await shop.store.write(lambda unit: confirm_refund(unit, premises, queue.admin, rest.refund.id))
    closed = await queue.look(review)
    assert (closed.closed_by, closed.outcome) == ("admin:telegram:999", "refunded")
    assert await shop.totals() == {"received": PRICE, "refund_owed": PRICE}
