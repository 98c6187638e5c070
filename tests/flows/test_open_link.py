"""A payment link for every attempt: made once, found again, and never shown when nobody should pay it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from flows.cancel_order import cancel_order
from flows.carry_out import HANDLERS
from flows.links import OPEN
from flows.task import Task
from gateways.gateway import LinkState
from sales.errors import Later, StoreBusy
from sales.people import Peer
from sales.purchase import Order
from storage import queue
from storage.schema.orders import attempts
from storage.schema.shop import bank_accounts
from storage.schema.work import outbox
from tests.clock import FrozenClock
from tests.flows.gate import VIRTUAL
from tests.flows.shop import LEASE, PRICE, Shop


async def attempt(shop: Shop, order: Order) -> dict[str, Any]:
    """The newest attempt as the order's story tells it."""
    newest: dict[str, Any] = (await shop.story(order))["attempts"][-1]
    return newest


async def kinds(shop: Shop, order: Order) -> list[str]:
    return [event["kind"] for event in (await shop.story(order))["events"]]


def heard(shop: Shop, peer: Peer) -> list[str]:
    return shop.mouths["telegram"].lines(peer.external)


async def test_an_order_is_asked_for_first_and_shown_when_the_gateway_has_answered(shop: Shop) -> None:
    gate = shop.sell_by_links()
    order = await shop.order(peer := await shop.meet())
    asked = await attempt(shop, order)
    assert (asked["state"], asked["qr"], asked["link_id"], asked["gateway"]) == ("asked", "", None, "payos")
    assert [row.lane for row in await shop.jobs(OPEN)] == [None]
    await shop.work()
    told = await attempt(shop, order)
    number = told["number"]
    assert (told["state"], told["qr"], told["memo"]) == ("open", f"QR{number}", f"CS62H9BJD45 {order.code}")
    assert (told["link_id"], told["link_url"]) == (f"link{number}", f"https://pay.example/{number}")
    assert heard(shop, peer) == ["card-caption"]
    assert "link.opened" in await kinds(shop, order)
    (wanted,) = gate.wanted
    assert (wanted.code, wanted.amount, wanted.until) == (order.code, order.total, order.pay_until)
    assert wanted.back == "https://shop.example/back"


async def test_its_card_names_what_the_link_pays_to_and_opens_its_page(shop: Shop) -> None:
    shop.sell_by_links()
    order = await shop.order()
    await shop.work()
    (card,) = shop.mouths["telegram"].shown
    memo = f"CS62H9BJD45 {order.code}"
    assert card.copies == [VIRTUAL, str(PRICE), memo]
    assert card.reply.lines[0].values["memo"] == memo
    assert card.reply.lines[0].values["code"] == order.code
    urls = [choice.url for row in card.reply.choices for choice in row if choice.url]
    assert urls == [(await attempt(shop, order))["link_url"]]
    assert card.picture is not None
    assert card.picture.png == f"{VIRTUAL} {PRICE} {memo}".encode()
    assert card.picture.name == f"{order.code}.png"


async def test_no_bank_account_is_needed(shop: Shop) -> None:
    shop.sell_by_links()
    await shop.store.write(lambda unit: unit.conn.execute(delete(bank_accounts)))
    order = await shop.order()
    await shop.work()
    assert (await attempt(shop, order))["state"] == "open"


async def test_what_is_known_of_the_qr_is_kept_for_the_bank_and_for_pictures(shop: Shop) -> None:
    shop.sell_by_links()
    await shop.order()
    await shop.work()
    (row,) = await shop.rows(attempts)
    assert (row.bin, row.account, row.holder) == ("970422", VIRTUAL, "NGUYEN VAN A")
    assert len(row.qr_md5) == 32


async def test_an_answer_that_got_lost_is_asked_for_and_taken(shop: Shop) -> None:
    gate = shop.sell_by_links()
    gate.lost, gate.tells_qr = 1, True
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    assert (await attempt(shop, order))["state"] == "open"
    assert (len(gate.wanted), len(gate.made), heard(shop, peer)) == (1, 1, ["card-caption"])


