"""What a person makes of money that waits: booked anew, followed up as ever, and decided by one alone."""

import asyncio
from datetime import timedelta

import pytest

from flows.cancel_order import cancel_order
from flows.expire_orders import expire_order
from sales.errors import Tell
from storage import buyers
from storage.schema.goods import grants
from storage.schema.money import postings
from tests.clock import FrozenClock
from tests.flows.queue import Queue, told
from tests.flows.shop import ADMIN, PRICE, Shop

WHO = f"admin:telegram:{ADMIN.external}"


async def test_money_without_a_code_is_assigned_and_pays_as_if_it_had_named_the_order(shop: Shop) -> None:
    queue, order = await Queue.open(shop), await shop.order(peer := await shop.meet())
    await shop.settle(shop.sighting("tiền hàng"))
    review = await queue.only()
    verdict = await queue.assign(review, order.code.lower())
    assert (verdict.meaning, verdict.amount.minor, verdict.code) == ("exact", PRICE, order.code)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}
    assert set((await queue.sums()).values()) == {0}
    assert await queue.decided() == [("unmatched", "rule", ""), ("exact", WHO, "")]
    assert (await shop.story(order))["order"]["payment"] == "paid"
    assert [row.state for row in await shop.rows(grants)] == ["granted"]
    assert "payment-received" in await shop.said(peer.external)
    assert await queue.waiting() == []
    closed = await queue.look(review)
    assert (closed.closed_by, closed.outcome, closed.reason) == (WHO, "assigned", "")
    assert await shop.said(ADMIN.external) == ["admin-unmatched"], "who decides need not be told"
    await shop.work()
    assert "goods-title" in [each.lines[0] for each in shop.mouths["telegram"].shown if each.to == peer.external]


async def test_a_part_asks_for_the_rest_and_too_much_becomes_credit(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    queue, short, over = await Queue.open(shop), await shop.order(peer := await shop.meet()), await shop.order()
    await shop.settle(shop.sighting("một", PRICE - 1_000), shop.sighting("hai", PRICE + 1_000))
    first, second = await queue.waiting()
    assert (await queue.assign(first, short.code)).meaning == "short"
    assert (await queue.assign(second, over.code)).meaning == "over"
    assert await shop.totals() == {
        "received": 2 * PRICE,
        "deposit": -1_000 + PRICE,
        "revenue": PRICE,
        "credit": 1_000,
    }
    await shop.work()
    assert (await shop.said(peer.external)).count("money-short") == 1
    assert [each["amount"] for each in (await shop.story(short))["attempts"]] == [PRICE, 1_000]


async def test_an_order_that_was_paid_makes_it_credit(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order()
    await shop.settle(shop.sighting(order.code), shop.sighting("lần nữa"))
    assert (await queue.assign(await queue.only(), order.code)).meaning == "second"
    assert await shop.totals() == {"received": 2 * PRICE, "revenue": PRICE, "credit": PRICE}


@pytest.mark.parametrize("days", [0.5, 40])
async def test_an_order_that_has_lapsed_is_honoured_by_the_admin_s_word(
    sqlite_shop: Shop, clock: FrozenClock, days: float
) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order()
    await shop.settle(shop.sighting("không mã"))
    clock.move(timedelta(days=days))
    await shop.store.write(lambda unit: expire_order(unit, shop.premises, order.id))
    assert (await queue.assign(await queue.only(), order.code)).meaning == "exact"
    assert (await shop.story(order))["order"]["payment"] == "paid"
    assert len(await shop.rows(grants)) == 1


async def test_an_order_that_was_cancelled_is_honoured_too(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order(peer := await shop.meet())
    await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, "buyer"))
    await shop.settle(shop.sighting("không mã"))
    assert (await queue.assign(await queue.only(), order.code)).meaning == "exact"
    assert (await shop.story(order))["order"]["payment"] == "paid"


async def test_money_with_an_old_code_waits_with_its_order_and_can_pay_it(
    sqlite_shop: Shop, clock: FrozenClock
) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order()
    clock.move(timedelta(days=60))
    await shop.settle(shop.sighting(order.code))
    review = await queue.only()
    assert (review.order, await shop.meanings()) == (order.id, ["late"])
    assert (await queue.assign(review, order.code)).meaning == "exact"
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}
    assert set((await queue.sums()).values()) == {0}
    assert sum(row.amount for row in await shop.rows(postings) if row.account == "unplaced") == 0
    named = {row.order_id for row in await shop.rows(postings) if row.account == "unplaced"}
    assert named == {order.id}, "it is taken from where it lay"


