"""One reminder before an order lapses, while it still waits for money."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sales.money import Money
from sales.transfer import Standing
from tests.clock import FrozenClock
from tests.flows.crediting import cancel, with_credit
from tests.flows.many_prices import BY_CARD, order_by, sell_in_all, told_by
from tests.flows.shop import PRICE, Shop

MINUTE = timedelta(minutes=1)


async def reminders(shop: Shop) -> list[object]:
    return [each.reply for each in shop.mouths["telegram"].shown if "order-reminder" in each.lines]


async def test_when_a_third_is_left_the_buyer_is_reminded_once_with_the_cards_buttons(
    shop: Shop, clock: FrozenClock
) -> None:
    order = await shop.order(peer := await shop.meet())
    (job,) = await shop.jobs("remind_order")
    assert job.run_at == order.pay_until - 10 * MINUTE
    clock.now = job.run_at - timedelta(milliseconds=1)
    await shop.work()
    assert shop.mouths["telegram"].lines(peer.external) == ["card-caption"]
    clock.now = job.run_at
    await shop.work()
    card, reminder = shop.mouths["telegram"].shown
    assert reminder.reply.lines[0].values == {"code": order.code, "missing": Money(PRICE), "left": 10 * MINUTE}
    assert reminder.reply.choices == card.reply.choices
    clock.now = order.pay_until - MINUTE
    await shop.work()
    assert len(await reminders(shop)) == 1


async def test_it_says_what_is_missing_beside_credit_and_parts(sqlite_shop: Shop, clock: FrozenClock) -> None:
    peer, _ = await with_credit(sqlite_shop, 20_000)
    order = await sqlite_shop.order(peer)
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, 9_000))
    clock.now = order.pay_until - 7 * MINUTE
    await sqlite_shop.work()
    (reply,) = await reminders(sqlite_shop)
    assert reply.lines[0].values == {
        "code": order.code, "missing": Money(PRICE - 29_000), "left": 7 * MINUTE,
    }  # fmt: skip


@pytest.mark.parametrize("what", ["paid", "cancelled", "lapsed", "held"])
async def test_nobody_is_reminded_of_what_needs_no_money(sqlite_shop: Shop, clock: FrozenClock, what: str) -> None:
    sell_in_all(sqlite_shop)
    peer = await sqlite_shop.meet()
    order = await order_by(sqlite_shop, BY_CARD, peer)
    if what == "paid":
        await sqlite_shop.settle(await told_by(sqlite_shop, order))
    if what == "cancelled":
        await cancel(sqlite_shop, peer, order)
    if what == "held":
        await sqlite_shop.settle(await told_by(sqlite_shop, order, standing=Standing.HELD))
    clock.now = order.pay_until if what == "lapsed" else order.pay_until - 10 * MINUTE
    await sqlite_shop.work()
    assert await reminders(sqlite_shop) == []


async def test_while_no_card_can_be_paid_the_reminder_leads_to_the_order(sqlite_shop: Shop, clock: FrozenClock) -> None:
    sell_in_all(sqlite_shop)
    order = await order_by(sqlite_shop, BY_CARD)
    await sqlite_shop.settle(await told_by(sqlite_shop, order, standing=Standing.FAILED))
    clock.now = order.pay_until - 10 * MINUTE
    await sqlite_shop.work()
    (reply,) = await reminders(sqlite_shop)
    assert [choice.token for row in reply.choices for choice in row] == [f"order:{order.code}", f"cancel:{order.code}"]


@pytest.mark.parametrize(("window", "left"), [(2, None), (3, 2), (5, 2), (6, 2), (30, 10), (1440, 480)])
async def test_a_short_window_leaves_two_minutes_or_has_no_reminder(
    sqlite_shop: Shop, window: int, left: int | None
) -> None:
    short = replace(sqlite_shop.premises.shop, payment_window=window * MINUTE)
    sqlite_shop.premises = replace(sqlite_shop.premises, shop=short)
    order = await sqlite_shop.order()
    jobs = await sqlite_shop.jobs("remind_order")
    assert [order.pay_until - job.run_at for job in jobs] == ([] if left is None else [left * MINUTE])
