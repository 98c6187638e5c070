"""Owing money: who may ask for how much, once, and what it does to books, goods and buyer."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import pytest

from flows.expire_orders import expire_order
from flows.messages import unpack
from flows.refund_order import drop_refund
from sales.errors import Tell
from sales.payee import Payee
from sales.purchase import Order
from sales.refund import LAPSE
from sales.transfer import Payer
from sales.vietqr import LARGEST
from storage.schema.goods import grants
from storage.schema.money import postings
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.shop import PRICE, Shop


async def told(act: Awaitable[object]) -> str:
    """What somebody is told instead."""
    with pytest.raises(Tell) as said:
        await act
    return said.value.message


async def test_all_that_is_held_is_owed_and_the_licence_revoked(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    prospect = await desk.ask(order)
    assert (prospect.refund.amount.minor, prospect.whole, prospect.cancels) == (PRICE, True, False)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}, "asking alone moves nothing"
    refund = await desk.owed(order)
    assert await shop.totals() == {"received": PRICE, "refund_owed": PRICE}
    assert refund.memo == f"{refund.code} HOAN TIEN"
    assert (refund.code or "").startswith("RF")
    story = await shop.story(order)
    assert story["order"]["payment"] == "paid"
    assert [each["state"] for each in story["grants"]] == ["revoked"]
    assert [(each["state"], each["amount"]) for each in story["refunds"]] == [("approved", PRICE)]
    who = "admin:telegram:999"
    assert await desk.events(order) == [
        ("admin.refund_asked", who),
        ("admin.refund_asked", who),
        ("admin.refund_owed", who),
    ]


async def test_a_part_leaves_the_licence_and_the_rest_takes_it(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid(PRICE + 5_000)
    await desk.owed(order, 50_000)
    assert await shop.totals() == {
        "received": PRICE + 5_000,
        "revenue": PRICE - 45_000,
        "refund_owed": 50_000,
    }, "the surplus is given back first"
    assert [row.state for row in await shop.rows(grants)] == ["granted"]
    await desk.owed(order)
    assert [row.state for row in await shop.rows(grants)] == ["revoked"]
    assert await shop.totals() == {"received": PRICE + 5_000, "refund_owed": PRICE + 5_000}
    assert await told(desk.ask(order)) == "refund-nothing-held"


async def test_only_what_came_for_that_order_can_be_given_back(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order, other = await desk.paid(), await shop.order()
    assert await told(desk.ask(order, PRICE + 1)) == "refund-too-much"
    assert await told(desk.ask(other)) == "refund-nothing-held"
    assert (await desk.ask(order, PRICE)).whole


async def test_codes_without_an_order_are_told(shop: Shop) -> None:
    desk = await Desk.open(shop)
    nobody = await shop.order()
    for code in ("KX2222222", "", "\0", "KX", "x" * 100):
        made_up = Order(**{name: getattr(nobody, name) for name in nobody.__slots__} | {"code": code})
        assert await told(desk.ask(made_up)) == "refund-order-unknown"


async def test_one_vietqr_carries_no_more_than_banks_send_at_once(sqlite_shop: Shop) -> None:
    desk = await Desk.open(sqlite_shop)
    order = await desk.paid(LARGEST + 10)
    prospect = await desk.ask(order)
    assert (prospect.refund.amount.minor, prospect.whole) == (LARGEST, False)
    assert await told(desk.ask(order, LARGEST + 1)) == "refund-too-much"


async def test_money_that_came_too_late_can_be_given_back(shop: Shop, clock: FrozenClock) -> None:
    desk = await Desk.open(shop)
    order = await shop.order()
    clock.move(timedelta(days=40))
    await shop.settle(shop.sighting(order.code))
    assert await shop.totals() == {"received": PRICE, "unplaced": PRICE}
    await desk.owed(order)
    assert await shop.totals() == {"received": PRICE, "refund_owed": PRICE}


async def test_a_part_paid_order_is_cancelled_when_its_money_goes_back(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid(30_000)
    prospect = await desk.ask(order)
    assert prospect.cancels
    await desk.confirm(prospect)
    story = await shop.story(order)
    assert (story["order"]["payment"], story["order"]["deposited"]) == ("cancelled", 0)
    assert ("order.cancelled", "admin:telegram:999") in [(each["kind"], each["actor"]) for each in story["events"]]
    await shop.settle(shop.sighting(order.code))
    assert (await shop.story(order))["order"]["payment"] == "paid", "its whole price still pays"


async def test_an_order_that_is_over_asks_no_more_for_the_rest_of_what_goes_back(
    shop: Shop, clock: FrozenClock
) -> None:
    """Its time to pay had run out, and a card for the rest was open as long as the shop watched."""
    gate = shop.sell_by_links()
    desk = await Desk.open(shop)
    order = await shop.order(buyer := await shop.meet("buyer"))
    await shop.work()
    await shop.settle(shop.sighting(order.code, 30_000))
    clock.now = order.pay_until
    await shop.work()
    assert [each["state"] for each in (await shop.story(order))["attempts"]][-1] == "open"
    prospect = await desk.ask(order)
    assert (prospect.cancels, prospect.closes) == (False, True)
    await desk.confirm(prospect)
    await shop.work()
    story = await shop.story(order)
    assert (story["order"]["payment"], story["attempts"][-1]["state"]) == ("expired", "cancelled")
    assert "card-cancelled" in shop.mouths["telegram"].lines(buyer.external)
    assert set(gate.states) == {"closed"}
    await shop.settle(shop.sighting(order.code, 10_000))
    again = await desk.ask(order)
    assert not again.closes, "no card waits for the rest"


async def test_what_waits_to_ask_for_the_rest_leaves_an_order_whose_part_went_back(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid(30_000)
    assert len(await shop.jobs("ask_for_rest")) == 1
    await desk.owed(order, 20_000)
    await shop.work()
    assert [each["state"] for each in (await shop.story(order))["attempts"]] == ["cancelled"]


async def test_nothing_that_is_held_is_nothing_to_ask_the_rest_of(shop: Shop, clock: FrozenClock) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid(30_000)
    clock.now = order.pay_until
    await shop.store.write(lambda unit: expire_order(unit, shop.premises, order.id))
    await desk.owed(order)
    await shop.work()
    assert [each["state"] for each in (await shop.story(order))["attempts"]] == ["expired"]


async def test_pressing_yes_twice_owes_once(shop: Shop) -> None:
    desk = await Desk.open(shop)
    prospect = await desk.ask(await desk.paid(), 50_000)
    await desk.confirm(prospect)
    assert await told(desk.confirm(prospect)) == "refund-confirmed-already"
    assert (await shop.totals())["refund_owed"] == 50_000


async def test_of_two_admins_at_once_one_wins(shop: Shop) -> None:
    desk, other = await Desk.open(shop), await shop.meet("998")
    order = await desk.paid()
    asked = [await desk.ask(order, 30_000), await desk.ask(order, 30_000, other)]
    presses = [desk.confirm(each, by) for each in asked for by in (desk.admin, other)]
    done = await asyncio.gather(*presses, return_exceptions=True)
    assert sum(not isinstance(each, Exception) for each in done) == 1
    assert {each.message for each in done if isinstance(each, Tell)} == {"refund-overtaken", "refund-confirmed-already"}
    assert (await shop.totals())["refund_owed"] == 30_000


async def test_money_that_came_meanwhile_makes_it_be_asked_again(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    prospect = await desk.ask(order)
    await shop.settle(shop.sighting(order.code))
    assert await told(desk.confirm(prospect)) == "refund-overtaken"
    assert (await desk.ask(order)).refund.amount.minor == 2 * PRICE


async def test_a_question_lapses_after_a_quarter_of_an_hour(shop: Shop, clock: FrozenClock) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    prospect = await desk.ask(order)
    clock.move(LAPSE)
    assert await told(desk.confirm(prospect)) == "refund-lapsed"
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}
    await desk.owed(order)


async def test_what_was_dropped_cannot_be_confirmed(shop: Shop) -> None:
    desk = await Desk.open(shop)
    prospect = await desk.ask(await desk.paid())

    async def drop() -> None:
        await shop.store.write(lambda unit: drop_refund(unit, shop.premises, desk.admin, prospect.refund))

    await drop()
    assert await told(desk.confirm(prospect)) == "refund-gone"
    assert await told(drop()) == "refund-confirmed-already"


async def test_a_failing_telling_leaves_nothing_booked(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await Desk.open(shop)
    prospect = await desk.ask(await desk.paid())
    monkeypatch.setattr("flows.refund_order.ask_payee", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await desk.confirm(prospect)
    assert [row for row in await shop.rows(postings) if row.refund_id] == []
    assert [row.state for row in await shop.rows(grants)] == ["granted"]


async def test_the_buyer_is_told_and_asked_about_the_account_by_its_end(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await shop.order()
    await shop.settle(shop.sighting(order.code, payer=Payer("NGUYEN VAN A", "0071000123456", "Vietcombank")))
    refund = await desk.owed(order)
    (job,) = [row for row in await shop.jobs("reply") if row.dedupe == f"refund:{refund.id}:owed"]
    reply = unpack(job.payload["reply"])
    assert [line.id for line in reply.lines] == ["refund-is-coming", "refund-revokes", "refund-your-account"]
    assert dict(reply.lines[-1].values) == {"bank": "Vietcombank", "tail": "3456", "holder": "NGUYEN VAN A"}
    assert refund.payee.account not in str(job.payload)
    tokens = [choice.token for row in reply.choices for choice in row]
    assert tokens == [f"refund-mine:{refund.mark}", f"refund-other:{refund.id}"]
    assert all(len(token or "") <= 62 for token in tokens)


@pytest.mark.parametrize("payer", [Payer(), Payer("A B", "123456", "timo"), Payer("A B", "xx3456", "VCB")])
async def test_without_a_payer_to_send_to_the_buyer_is_asked_for_one(sqlite_shop: Shop, payer: Payer) -> None:
    desk = await Desk.open(sqlite_shop)
    order = await sqlite_shop.order()
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, payer=payer))
    refund = await desk.owed(order, 1_000)
    assert not refund.payee
    (job,) = [row for row in await sqlite_shop.jobs("reply") if row.dedupe == f"refund:{refund.id}:owed"]
    assert [line["id"] for line in job.payload["reply"]["lines"]] == ["refund-is-coming", "refund-which-account"]


A, B, A_AGAIN = Payer("A B", "123456", "VCB"), Payer("C D", "654321", "VCB"), Payer("a b", "123456", "Vietcombank")
SAME_NUMBER_ELSEWHERE = Payer("A B", "123456", "MB")


@pytest.mark.parametrize("little", [B, SAME_NUMBER_ELSEWHERE, Payer(), Payer("C D", "xx", "VCB")])
@pytest.mark.parametrize("first", [True, False])
async def test_a_stranger_who_sends_a_little_does_not_choose_where_all_of_it_goes(
    sqlite_shop: Shop, little: Payer, first: bool
) -> None:
    desk = await Desk.open(sqlite_shop)
    order = await sqlite_shop.order()
    for amount, payer in sorted([(1_000, little), (PRICE, A)], key=lambda each: each[0], reverse=not first):
        await sqlite_shop.settle(sqlite_shop.sighting(order.code, amount, payer=payer))
    refund = await desk.owed(order)
    assert (refund.payee, refund.amount.minor) == (Payee(), PRICE + 1_000)
    (job,) = [row for row in await sqlite_shop.jobs("reply") if row.dedupe == f"refund:{refund.id}:owed"]
    assert job.payload["reply"]["lines"][-1]["id"] == "refund-which-account"


async def test_one_account_that_paid_in_parts_is_proposed_however_its_bank_spells_it(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await shop.order()
    await shop.settle(shop.sighting(order.code, 30_000, payer=A), shop.sighting(order.code, 49_000, payer=A_AGAIN))
    payee = (await desk.owed(order)).payee
    assert (payee.bin, payee.account) == ("970436", "123456")


async def test_goods_that_wait_to_be_sent_are_not_shown_after_a_refund(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid(email="an@example.com")
    await desk.owed(order)
    await shop.work()
    goods = [each for mouth in shop.mouths.values() for each in mouth.shown if "goods-licence" in each.lines]
    assert len(goods) == 2
    for each in goods:
        assert "goods-revoked" in each.lines
        assert "goods-key" not in each.lines
        assert each.copies == []