async def test_a_link_found_without_its_qr_is_closed_and_another_one_made(shop: Shop) -> None:
    gate = shop.sell_by_links()
    gate.lost = 1
    order = await shop.order()
    first = (await attempt(shop, order))["number"]
    await shop.work()
    told = await attempt(shop, order)
    assert (told["state"], told["number"]) == ("open", first + 1)
    assert (gate.cancelled, gate.states) == ([(first, "replaced")], ["closed", "open"])


async def test_a_gateway_that_never_got_it_is_asked_again_later_and_the_buyer_hears_once(
    shop: Shop, clock: FrozenClock
) -> None:
    gate = shop.sell_by_links()
    gate.troubles = [Later("timed out"), Later("timed out")]
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    assert (await attempt(shop, order))["state"] == "asked"
    for _ in range(2):
        clock.move(timedelta(seconds=10))
        await shop.work()
    assert (await attempt(shop, order))["state"] == "open"
    assert heard(shop, peer) == ["qr-is-late", "card-caption"]
    assert {wanted.number for wanted in gate.wanted} == set(gate.made)


async def test_a_busy_store_is_no_fault_of_the_gateways(shop: Shop) -> None:
    gate = shop.sell_by_links()
    gate.troubles = [StoreBusy("locked")]
    await shop.order(peer := await shop.meet())
    await shop.work()
    assert heard(shop, peer) == []


async def test_after_a_crash_the_link_is_found_under_its_number(shop: Shop, clock: FrozenClock) -> None:
    gate = shop.sell_by_links()
    gate.tells_qr = True
    order = await shop.order()
    (claimed,) = [
        row
        for row in await shop.store.write(lambda unit: queue.claim(unit, outbox, "dies", 10, LEASE))
        if row.row["topic"] == OPEN
    ]
    await HANDLERS[OPEN](shop.office, Task(claimed))
    assert (await attempt(shop, order))["state"] == "asked"
    clock.move(LEASE)
    await shop.work()
    told = await attempt(shop, order)
    assert (told["state"], told["link_id"], len(gate.made)) == ("open", f"link{told['number']}", 1)


@pytest.mark.parametrize(("amount", "memo"), [(PRICE, ""), (PRICE + 1, ""), (PRICE, "KX9999999")])
async def test_a_number_that_somebody_else_has_used_is_left_alone(shop: Shop, amount: int, memo: str) -> None:
    gate = shop.sell_by_links()
    gate.tells_qr = True
    order = await shop.order()
    taken = (await attempt(shop, order))["number"]
    gate.occupy(taken, amount, memo)
    await shop.work()
    told = await attempt(shop, order)
    assert (told["state"], told["number"]) == ("open", taken + 1)
    assert (gate.cancelled, gate.asked, gate.states) == ([], 0, ["open", "open"])


async def test_after_an_unheard_call_a_link_of_another_price_or_order_is_left_alone(
    shop: Shop, clock: FrozenClock
) -> None:
    gate = shop.sell_by_links()
    gate.troubles = [Later("timed out")]
    order = await shop.order()
    taken = (await attempt(shop, order))["number"]
    await shop.work()
    gate.occupy(taken, PRICE, "KX9999999")
    clock.move(timedelta(seconds=10))
    await shop.work()
    told = await attempt(shop, order)
    assert (told["state"], told["number"] > taken) == ("open", True)
    assert (gate.cancelled, gate.states) == ([], ["open", "open"])


async def test_a_number_whose_link_is_over_is_not_used_again(shop: Shop) -> None:
    gate = shop.sell_by_links()
    gate.tells_qr = True
    order = await shop.order()
    taken = (await attempt(shop, order))["number"]
    gate.occupy(taken, PRICE)
    gate.stands(taken, LinkState.PAID)
    await shop.work()
    assert (await attempt(shop, order))["number"] == taken + 1
    assert gate.cancelled == []


