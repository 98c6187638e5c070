"""Đồng that anybody can send: each waits for a person, none rings for itself, and all go at once."""

from datetime import timedelta

import pytest

from flows.discard_small import discard_small, small_waiting
from flows.small_money import FLOOR
from sales.errors import Tell
from sales.people import Peer
from storage import buyers, small_reviews
from storage.schema.money import decisions, reviews
from tests.clock import FrozenClock
from tests.flows.crediting import tokens, told
from tests.flows.shop import ADMIN, Shop


async def send(shop: Shop, count: int, amount: int = 1) -> None:
    for _ in range(count):
        await shop.settle(shop.sighting("xin chào", amount))


async def admin_of(shop: Shop) -> Peer:
    id_ = shop.premises.shop.id
    known = await shop.store.read(lambda unit: buyers.peer_at(unit, id_, ADMIN.channel, ADMIN.external))
    return known or await shop.meet(ADMIN.external)


async def discard(shop: Shop, last: int, reason: str = "tiền rác") -> int:
    admin = await admin_of(shop)
    return await shop.store.write(lambda unit: discard_small(unit, shop.premises, admin, last, reason))


async def test_each_is_reviewed_and_the_admins_hear_once_an_hour(shop: Shop, clock: FrozenClock) -> None:
    await send(shop, 30)
    assert (len(await shop.rows(reviews)), await shop.said(ADMIN.external)) == (30, ["admin-small-money"])
    clock.move(timedelta(hours=1))
    await send(shop, 3)
    one, other = await told(shop, ADMIN.external, "admin-small-money")
    assert (one.lines[0].values, tokens(one)) == ({"count": 1, "floor": FLOOR}, ["reviews:0"])
    assert (other.lines[0].values["count"], tokens(other)) == (31, ["reviews:0", "review-small"])


async def test_what_may_be_a_price_is_told_as_ever(sqlite_shop: Shop) -> None:
    await send(sqlite_shop, 2, FLOOR.minor)
    await send(sqlite_shop, 1, FLOOR.minor - 1)
    assert await sqlite_shop.said(ADMIN.external) == ["admin-unmatched", "admin-unmatched", "admin-small-money"]


async def test_small_money_that_is_late_or_doubtful_does_not_ring_either(sqlite_shop: Shop, clock: FrozenClock) -> None:
    one, other = await sqlite_shop.order(), await sqlite_shop.order()
    await sqlite_shop.settle(sqlite_shop.sighting(f"{one.code} {other.code}", 7))
    clock.move(timedelta(days=60))
    await sqlite_shop.settle(sqlite_shop.sighting(one.code, 8))
    assert [row.meaning for row in await sqlite_shop.rows(decisions)] == ["ambiguous", "late"]
    assert await sqlite_shop.said(ADMIN.external) == ["admin-small-money"] * 2
    assert len(await sqlite_shop.rows(reviews)) == 2


async def test_a_small_part_of_an_order_waits_for_nobody(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order()
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, 7))
    assert await sqlite_shop.rows(reviews) == []
    assert "admin-small-money" not in await sqlite_shop.said(ADMIN.external)


async def test_all_that_was_shown_goes_at_once_and_nothing_else(shop: Shop) -> None:
    await send(shop, 3)
    await send(shop, 1, 50_000)
    last = (await shop.store.read(lambda unit: small_waiting(unit, shop.premises)))[-1].review
    await send(shop, 1)
    assert await discard(shop, last) == 3
    closed = [row for row in await shop.rows(reviews) if row.closed_at is not None]
    assert [(row.outcome, row.reason, row.closed_by) for row in closed] == [
        ("discarded", "tiền rác", f"admin:telegram:{ADMIN.external}")
    ] * 3
    assert await shop.totals() == {"received": 50_004, "discarded": 3, "unplaced": 50_001}
    assert await discard(shop, last) == 0


async def test_without_a_reason_or_without_any_nothing_is_done(sqlite_shop: Shop) -> None:
    with pytest.raises(Tell, match="reviews-small-none"):
        await sqlite_shop.store.read(lambda unit: small_waiting(unit, sqlite_shop.premises))
    await send(sqlite_shop, 2)
    with pytest.raises(Tell, match="review-reason-missing"):
        await discard(sqlite_shop, 10, "")
    assert await sqlite_shop.totals() == {"received": 2, "unplaced": 2}


async def test_so_many_are_put_aside_at_once(sqlite_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_reviews, "MOST", 4)
    await sqlite_shop.settle(*(sqlite_shop.sighting("x", 1 + place) for place in range(6)))
    assert [await discard(sqlite_shop, 1_000), await discard(sqlite_shop, 1_000)] == [4, 2]
