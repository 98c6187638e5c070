"""Buyers' wishes: refunds that wait in the review queue, of one buyer and one shop, until somebody has decided."""

from datetime import timedelta

from sales.money import Money
from sales.refund import LAPSE, Means, Refund
from storage import refunds, reviews, shops, wishes
from storage.refunds_heard import Heard, heard
from storage.reviews import Kind
from tests.clock import FrozenClock
from tests.flows.shop import FILE, Shop
from tests.storage.test_refunds import PAYEE, do, paid, values

BEFORE = FrozenClock().now - timedelta(days=1)
AFTER = FrozenClock().now + timedelta(days=1)


async def wished(shop: Shop) -> tuple[Refund, int]:
    """A wish, and the id of its buyer."""
    order, id_ = await paid(shop), shop.premises.shop.id
    by = await shop.meet("buyer")
    refund = await shop.store.write(lambda unit: refunds.ask(unit, id_, order.id, Money(1_000), values(by)))
    await shop.store.write(lambda unit: reviews.open_reviews(unit, id_, Kind.REFUND, [(refund.id, order.id)]))
    return refund, order.buyer


async def test_a_wish_waits_for_its_review_and_lapses_with_none(shop: Shop, clock: FrozenClock) -> None:
    id_, (refund, buyer) = shop.premises.shop.id, await wished(shop)
    clock.move(LAPSE + timedelta(days=9))
    assert await shop.store.read(lambda unit: wishes.is_wish(unit, id_, refund))
    assert [each.id for each in await shop.store.read(lambda unit: wishes.of_buyer(unit, id_, buyer))] == [refund.id]
    await shop.store.write(lambda unit: reviews.close_about(unit, id_, Kind.REFUND, [refund.id], "admin", "dropped"))
    assert not await shop.store.read(lambda unit: wishes.is_wish(unit, id_, refund))
    assert await shop.store.read(lambda unit: wishes.of_buyer(unit, id_, buyer)) == []
    assert not await do(shop, refunds.owe, refund)


async def test_what_is_owed_is_a_wish_no_more(shop: Shop, clock: FrozenClock) -> None:
    id_, (refund, buyer) = shop.premises.shop.id, await wished(shop)
    clock.move(LAPSE)
    assert await do(shop, refunds.owe, refund)
    assert not await shop.store.read(lambda unit: wishes.is_wish(unit, id_, refund))
    assert await shop.store.read(lambda unit: wishes.of_buyer(unit, id_, buyer)) == []


async def test_nobody_sees_the_wishes_of_another_shop(shop: Shop) -> None:
    refund, buyer = await wished(shop)
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, shop.premises.vault))
    assert await shop.store.read(lambda unit: wishes.of_buyer(unit, other.id, buyer)) == []
    assert not await shop.store.read(lambda unit: wishes.is_wish(unit, other.id, refund))


async def test_what_banks_have_told_of_refunds_is_counted_by_means(shop: Shop) -> None:
    id_, (refund, _) = shop.premises.shop.id, await wished(shop)
    admin = await shop.meet("999")

    async def told() -> Heard:
        return await shop.store.read(lambda unit: heard(unit, id_, Means.VIETQR, BEFORE))

    assert await told() == Heard(0, 0, outgoing=False)
    await do(shop, refunds.owe, refund)
    assert [each.id for each in await shop.store.read(lambda unit: refunds.payable(unit, id_, Means.VIETQR))] == []
    await do(shop, refunds.confirm, refund, PAYEE, admin.id)
    assert len(await shop.store.read(lambda unit: refunds.payable(unit, id_, Means.VIETQR))) == 1
    assert await shop.store.read(lambda unit: refunds.payable(unit, id_, Means.PAYOUT)) == []
    await do(shop, refunds.send, refund, admin.id)
    assert await told() == Heard(1, 0, outgoing=False)
    await shop.settle(shop.sighting("tien dien", -5_000))
    await do(shop, refunds.settle, refund, None)
    assert await told() == Heard(1, 1, outgoing=True)
    assert await shop.store.read(lambda unit: heard(unit, id_, Means.BY_HAND, BEFORE)) == Heard(0, 0, outgoing=True)
    assert await shop.store.read(lambda unit: heard(unit, id_, Means.VIETQR, AFTER)) == Heard(0, 0, outgoing=False)
