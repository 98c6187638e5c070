"""A link is closed when its attempt is over, so that nobody pays it any more."""

from datetime import timedelta

import pytest

from flows.cancel_order import cancel_order
from flows.links import CLOSE
from gateways.gateway import LinkState
from sales.errors import Later, Rejected
from sales.people import Peer
from sales.purchase import Order
from tests.clock import FrozenClock
from tests.flows.gate import Gate
from tests.flows.shop import PRICE, Shop


async def linked(shop: Shop, peer: Peer) -> tuple[Gate, Order, int]:
    """An order whose link is on its card, and the link's number."""
    gate = shop.sell_by_links()
    order = await shop.order(peer)
    await shop.work()
    return gate, order, gate.wanted[0].number


async def cancel(shop: Shop, peer: Peer, order: Order) -> None:
    await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, f"buyer:{peer.buyer}"))


async def test_a_cancelled_orders_link_is_closed(shop: Shop) -> None:
    gate, order, number = await linked(shop, peer := await shop.meet())
    await cancel(shop, peer, order)
    assert [row.lane for row in await shop.jobs(CLOSE)] == [None]
    await shop.work()
    assert gate.cancelled == [(number, "cancelled")]
    (closed,) = [event for event in (await shop.story(order))["events"] if event["kind"] == "link.closed"]
    assert closed["detail"] == {"gateway": "payos", "number": number, "link": f"link{number}", "became": "cancelled"}
    assert shop.mouths["telegram"].lines(peer.external) == ["card-caption", "card-cancelled"]
    turned = shop.mouths["telegram"].shown[-1].reply
    assert turned.lines[0].values["code"] == order.code
    assert turned.choices[0][0].token == f"order:{order.code}"


async def test_an_expired_orders_link_is_closed(shop: Shop, clock: FrozenClock) -> None:
    gate, _, number = await linked(shop, await shop.meet())
    clock.move(timedelta(minutes=31))
    await shop.work()
    assert gate.cancelled == [(number, "expired")]


async def test_a_short_payment_closes_the_link_and_opens_one_for_the_rest(shop: Shop) -> None:
    gate, order, number = await linked(shop, peer := await shop.meet())
    gate.stands(number, LinkState.UNDERPAID)
    await shop.settle(shop.sighting(order.code, 20_000))
    await shop.work()
    assert gate.cancelled == [(number, "replaced")]
    assert [wanted.amount.minor for wanted in gate.wanted] == [PRICE, PRICE - 20_000]
    old, rest = (await shop.story(order))["attempts"]
    assert (old["state"], rest["state"], rest["amount"]) == ("replaced", "open", PRICE - 20_000)
    lines = shop.mouths["telegram"].lines(peer.external)
    assert sorted(lines) == sorted(["card-caption", "money-short", "card-replaced", "card-caption"])
    await shop.settle(shop.sighting(order.code, PRICE - 20_000))
    await shop.work()
    assert (await shop.story(order))["order"]["payment"] == "paid"


async def test_a_part_paid_before_the_link_is_there_asks_only_for_the_rest(shop: Shop) -> None:
    gate = shop.sell_by_links()
    gate.troubles = [Later("down")]
    order = await shop.order(peer := await shop.meet())
    await shop.settle(shop.sighting(order.code, 20_000))
    await shop.work()
    states = [(each["state"], each["amount"]) for each in (await shop.story(order))["attempts"]]
    assert states == [("replaced", PRICE), ("open", PRICE - 20_000)]
    assert shop.mouths["telegram"].lines(peer.external).count("card-caption") == 1


async def test_the_link_for_a_rest_ends_with_the_watch(shop: Shop, clock: FrozenClock) -> None:
    gate, order, _ = await linked(shop, await shop.meet())
    await shop.settle(shop.sighting(order.code, 20_000))
    await shop.work()
    clock.move(timedelta(minutes=31))
    await shop.work()
    assert gate.wanted[-1].until == order.watch_until
    clock.move(timedelta(hours=25))
    await shop.work()
    assert (gate.cancelled[-1], set(gate.states)) == ((gate.wanted[-1].number, "expired"), {"closed"})


async def test_a_link_that_was_paid_itself_is_left_alone(shop: Shop) -> None:
    gate, order, number = await linked(shop, await shop.meet())
    gate.stands(number, LinkState.PAID)
    await shop.settle(shop.sighting(order.code))
    await shop.work()
    assert (gate.cancelled, gate.states) == ([], ["paid"])


async def test_a_link_whose_order_was_paid_by_other_money_is_closed(shop: Shop) -> None:
    gate, order, number = await linked(shop, await shop.meet())
    await shop.settle(shop.sighting(order.code))
    await shop.work()
    assert gate.cancelled == [(number, "paid")]


async def test_a_gateway_that_is_down_is_asked_again(shop: Shop, clock: FrozenClock) -> None:
    gate, order, number = await linked(shop, peer := await shop.meet())
    gate.deaf = Later("down")
    await cancel(shop, peer, order)
    await shop.work()
    assert gate.cancelled == []
    gate.deaf = None
    clock.move(timedelta(seconds=5))
    await shop.work()
    assert gate.cancelled == [(number, "cancelled")]


async def test_a_refusal_is_the_end_of_it(shop: Shop) -> None:
    gate, order, _ = await linked(shop, peer := await shop.meet())
    gate.deaf = Rejected("paid already")
    await cancel(shop, peer, order)
    await shop.work()
    assert [row.state for row in await shop.jobs(CLOSE)] == ["done"]
    assert "link.closed" not in [event["kind"] for event in (await shop.story(order))["events"]]


async def test_without_the_gateways_secrets_a_link_is_left_to_its_time(shop: Shop) -> None:
    gate, order, _ = await linked(shop, peer := await shop.meet())
    await cancel(shop, peer, order)
    shop.gate = None
    await shop.work()
    assert ([row.state for row in await shop.jobs(CLOSE)], gate.states) == (["done"], ["open"])


@pytest.mark.parametrize("amount", [PRICE, PRICE + 1])
async def test_somebody_elses_link_of_that_number_is_left_alone(shop: Shop, amount: int) -> None:
    gate, order, number = await linked(shop, peer := await shop.meet())
    gate.occupy(number, amount)
    await cancel(shop, peer, order)
    await shop.work()
    assert gate.cancelled == []


async def test_an_order_paid_to_the_shops_own_account_has_no_link_to_close(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await cancel(shop, peer, order)
    assert await shop.jobs(CLOSE) == []
