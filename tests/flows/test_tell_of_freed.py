"""A part that is left when the order is paid in another currency: buyer and admins hear of it, once."""

from dataclasses import replace

import pytest
from sqlalchemy import delete

from flows.messages import Say, unpack
from locales import Texts
from sales.money import Money
from sales.transfer import Standing
from storage.schema.work import outbox
from tests.flows.many_prices import IN_DOLLARS, order_by, sell_in_all, told_by
from tests.flows.shop import ADMIN, PRICE, Shop

TEXTS = Texts()


async def lines(shop: Shop, to: str, id_: str) -> list[Say]:
    """Every line of that id that waits for a chat."""
    told = [unpack(row.payload["reply"]) for row in await shop.jobs("reply") if row.payload["to"] == to]
    return [line for reply in told for line in reply.lines if line.id == id_]


@pytest.mark.parametrize("amount", [320, 400])
async def test_a_freed_part_is_told_with_what_gives_it_back(shop: Shop, amount: int) -> None:
    """Whether the order was paid exactly or too much."""
    sell_in_all(shop)
    buyer = await shop.meet()
    order = await order_by(shop, IN_DOLLARS, buyer)
    await shop.settle(shop.sighting(order.code, 9_000))
    assert await lines(shop, ADMIN.external, "admin-part-freed") == []
    await shop.settle(await told_by(shop, order, amount=amount, currency="USD"))
    (held,) = await lines(shop, buyer.external, "part-is-held")
    assert held.values["came"] == Money(9_000)
    (freed,) = await lines(shop, ADMIN.external, "admin-part-freed")
    for language in ("vi", "en"):
        assert f"<code>/refund {order.code} VND</code>" in TEXTS.say(language, freed.id, freed.values)


async def test_parts_of_two_currencies_are_told_one_by_one(shop: Shop) -> None:
    sell_in_all(shop)
    buyer = await shop.meet()
    order = await order_by(shop, IN_DOLLARS, buyer)
    dollars, riels = await told_by(shop, order, amount=100), await told_by(shop, order, amount=500, currency="KHR")
    await shop.settle(dollars, riels, shop.sighting(order.code))
    came = [line.values["came"] for line in await lines(shop, buyer.external, "part-is-held")]
    assert sorted(came, key=str) == sorted([Money(100, "USD"), Money(500, "KHR")], key=str)


async def test_parts_that_paid_the_order_together_are_nobodys_credit(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order()
    for amount in (9_000, PRICE):
        await sqlite_shop.settle(sqlite_shop.sighting(order.code, amount))
    assert await lines(sqlite_shop, ADMIN.external, "admin-part-freed") == []


async def test_a_surplus_in_dollars_is_given_back_by_what_the_alert_says(sqlite_shop: Shop) -> None:
    sell_in_all(sqlite_shop)
    order = await order_by(sqlite_shop, IN_DOLLARS)
    await sqlite_shop.settle(await told_by(sqlite_shop, order, amount=325))
    (over,) = await lines(sqlite_shop, ADMIN.external, "admin-over")
    assert f"<code>/refund {order.code} 0.05 USD</code>" in TEXTS.say("en", over.id, over.values)


async def test_a_payment_that_is_taken_back_frees_nothing_more(shop: Shop) -> None:
    """Weeks later, when the jobs of the day of the payment are swept away."""
    sell_in_all(shop)
    buyer = await shop.meet()
    order = await order_by(shop, IN_DOLLARS, buyer)
    await shop.settle(shop.sighting(order.code, 9_000))
    paid = await told_by(shop, order, amount=320, currency="USD")
    await shop.settle(paid)
    await shop.store.write(lambda unit: unit.conn.execute(delete(outbox)))
    await shop.settle(replace(paid, ref="back", amount=-320, standing=Standing.REVERSED, reverses=paid.ref))
    assert await shop.meanings() == ["short", "exact", "reversed"]
    assert await lines(shop, buyer.external, "part-is-held") == []
    assert await lines(shop, ADMIN.external, "admin-part-freed") == []
