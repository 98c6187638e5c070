"""A gateway that makes no link: the buyer is told, and gets the shop's own QR where the shop has an account."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from flows.cancel_order import cancel_order
from flows.do_without_link import PATIENT_TRIES
from flows.links import OPEN
from gateways.gateway import LinkState
from sales.errors import Later, Rejected
from sales.people import Peer
from sales.purchase import Order
from sales.vietqr import decode
from storage.schema.shop import bank_accounts
from tests.clock import FrozenClock
from tests.flows.shop import ACCOUNT, ADMIN, PRICE, Shop

REFUSED = Rejected("201: signature")


def heard(shop: Shop, to: str) -> list[str]:
    return shop.mouths["telegram"].lines(to)


async def attempts(shop: Shop, order: Order) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = (await shop.story(order))["attempts"]
    return told


async def wait(shop: Shop, clock: FrozenClock, times: int) -> None:
    """Let so many backoffs go by."""
    for _ in range(times):
        clock.move(timedelta(seconds=20))
        await shop.work()


async def refuse(shop: Shop, peer: Peer, *, spare: bool) -> Order:
    gate = shop.sell_by_links(spare=spare)
    gate.troubles = [REFUSED]
    order = await shop.order(peer)
    await shop.work()
    return order


async def test_refused_the_shop_draws_a_qr_to_its_own_account(shop: Shop) -> None:
    order = await refuse(shop, peer := await shop.meet(), spare=True)
    asked, own = await attempts(shop, order)
    assert (asked["state"], own["state"], own["gateway"]) == ("replaced", "open", "casso")
    qr = decode(own["qr"])
    assert (qr.account, qr.amount, qr.memo) == (ACCOUNT, PRICE, order.code)
    assert own["expires_at"] == order.pay_until.isoformat()
    assert own["number"] > asked["number"]
    assert heard(shop, peer.external) == ["card-caption"]
    assert heard(shop, ADMIN.external) == ["admin-link-refused"]
    (failed,) = [event for event in (await shop.story(order))["events"] if event["kind"] == "link.failed"]
    assert failed["detail"] == {"reason": "201: signature"}


async def test_refused_at_once_it_left_nothing_and_a_link_of_its_number_is_somebody_elses(shop: Shop) -> None:
    gate = shop.sell_by_links(spare=True)
    gate.troubles = [REFUSED]
    order = await shop.order()
    gate.occupy((await attempts(shop, order))[0]["number"], PRICE)
    await shop.work()
    assert ([each["state"] for each in await attempts(shop, order)], gate.states) == (["replaced", "open"], ["open"])


async def test_that_qr_can_be_paid(shop: Shop) -> None:
    order = await refuse(shop, await shop.meet(), spare=True)
    await shop.settle(shop.sighting(order.code))
    await shop.work()
    story = await shop.story(order)
    assert (story["order"]["payment"], story["deliveries"][0]["state"]) == ("paid", "sent")


async def test_refused_without_another_way_the_buyer_is_told_and_gets_it_when_the_seller_has_mended_it(
    shop: Shop, clock: FrozenClock
) -> None:
    order = await refuse(shop, peer := await shop.meet(), spare=False)
    assert heard(shop, peer.external) == ["qr-cannot-be-made"]
    assert [each["state"] for each in await attempts(shop, order)] == ["asked"]
    clock.move(timedelta(minutes=10))
    await shop.work()
    assert [each["state"] for each in await attempts(shop, order)] == ["open"]
    assert heard(shop, peer.external) == ["qr-cannot-be-made", "card-caption"]


async def test_a_shop_without_a_bank_account_has_no_other_way(shop: Shop) -> None:
    await shop.store.write(lambda unit: unit.conn.execute(update(bank_accounts).values(shown=False)))
    await refuse(shop, peer := await shop.meet(), spare=True)
    assert heard(shop, peer.external) == ["qr-cannot-be-made"]


async def test_refused_again_and_again_the_buyer_hears_once_and_the_admins_once_a_day(
    shop: Shop, clock: FrozenClock
) -> None:
    gate = shop.sell_by_links()
    gate.troubles = [REFUSED] * 4
    await shop.order(peer := await shop.meet("1"))
    await shop.work()
    clock.move(timedelta(minutes=10))
    await shop.work()
    await shop.order(await shop.meet("2"))
    await shop.work()
    assert heard(shop, peer.external) == ["qr-cannot-be-made"]
    assert heard(shop, ADMIN.external) == ["admin-link-refused"]
    clock.move(timedelta(days=1))
    gate.troubles = [REFUSED] * 4
    await shop.order(await shop.meet("3"))
    await shop.work()
    assert heard(shop, ADMIN.external) == ["admin-link-refused"] * 2


async def test_the_admins_read_which_gateway_and_why(shop: Shop) -> None:
    order = await refuse(shop, await shop.meet(), spare=False)
    (told,) = [each for each in shop.mouths["telegram"].shown if each.to == ADMIN.external]
    assert told.reply.lines[0].values == {"gateway": "payos", "code": order.code, "reason": "201: signature"}


async def test_without_an_answer_for_long_the_shop_draws_its_own(shop: Shop, clock: FrozenClock) -> None:
    gate = shop.sell_by_links(spare=True)
    gate.troubles = [Later("down")] * 9
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    await wait(shop, clock, PATIENT_TRIES - 2)
    assert [each["state"] for each in await attempts(shop, order)] == ["asked"]
    await wait(shop, clock, 1)
    assert [each["state"] for each in await attempts(shop, order)] == ["replaced", "open"]
    assert heard(shop, peer.external) == ["qr-is-late", "card-caption"]
    assert len(gate.wanted) == PATIENT_TRIES


async def test_without_another_way_it_goes_on_asking(shop: Shop, clock: FrozenClock) -> None:
    gate = shop.sell_by_links()
    gate.troubles = [Later("down")] * 5
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    await wait(shop, clock, 5)
    assert [each["state"] for each in await attempts(shop, order)] == ["open"]
    assert heard(shop, peer.external) == ["qr-is-late", "card-caption"]


async def test_a_link_that_was_made_all_the_same_is_closed_when_another_qr_took_its_place(
    shop: Shop, clock: FrozenClock
) -> None:
    gate = shop.sell_by_links(spare=True)
    gate.lost, gate.deaf = 1, Later("down")
    order = await shop.order()
    await shop.work()
    await wait(shop, clock, PATIENT_TRIES - 1)
    assert [each["state"] for each in await attempts(shop, order)] == ["replaced", "open"]
    gate.deaf = None
    await wait(shop, clock, 1)
    assert [link.state for link in gate.made.values()] == [LinkState.CLOSED]


async def test_an_order_cancelled_meanwhile_gets_no_other_qr(shop: Shop) -> None:
    gate = shop.sell_by_links(spare=True)
    gate.troubles = [REFUSED]
    order = await shop.order(peer := await shop.meet())

    async def cancel() -> None:
        await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, f"buyer:{peer.buyer}"))

    gate.meanwhile = cancel
    await shop.work()
    assert [each["state"] for each in await attempts(shop, order)] == ["cancelled"]
    assert heard(shop, peer.external) == []
    assert [row.state for row in await shop.jobs(OPEN)] == ["done"]
