"""Movements as an admin decides of them, read on both databases."""

from datetime import timedelta

from sales.settlement import Meaning
from sales.transfer import Payer, Standing
from storage import movements
from storage.movements import Movement
from storage.schema.money import transfers
from tests.clock import FrozenClock
from tests.flows.many_prices import BY_CARD, order_by, sell_in_all, told_by
from tests.flows.queue import Queue
from tests.flows.shop import PRICE, Shop, open_shop


async def movement(shop: Shop, place: int = -1) -> Movement:
    transfer = (await shop.rows(transfers))[place].id
    found = await shop.store.read(lambda unit: movements.of_transfers(unit, shop.premises.shop.id, [transfer]))
    return found[transfer]


async def test_a_movement_is_as_its_first_source_has_told_it(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    clock.move(timedelta(days=60))
    told = shop.sighting(order.code, reference="FT1", booked_at=clock.now)
    await shop.settle(told)
    await shop.settle(shop.sighting("không mã", source="sepay", reference="FT1", booked_at=clock.now))
    found = await movement(shop)
    assert found.sighting == told
    assert (found.meaning, found.order, found.code) == (Meaning.LATE, order.id, order.code)
    assert found.watch_until == order.watch_until
    assert await shop.store.read(lambda unit: movements.of_transfers(unit, shop.premises.shop.id, [])) == {}


async def test_what_is_held_says_so(shop: Shop) -> None:
    sell_in_all(shop)
    order, other = await order_by(shop, BY_CARD), await shop.order()
    await shop.settle(await told_by(shop, order, standing=Standing.HELD, reason="07"))
    assert (await movement(shop)).sighting.standing is Standing.HELD
    shop_id = shop.premises.shop.id
    for wanted, source, count in (([order.id], "vnpay", 1), ([order.id], "bakong", 0), ([other.id], "vnpay", 0)):
        found = await shop.store.read(
            lambda unit, wanted=wanted, source=source: movements.held_for(unit, shop_id, wanted, source)  # type: ignore[misc]
        )
        assert len(found) == count


async def test_what_lies_unplaced_is_counted_for_each_movement_alone(shop: Shop, clock: FrozenClock) -> None:
    queue, order = await Queue.open(shop), await shop.order()
    await shop.settle(shop.sighting("một", 5_000), shop.sighting("hai", 7_000))
    clock.move(timedelta(days=60))
    await shop.settle(shop.sighting(order.code))
    shop_id = shop.premises.shop.id

    async def lies(place: int) -> int:
        each = await movement(shop, place)
        return await shop.store.read(lambda unit: movements.unplaced(unit, shop_id, each))

    assert [await lies(place) for place in range(3)] == [5_000, 7_000, PRICE]
    first, *_ = await queue.waiting()
    await queue.not_ours(first)
    assert [await lies(place) for place in range(3)] == [0, 7_000, PRICE]


async def test_a_payer_is_known_by_the_orders_they_have_paid(shop: Shop) -> None:
    peer, stranger = await shop.meet(), await shop.meet("43")
    paid = await shop.order(peer)
    await shop.settle(shop.sighting(paid.code, payer=Payer("TRAN THI B", "111", "VCB")))
    again, other = await shop.order(peer), await shop.order(stranger)
    codes, shop_id = [again.code, other.code], shop.premises.shop.id

    async def known(payer: Payer, wanted: Shop = shop) -> list[str]:
        return await shop.store.read(lambda unit: movements.paid_before(unit, wanted.premises.shop.id, codes, payer))

    assert await known(Payer("", "111")) == [again.code]
    assert await known(Payer("TRAN THI B", "222")) == [again.code]
    assert await known(Payer("LE VAN C", "222")) == []
    assert await known(Payer()) == []
    assert await known(Payer("", "111"), await open_shop(shop.store, slug="other")) == []
    touched = await shop.store.read(lambda unit: movements.touching(unit, shop_id, paid.id))
    decided = await shop.store.read(lambda unit: movements.decided(unit, shop_id, touched))
    assert [[row.meaning for row in rows] for rows in decided.values()] == [["exact"]]
