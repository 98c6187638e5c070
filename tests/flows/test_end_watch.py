"""The end of the watch: nothing stays open, and a part that is held is told."""

from datetime import timedelta

from flows.cancel_order import cancel_order
from sales.money import Money
from tests.clock import FrozenClock
from tests.flows.shop import Shop

DAY = timedelta(hours=25)


async def end(shop: Shop, clock: FrozenClock) -> None:
    """Let the window and the watch run out, one after the other."""
    clock.move(timedelta(minutes=31))
    await shop.work()
    clock.move(DAY)
    await shop.work()


async def test_a_part_on_an_order_nobody_can_pay_any_more_is_told_to_buyer_and_admins(
    shop: Shop, clock: FrozenClock
) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.settle(shop.sighting(order.code, 20_000))
    await shop.work()
    await end(shop, clock)
    held = [each for each in shop.mouths["telegram"].shown if each.reply.lines and "held" in each.reply.lines[0].id]
    assert {each.reply.lines[0].id for each in held} == {"part-is-held", "admin-part-held"}
    assert {each.reply.lines[0].values["came"] for each in held} == {Money(20_000)}
    assert peer.external in {each.to for each in held}
    assert "open" not in [each["state"] for each in (await shop.story(order))["attempts"]]


async def test_an_order_without_money_ends_silently(shop: Shop, clock: FrozenClock) -> None:
    await shop.order(await shop.meet())
    await end(shop, clock)
    assert shop.mouths["telegram"].shown[-1].reply.lines[0].id in ("order-expired", "card-expired")


async def test_an_order_that_was_paid_after_all_is_left_alone(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order(await shop.meet())
    clock.move(timedelta(minutes=31))
    await shop.work()
    await shop.settle(shop.sighting(order.code))
    clock.move(DAY)
    await shop.work()
    assert (await shop.story(order))["order"]["payment"] == "paid"


async def test_a_cancelled_order_has_an_end_too(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.settle(shop.sighting(order.code, 20_000))
    await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, f"buyer:{peer.buyer}"))
    await end(shop, clock)
    assert "admin-part-held" in [each.reply.lines[0].id for each in shop.mouths["telegram"].shown if each.reply.lines]
