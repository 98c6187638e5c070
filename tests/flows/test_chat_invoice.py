"""An attempt in Stars is an invoice that the chat shows, once, and takes away when its time is over."""

from datetime import timedelta

import pytest

from flows.cancel_order import cancel_order
from flows.expire_orders import expire_order
from flows.messages import Reply, Say, pack, unpack
from sales.money import Money
from sales.way import Way
from storage.store import Store
from tests.clock import FrozenClock
from tests.flows.mouths import Mouth, Shown
from tests.flows.starry import Starry


@pytest.fixture
async def starry(store: Store) -> Starry:
    return await Starry.open(store)


def mouth(starry: Starry) -> Mouth:
    return starry.shop.mouths["telegram"]


def turned(starry: Starry) -> list[Shown]:
    """What took the place of an invoice."""
    return [each for each in mouth(starry).shown if each.reply.invoice is not None and each.reply.replace is not None]


async def test_the_chat_is_given_what_it_needs_and_nothing_else_is_drawn(starry: Starry) -> None:
    order = await starry.order()
    await starry.shop.work()
    (shown,) = mouth(starry).shown
    assert shown.picture is None
    assert shown.invoice is not None
    assert shown.invoice.payload == await starry.payload(order)
    assert shown.invoice.amount == Money(100, "XTR")
    assert dict(shown.invoice.title.values) == {"product": "Ảnh Đẹp Pro", "plan": "1 tháng"}
    assert shown.lines == ["invoice-caption"]
    assert [choice.token for row in shown.reply.choices for choice in row if choice.token][-2:] == [
        f"cancel:{order.code}",
        "orders",
    ]
    assert not [choice for row in shown.reply.choices for choice in row if choice.token == f"paid:{order.code}"]
    assert (await starry.attempts(order))[0].chat_message == shown.message


async def test_an_invoice_that_is_over_before_it_is_shown_is_not_shown(starry: Starry, clock: FrozenClock) -> None:
    order = await starry.order()
    clock.now = order.pay_until
    await starry.shop.work()
    assert all(each.invoice is None for each in mouth(starry).shown)


async def test_paid_it_stays_for_it_is_the_payer_s_receipt(starry: Starry) -> None:
    order = await starry.order()
    await starry.shop.work()
    await starry.pay(order)
    await starry.shop.work()
    assert turned(starry) == []


async def test_paid_at_the_last_moment_it_stays_too(starry: Starry, clock: FrozenClock) -> None:
    order, premises = await starry.order(), starry.shop.premises
    await starry.shop.work()
    clock.now = order.pay_until
    await starry.shop.store.write(lambda unit: expire_order(unit, premises, order.id))
    await starry.pay(order)
    await starry.shop.work()
    assert turned(starry) == []


async def test_it_goes_when_the_order_was_paid_in_another_way(starry: Starry) -> None:
    order = await starry.order()
    await starry.shop.work()
    await starry.shop.settle(starry.shop.sighting(order.code))
    await starry.shop.work()
    assert len(turned(starry)) == 1


async def test_a_cancelled_order_leaves_no_invoice_and_no_word_in_its_place(starry: Starry) -> None:
    order, premises = await starry.order(), starry.shop.premises
    await starry.shop.work()
    await starry.shop.store.write(lambda unit: cancel_order(unit, premises, starry.buyer, order, "buyer"))
    await starry.shop.work()
    (gone,) = turned(starry)
    assert (gone.reply.replace, gone.lines, gone.invoice) == ("telegram-1", [], None)


async def test_an_expired_order_leaves_no_invoice(starry: Starry, clock: FrozenClock) -> None:
    await starry.order()
    await starry.shop.work()
    clock.move(timedelta(hours=1))
    await starry.shop.work()
    assert len(turned(starry)) == 1


async def test_another_way_takes_its_place(starry: Starry) -> None:
    order = await starry.order()
    await starry.shop.work()
    await starry.change(order, Way("bakong", "USD"))
    await starry.shop.work()
    assert len(turned(starry)) == 1
    assert mouth(starry).shown[-1].picture is not None


def test_a_reply_kept_by_an_earlier_version_has_no_invoice() -> None:
    packed = pack(Reply((Say("x"),), invoice=7))
    assert unpack(packed).invoice == 7
    del packed["invoice"]
    assert unpack(packed).invoice is None
