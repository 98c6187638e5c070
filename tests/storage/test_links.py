"""Attempts that wait for a gateway's answer: every move is made once, and only from "asked"."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from sales.ids import AttemptId
from sales.purchase import Attempt, Order
from storage import links, orders, shops
from storage.errors import Conflict
from storage.schema.orders import attempts
from tests.clock import FrozenClock
from tests.flows.shop import FILE, Shop

LINK: dict[str, Any] = {
    "link_id": "abc",
    "link_url": "https://pay.example/abc",
    "bin": "970422",
    "account": "V3CAS",
    "holder": "NGUYEN VAN A",
    "memo": "CS1 KX2345678",
    "qr": "0002",
    "qr_md5": "d41d8cd98f00b204e9800998ecf8427e",
}


async def asked(shop: Shop) -> tuple[Order, Attempt]:
    shop.sell_by_links()
    order = await shop.order()
    shop_id = shop.premises.shop.id
    attempt = await shop.store.read(lambda unit: orders.open_attempt(unit, shop_id, order.id))
    assert attempt is not None
    assert attempt.state == "asked"
    return order, attempt


async def take(shop: Shop, attempt: AttemptId) -> Attempt | None:
    return await shop.store.write(lambda unit: links.take(unit, shop.premises.shop.id, attempt, LINK))


async def test_what_the_gateway_answers_is_kept_once(shop: Shop) -> None:
    _, attempt = await asked(shop)
    taken = await asyncio.gather(*(take(shop, attempt.id) for _ in range(5)))
    (opened,) = [each for each in taken if each is not None]
    assert (opened.state, opened.link_id, opened.link_url) == ("open", "abc", "https://pay.example/abc")
    assert (opened.bin, opened.account, opened.holder) == ("970422", "V3CAS", "NGUYEN VAN A")
    assert (opened.memo, opened.qr, opened.number) == ("CS1 KX2345678", "0002", attempt.number)


async def test_a_spent_number_is_replaced_by_a_new_one(shop: Shop) -> None:
    _, attempt = await asked(shop)
    shop_id = shop.premises.shop.id
    again = await shop.store.write(lambda unit: links.renumber(unit, shop_id, attempt.id))
    assert again is not None
    assert (again.id, again.state, again.number) == (attempt.id, "asked", attempt.number + 1)


async def test_a_spent_number_tells_of_lost_rows_and_all_that_may_be_spent_is_leapt_over(
    shop: Shop, clock: FrozenClock
) -> None:
    _, attempt = await asked(shop)
    clock.move(timedelta(days=30))
    shop_id, now = shop.premises.shop.id, int(clock().timestamp())
    again = await shop.store.write(lambda unit: links.renumber(unit, shop_id, attempt.id))
    assert again is not None
    assert again.number == now
    once_more = await shop.store.write(lambda unit: links.renumber(unit, shop_id, attempt.id))
    assert once_more is not None
    assert once_more.number == now + 1


async def test_what_was_given_up_can_neither_be_taken_nor_renumbered_nor_given_up_again(shop: Shop) -> None:
    _, attempt = await asked(shop)
    shop_id = shop.premises.shop.id
    assert await shop.store.write(lambda unit: links.give_up(unit, shop_id, attempt.id))
    assert not await shop.store.write(lambda unit: links.give_up(unit, shop_id, attempt.id))
    assert await take(shop, attempt.id) is None
    assert await shop.store.write(lambda unit: links.renumber(unit, shop_id, attempt.id)) is None
    assert [row.state for row in await shop.rows(attempts)] == ["replaced"]


async def test_another_shop_cannot_touch_it(shop: Shop) -> None:
    _, attempt = await asked(shop)
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, shop.premises.vault))
    assert await shop.store.write(lambda unit: links.take(unit, other.id, attempt.id, LINK)) is None
    assert await shop.store.write(lambda unit: links.renumber(unit, other.id, attempt.id)) is None
    assert not await shop.store.write(lambda unit: links.give_up(unit, other.id, attempt.id))


async def test_closing_tells_which_attempts_have_a_link(shop: Shop) -> None:
    order, attempt = await asked(shop)
    waiting, _ = await asked(shop)
    await take(shop, attempt.id)
    shop_id = shop.premises.shop.id
    closed = await shop.store.write(
        lambda unit: orders.close_attempts(unit, shop_id, [order.id, waiting.id], "cancelled")
    )
    assert {id_: [each.linked for each in found] for id_, found in closed.items()} == {
        order.id: [True],
        waiting.id: [False],
    }
    assert {row.state for row in await shop.rows(attempts)} == {"cancelled"}


async def test_an_attempt_comes_with_its_order(shop: Shop) -> None:
    order, attempt = await asked(shop)
    found = await shop.store.read(lambda unit: orders.attempt_of(unit, shop.premises.shop.id, attempt.id))
    assert found == (attempt, order)


async def test_no_number_is_used_for_two_attempts(shop: Shop) -> None:
    await asked(shop)
    await asked(shop)
    with pytest.raises(Conflict):
        await shop.store.write(lambda unit: unit.conn.execute(update(attempts).values(number=7)))
