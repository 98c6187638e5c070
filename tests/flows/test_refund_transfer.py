"""Money of which nobody knows the order: given back to an account that an admin names, and nobody else is asked."""

from typing import Any

import pytest

from flows.refund_transfer import Return, ask_refund_of_transfer, confirm_refund_of_transfer
from sales.errors import Tell
from sales.refund import LAPSE, Refund, State
from sales.transfer import Payer
from sales.vietqr import LARGEST
from storage import reviews
from storage.reviews import Review
from storage.schema.money import transfers
from storage.schema.work import events
from tests.clock import FrozenClock
from tests.flows.desk import PAYEE, Desk
from tests.flows.shop import ADMIN, PRICE, Shop


async def stray(shop: Shop, amount: int = 50_000, **changes: Any) -> int:
    """Money that names no order; answers the id of its transfer."""
    await shop.settle(shop.sighting("cam on shop", amount, **changes))
    return int((await shop.rows(transfers))[-1].id)


async def ask(desk: Desk, transfer: int) -> Return:
    premises, admin = desk.shop.premises, desk.admin
    return await desk.shop.store.write(
        lambda unit: ask_refund_of_transfer(unit, premises, admin, transfer, "khong ro cua ai")
    )


async def owed(desk: Desk, refund: Refund) -> Refund:
    premises, admin = desk.shop.premises, desk.admin
    await desk.shop.store.write(lambda unit: confirm_refund_of_transfer(unit, premises, admin, refund.id))
    return await desk.look(refund)


async def waiting(shop: Shop) -> list[Review]:
    return await shop.store.read(lambda unit: reviews.waiting(unit, shop.premises.shop.id, 10))


async def test_it_is_asked_owed_sent_and_settled_like_any_other(shop: Shop) -> None:
    desk = await Desk.open(shop)
    transfer = await stray(shop, payer=Payer("NGUYEN VAN A", "0071000123456", "Vietcombank"))
    asked = await ask(desk, transfer)
    assert (asked.refund.order, asked.refund.transfer, asked.left.minor) == (None, transfer, 50_000)
    assert asked.refund.payee == PAYEE, "the payer's account is proposed"
    assert await shop.totals() == {"received": 50_000, "unplaced": 50_000}
    (review,) = await waiting(shop)
    refund = await owed(desk, asked.refund)
    assert await shop.totals() == {"received": 50_000, "refund_owed": 50_000}
    assert await waiting(shop) == []
    closed = await shop.store.read(lambda unit: reviews.by_id(unit, shop.premises.shop.id, review.id))
    assert closed is not None
    assert (closed.closed_by, closed.outcome, closed.reason) == ("admin:telegram:999", "refunded", "khong ro cua ai")
    settled = await desk.confirm_as_admin(refund)
    sent = await desk.close(settled)
    assert await shop.totals() == {"received": 50_000, "refund_paid": 50_000}
    await shop.settle(shop.sighting(sent.memo, -50_000))
    assert (await desk.look(sent)).state is State.SETTLED
    kinds = [row.kind for row in await shop.rows(events) if "refund" in row.kind]
    assert kinds == [
        "admin.refund_asked",
        "admin.refund_owed",
        "admin.refund_account",
        "admin.refund_sent",
        "refund.settled",
    ]


async def test_nobody_but_admins_hears_of_it(shop: Shop) -> None:
    desk, _ = await Desk.open(shop), await shop.meet("buyer")
    refund = await owed(desk, (await ask(desk, await stray(shop))).refund)
    await desk.close(await desk.confirm_as_admin(refund))
    await shop.settle(shop.sighting(refund.memo))
    await shop.settle(shop.sighting(refund.memo, 50_000))
    assert {row.payload["to"] for row in await shop.jobs("reply")} == {ADMIN.external}


async def test_what_bounces_can_be_named_another_account(shop: Shop) -> None:
    desk = await Desk.open(shop)
    refund = await owed(desk, (await ask(desk, await stray(shop))).refund)
    await desk.close(await desk.confirm_as_admin(refund))
    await shop.settle(shop.sighting(refund.memo, 50_000))
    returned = await desk.look(refund)
    assert (returned.state, returned.payable) == (State.RETURNED, False)
    assert [each.refund for each in await waiting(shop)] == [refund.id]
    await desk.close(await desk.confirm_as_admin(returned))
    assert await shop.totals() == {"received": 50_000, "refund_paid": 50_000}
    assert await waiting(shop) == []


async def test_it_is_given_back_once(shop: Shop) -> None:
    desk, transfer = await Desk.open(shop), 0
    transfer = await stray(shop)
    one, two = await ask(desk, transfer), await ask(desk, transfer)
    await owed(desk, one.refund)
    for again, said in ((one, "refund-confirmed-already"), (two, "refund-transfer-empty")):
        with pytest.raises(Tell, match=said):
            await owed(desk, again.refund)
    with pytest.raises(Tell, match="refund-transfer-empty"):
        await ask(desk, transfer)
    assert (await shop.totals())["refund_owed"] == 50_000


async def test_a_question_lapses_and_what_was_dropped_is_gone(sqlite_shop: Shop, clock: FrozenClock) -> None:
    desk = await Desk.open(sqlite_shop)
    asked = await ask(desk, await stray(sqlite_shop))
    clock.move(LAPSE)
    with pytest.raises(Tell, match="refund-lapsed"):
        await owed(desk, asked.refund)


async def test_money_whose_order_is_known_goes_by_its_order(sqlite_shop: Shop) -> None:
    desk = await Desk.open(sqlite_shop)
    order = await desk.paid()
    (row,) = await sqlite_shop.rows(transfers)
    with pytest.raises(Tell, match="refund-transfer-placed") as told:
        await ask(desk, row.id)
    assert told.value.values == {"code": order.code}
    with pytest.raises(Tell, match="refund-gone"):
        await ask(desk, 10**6)
    of_order = (await desk.ask(order, 1_000)).refund
    with pytest.raises(Tell, match="refund-gone"):
        await owed(desk, of_order)
    assert await sqlite_shop.totals() == {"received": PRICE, "revenue": PRICE}


async def test_what_went_out_or_never_came_is_not_given_back(sqlite_shop: Shop) -> None:
    desk = await Desk.open(sqlite_shop)
    for changes in ({"amount": -50_000}, {"account": "555566667777"}):
        transfer = await stray(sqlite_shop, **changes)
        with pytest.raises(Tell, match="refund-transfer-empty"):
            await ask(desk, transfer)


async def test_more_than_one_vietqr_carries_goes_back_in_parts(sqlite_shop: Shop) -> None:
    desk = await Desk.open(sqlite_shop)
    transfer = await stray(sqlite_shop, LARGEST + 10)
    asked = await ask(desk, transfer)
    assert (asked.refund.amount.minor, asked.left.minor) == (LARGEST, LARGEST + 10)
    await owed(desk, asked.refund)
    assert len(await waiting(sqlite_shop)) == 1, "the rest still waits"
    rest = await ask(desk, transfer)
    assert rest.refund.amount.minor == 10


async def test_other_currencies_go_back_by_hand(sqlite_shop: Shop) -> None:
    desk = await Desk.open(sqlite_shop)
    asked = await ask(desk, await stray(sqlite_shop, 320, currency="USD", payer=Payer("SOK", "sok@bank", "")))
    refund = await owed(desk, asked.refund)
    assert (refund.means, refund.payable, refund.payee.account) == ("by_hand", True, "sok@bank")