async def test_what_a_person_makes_of_it_is_told_beside_what_a_rule_had(sqlite_shop: Shop, clock: FrozenClock) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order(peer := await shop.meet())
    clock.move(timedelta(days=60))
    await shop.settle(shop.sighting(order.code))
    await queue.credit(await queue.only(), order.code)
    assert (await shop.said(peer.external))[-1] == "money-credited"


async def test_too_little_for_an_order_that_is_over_is_refused_with_what_is_missing(
    sqlite_shop: Shop, clock: FrozenClock
) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order()
    await shop.settle(shop.sighting("không mã", PRICE - 9_000))
    clock.move(timedelta(days=2))
    refused = await told(queue.assign(review := await queue.only(), order.code))
    assert (refused.message, refused.values["missing"].minor) == ("review-too-little", PRICE)
    assert (await queue.look(review)).closed_at is None
    assert (await queue.credit(review, order.code)).meaning == "credited"


async def test_another_currency_stays_refused_and_may_be_credit(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order()
    await shop.settle(shop.sighting(order.code, 500, currency="USD"))
    review = await queue.only()
    assert (await told(queue.assign(review, order.code))).message == "review-wrong-currency"
    assert (await told(queue.assign(review, "KX2222222"))).message == "review-order-unknown"
    await queue.credit(review, order.code)
    assert (await shop.books())["totals"]["USD"]["credit"] == 500
    assert await queue.waiting() == []


async def test_credit_lies_on_the_order_and_the_buyer_is_told(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order(peer := await shop.meet())
    await shop.settle(shop.sighting("không mã", 5_000))
    assert (await queue.credit(await queue.only(), order.code)).code == order.code
    assert await shop.totals() == {"received": 5_000, "credit": 5_000}
    assert (await shop.said(peer.external))[-1] == "money-credited"
    assert (await shop.story(order))["order"]["payment"] == "open"


async def test_what_is_not_the_shop_s_leaves_the_books(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    queue = await Queue.open(shop)
    await shop.settle(shop.sighting("lương tháng 11"))
    await queue.not_ours(await queue.only())
    assert await shop.totals() == {}
    assert await shop.meanings() == ["foreign_account"]
    assert set((await queue.sums()).values()) == {0}


async def test_what_is_discarded_is_kept_apart_with_its_reason(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    queue = await Queue.open(shop)
    await shop.settle(shop.sighting("?"))
    review = await queue.only()
    assert (await told(queue.discard(review, ""))).message == "review-reason-missing"
    await queue.discard(review, "chuyển thử")
    assert await shop.totals() == {"received": PRICE, "discarded": PRICE}
    assert (await queue.decided())[-1] == ("discarded", WHO, "chuyển thử")
    assert (await queue.look(review)).reason == "chuyển thử"


async def test_the_second_is_told_who_has_decided_what(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order()
    await shop.settle(shop.sighting(order.code, 500, currency="USD"))
    review = await queue.only()
    await queue.credit(review, order.code)
    for again in (queue.assign(review, order.code), queue.credit(review, order.code), queue.not_ours(review)):
        second = await told(again)
        assert second.message == "review-decided"
        assert [second.values[name] for name in ("who", "outcome", "code")] == ["An", "credited", order.code]
    assert len(await queue.decided()) == 2


async def test_of_two_admins_at_once_one_wins(shop: Shop) -> None:
    """Real concurrency on PostgreSQL; on SQLite one writer runs them one after the other."""
    queue, orders_ = await Queue.open(shop), [await shop.order() for _ in range(6)]
    await shop.settle(shop.sighting("không mã"))
    review, admins = await queue.only(), [await shop.meet(f"admin-{place}") for place in range(6)]
    acts = (queue.assign(review, each.code, by) for each, by in zip(orders_, admins, strict=True))
    ended = await asyncio.gather(*acts, return_exceptions=True)
    lost = [each for each in ended if isinstance(each, BaseException)]
    assert len(lost) == 5
    assert {each.message if isinstance(each, Tell) else each for each in lost} == {"review-decided"}
    won = ended.index(next(each for each in ended if not isinstance(each, BaseException)))
    assert (await queue.look(review)).closed_by == f"admin:telegram:admin-{won}"
    paid = [each for each in orders_ if (await shop.story(each))["order"]["payment"] == "paid"]
    assert paid == [orders_[won]]
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}
    assert len(await queue.decided()) == 2


async def test_reviews_of_another_kind_and_none_are_no_money(sqlite_shop: Shop) -> None:
    queue, order = await Queue.open(sqlite_shop), await sqlite_shop.order()
    await sqlite_shop.settle(sqlite_shop.sighting("không mã"))
    review = await queue.only()
    await sqlite_shop.store.write(lambda unit: buyers.rename(unit, 1, queue.admin.id, "", ""))
    await queue.not_ours(review)
    assert (await told(queue.assign(review, order.code))).values["who"] == ADMIN.external
