"""The card in the chat: one message that asks for money, whatever is tapped."""

from flows.cancel_order import cancel_order
from flows.show_card import show_card
from sales.people import Peer
from sales.purchase import Order
from storage import orders
from storage.unit import Unit
from tests.flows.shop import Shop


async def show_again(shop: Shop, peer: Peer, order: Order) -> None:
    def again(unit: Unit) -> None:
        attempt = orders.open_attempt(unit, shop.premises.shop.id, order.id)
        assert attempt is not None
        show_card(unit, shop.premises, peer, order, attempt, "again")

    await shop.store.write(again)


async def test_a_card_shown_again_takes_the_place_of_the_older_one(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    await show_again(shop, peer, order)
    await shop.work()
    shown = shop.mouths["telegram"].shown
    assert shop.mouths["telegram"].lines(peer.external) == ["card-caption", "card-caption", "card-moved"]
    assert shown[2].reply.replace == shown[0].message
    await shop.settle(shop.sighting(order.code))
    await shop.work()
    (paid,) = [each for each in shown if each.reply.lines and each.reply.lines[0].id == "card-paid"]
    assert paid.reply.replace == shown[1].message


async def test_a_card_that_nobody_should_pay_any_more_is_not_shown(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, f"buyer:{peer.buyer}"))
    await shop.work()
    assert shop.mouths["telegram"].lines(peer.external) == []
    assert {row.state for row in await shop.jobs("reply")} == {"done"}