async def test_many_taken_numbers_are_not_all_tried_in_one_go(shop: Shop, clock: FrozenClock) -> None:
    gate = shop.sell_by_links()
    order = await shop.order()
    first = (await attempt(shop, order))["number"]
    for number in range(first, first + 4):
        gate.occupy(number, 1)
    await shop.work()
    assert ((await attempt(shop, order))["state"], len(gate.wanted)) == ("asked", 3)
    clock.move(timedelta(seconds=10))
    await shop.work()
    told = await attempt(shop, order)
    assert (told["state"], told["number"] > first + 3) == ("open", True)


async def test_an_order_cancelled_during_the_call_gets_no_card_and_its_link_is_closed(shop: Shop) -> None:
    gate = shop.sell_by_links()
    order = await shop.order(peer := await shop.meet())

    async def cancel() -> None:
        await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, f"buyer:{peer.buyer}"))

    gate.meanwhile = cancel
    await shop.work()
    assert (await attempt(shop, order))["state"] == "cancelled"
    assert (gate.states, heard(shop, peer)) == (["closed"], [])
    assert "link.closed" in await kinds(shop, order)


async def test_an_order_cancelled_while_a_number_was_spent_asks_for_no_other(shop: Shop) -> None:
    gate = shop.sell_by_links()
    order = await shop.order(peer := await shop.meet())
    gate.occupy((await attempt(shop, order))["number"], PRICE)

    async def cancel() -> None:
        await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, f"buyer:{peer.buyer}"))

    gate.meanwhile = cancel
    await shop.work()
    assert (len(gate.wanted), gate.states, gate.cancelled) == (1, ["open"], [])
    assert [(row.state, row.last_error) for row in await shop.jobs(OPEN)] == [("done", None)]


async def test_an_order_cancelled_before_is_not_asked_for_and_what_was_left_is_closed(
    shop: Shop, clock: FrozenClock
) -> None:
    gate = shop.sell_by_links()
    gate.lost, gate.deaf = 1, Later("down")
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, f"buyer:{peer.buyer}"))
    gate.deaf = None
    clock.move(timedelta(seconds=10))
    await shop.work()
    assert (len(gate.wanted), gate.states) == (1, ["closed"])


async def test_a_link_is_not_asked_for_when_its_time_is_over(shop: Shop, clock: FrozenClock) -> None:
    gate = shop.sell_by_links(spare=True)
    order = await shop.order(peer := await shop.meet())
    clock.now = order.pay_until
    gate.occupy((await attempt(shop, order))["number"], PRICE)
    await shop.work()
    assert (gate.wanted, gate.cancelled, (await attempt(shop, order))["state"]) == ([], [], "expired")
    assert heard(shop, peer) == ["order-expired"]


async def test_a_job_done_twice_changes_nothing(shop: Shop) -> None:
    gate = shop.sell_by_links()
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    before = await shop.story(order)
    again = update(outbox).where(outbox.c.topic == OPEN).values(state="ready", owner=None)
    await shop.store.write(lambda unit: unit.conn.execute(again))
    await shop.work()
    after = await shop.story(order)
    assert after["attempts"] == before["attempts"]
    assert (len(gate.wanted), gate.states) == (1, ["open"])
    await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, f"buyer:{peer.buyer}"))
    await shop.work()
    assert gate.states == ["closed"]


async def test_without_a_gateway_to_ask_the_order_waits_for_the_seller(shop: Shop, clock: FrozenClock) -> None:
    gate = shop.sell_by_links()
    shop.gate = None
    order = await shop.order()
    await shop.work()
    (row,) = await shop.jobs(OPEN)
    assert (row.state, row.attempts) == ("ready", 0)
    shop.gate = gate
    clock.move(timedelta(minutes=10))
    await shop.work()
    assert (await attempt(shop, order))["state"] == "open"


async def test_numbers_of_a_shop_founded_later_are_higher(shop: Shop, clock: FrozenClock) -> None:
    shop.sell_by_links()
    order = await shop.order()
    assert (await attempt(shop, order))["number"] == int(clock.now.timestamp()) + 1
    assert await shop.store.read(lambda unit: unit.conn.execute(select(attempts.c.number)).scalar_one()) > 10**9
