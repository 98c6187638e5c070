from flows.cancel_order import cancel_order
from sales.people import Peer
from sales.purchase import Order
from tests.flows.shop import PRICE, Shop


async def cancel(shop: Shop, peer: Peer, order: Order) -> bool:
    return await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, f"buyer:{peer.buyer}"))


async def test_an_open_order_is_taken_back_and_its_card_turns(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    assert await cancel(shop, peer, order)
    await shop.work()
    story = await shop.story(order)
    assert (story["order"]["payment"], story["attempts"][0]["state"]) == ("cancelled", "cancelled")
    assert shop.mouths["telegram"].lines(peer.external) == ["card-caption", "card-cancelled"]
    assert (story["events"][-1]["kind"], story["events"][-1]["actor"]) == ("order.cancelled", f"buyer:{peer.buyer}")


async def test_a_second_cancel_finds_nothing_to_do(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    assert await cancel(shop, peer, order)
    before = await shop.jobs()
    assert not await cancel(shop, peer, order)
    assert await shop.jobs() == before


async def test_what_is_paid_cannot_be_cancelled(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.settle(shop.sighting(order.code))
    assert not await cancel(shop, peer, order)
    assert (await shop.story(order))["order"]["payment"] == "paid"


async def test_money_that_was_on_its_way_still_pays_a_cancelled_order(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await cancel(shop, peer, order)
    await shop.settle(shop.sighting(order.code))
    assert (await shop.story(order))["order"]["payment"] == "paid"
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}


async def test_a_part_for_a_cancelled_order_is_held_and_the_rest_not_asked_for(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await cancel(shop, peer, order)
    await shop.settle(shop.sighting(order.code, 9_000))
    await shop.work()
    assert shop.mouths["telegram"].lines(peer.external)[-1] == "part-is-held"
    assert [each["state"] for each in (await shop.story(order))["attempts"]] == ["cancelled"]
    await shop.settle(shop.sighting(order.code, PRICE - 9_000))
    assert (await shop.story(order))["order"]["payment"] == "paid"


async def test_a_card_for_the_rest_that_still_waited_does_not_come_after_all(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.settle(shop.sighting(order.code, 9_000))
    await cancel(shop, peer, order)
    await shop.work()
    assert [each["state"] for each in (await shop.story(order))["attempts"]] == ["cancelled"]


async def test_a_card_that_was_never_shown_needs_no_turning(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    shop.mouths["telegram"].trouble = RuntimeError("down")
    await shop.work()
    shop.mouths["telegram"].trouble = None
    await cancel(shop, peer, order)
    (turn,) = await shop.jobs("turn_card")
    assert (turn.lane, turn.payload["state"]) == (peer.lane, "cancelled")
    from flows.show_card import turn_card
    from flows.task import Task
    from storage.queue import Claimed

    await turn_card(shop.office, Task(Claimed(turn.id, "worker", 1, turn._mapping)))
    assert shop.mouths["telegram"].shown == []
