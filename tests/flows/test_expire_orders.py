from datetime import timedelta

from flows.cancel_order import cancel_order
from flows.change_way import change_way
from flows.messages import unpack
from sales.money import Money
from sales.way import Way
from storage import buyers, orders
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.many_prices import BY_CARD, IN_DOLLARS, attempts, order_by, sell_in_all, told_by
from tests.flows.shop import PRICE, Shop

MINUTE = timedelta(minutes=1)


async def test_an_order_expires_at_its_minute_and_not_before(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    clock.now = order.pay_until - timedelta(milliseconds=1)
    await shop.work()
    assert (await shop.story(order))["order"]["payment"] == "open"
    clock.now = order.pay_until
    await shop.work()
    story = await shop.story(order)
    assert (story["order"]["payment"], story["attempts"][0]["state"]) == ("expired", "expired")
    assert story["events"][-1]["kind"] == "order.expired"


async def test_the_card_turns_and_the_buyer_hears_how_long_money_is_still_taken(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    clock.move(31 * MINUTE)
    await shop.work()
    shown = shop.mouths["telegram"].shown
    assert shop.mouths["telegram"].lines(peer.external) == ["card-caption", "card-expired", "order-expired"]
    assert shown[1].reply.replace == shown[0].message
    assert shown[2].reply.lines[0].values["watch"] == order.watch_until
    assert shown[2].reply.choices[0][0].token == f"again:{order.code}"


async def test_a_paid_order_stays_paid(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting(order.code))
    clock.move(31 * MINUTE)
    await shop.work()
    story = await shop.story(order)
    assert (story["order"]["payment"], story["attempts"][0]["state"]) == ("paid", "paid")
    assert "order.expired" not in [event["kind"] for event in story["events"]]


async def test_a_cancelled_order_stays_cancelled(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, f"buyer:{peer.buyer}"))
    clock.move(31 * MINUTE)
    await shop.work()
    assert (await shop.story(order))["order"]["payment"] == "cancelled"
    assert "order-expired" not in await shop.said(peer.external)


async def test_money_after_the_end_still_pays_and_turns_the_order(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    clock.move(31 * MINUTE)
    await shop.work()
    await shop.settle(shop.sighting(order.code))
    await shop.work()
    story = await shop.story(order)
    assert (story["order"]["payment"], story["deliveries"][0]["state"]) == ("paid", "sent")


async def test_a_part_after_the_end_gets_a_card_that_lasts_as_long_as_the_watch(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    clock.move(31 * MINUTE)
    await shop.work()
    await shop.settle(shop.sighting(order.code, 9_000))
    await shop.work()
    rest = (await shop.story(order))["attempts"][-1]
    assert (rest["state"], rest["amount"], rest["expires_at"]) == ("open", 70_000, order.watch_until.isoformat())
    card = unpack((await shop.jobs("reply"))[-1].payload["reply"])
    assert card.lines[0].values["until"] == order.watch_until


async def test_who_has_paid_a_part_hears_where_it_is_and_gets_a_card_for_the_rest(
    shop: Shop, clock: FrozenClock
) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.settle(shop.sighting(order.code, 20_000))
    await shop.work()
    clock.move(31 * MINUTE)
    await shop.work()
    told = [each for each in shop.mouths["telegram"].shown if each.to == peer.external]
    part = next(line for each in told for line in each.reply.lines if line.id == "part-is-kept")
    assert part.values == {"came": Money(20_000), "missing": order.total - Money(20_000)}
    attempts = (await shop.story(order))["attempts"]
    assert [each["state"] for each in attempts] == ["replaced", "expired", "open"]
    assert attempts[-1]["amount"] == order.total.minor - 20_000


async def test_parts_in_two_currencies_are_named_one_by_one_and_the_rest_is_asked_for_once(
    shop: Shop, clock: FrozenClock
) -> None:
    sell_in_all(shop)
    order = await order_by(shop, IN_DOLLARS)
    await shop.settle(await told_by(shop, order, amount=300))
    await shop.settle(shop.sighting(order.code, 20_000))
    await shop.work()
    clock.now = order.pay_until
    await shop.work()
    told = next(each for each in shop.mouths["telegram"].shown if "order-expired" in each.lines).reply.lines
    kept = [line.values for line in told if line.id == "part-is-kept"]
    assert kept == [
        {"came": Money(300, "USD"), "missing": Money(20, "USD")},
        {"came": Money(20_000), "missing": Money(PRICE - 20_000)},
    ]
    opened = [each for each in await attempts(shop, order) if each.state == "open"]
    assert [(each.amount, each.expires_at) for each in opened] == [(Money(PRICE - 20_000), order.watch_until)]


async def test_a_part_in_another_currency_than_the_last_is_not_forgotten(shop: Shop, clock: FrozenClock) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    await shop.settle(shop.sighting(order.code, 20_000))
    await change(shop, order.code, IN_DOLLARS)
    clock.now = order.pay_until
    await shop.work()
    assert "part-is-kept" in [line for each in shop.mouths["telegram"].shown for line in each.lines]
    assert (await attempts(shop, order))[-1].amount == Money(PRICE - 20_000)


async def test_the_card_for_the_rest_offers_other_ways_but_no_taking_back(shop: Shop, clock: FrozenClock) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    await shop.settle(shop.sighting(order.code, 20_000))
    clock.now = order.pay_until
    await shop.work()
    card = shop.mouths["telegram"].shown[-1].reply
    tokens = [choice.token for row in card.choices for choice in row if choice.token]
    assert tokens == [f"paid:{order.code}", f"ways:{order.code}", "orders"]


async def change(shop: Shop, code: str, way: Way) -> None:
    def write(unit: Unit) -> None:
        order = orders.by_code(unit, shop.premises.shop.id, code)
        assert order is not None
        peer = buyers.peer(unit, shop.premises.shop.id, order.peer)
        assert change_way(unit, shop.premises, peer, order, way, "buyer:1")

    await shop.store.write(write)
