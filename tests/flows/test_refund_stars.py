"""Stars go back as they came, by Telegram itself, once; other currencies by hand, and đồng as ever."""

from dataclasses import replace

import pytest

from flows.refund_stars import refund_stars
from flows.task import Task
from gateways.stars_payment import given_back
from sales.errors import Later, Rejected, Tell
from sales.purchase import Order
from sales.transfer import Payer
from sales.way import Way
from storage.queue import Claimed
from storage.schema.goods import grants
from storage.store import Store
from tests.flows.desk import Desk
from tests.flows.mouths import Mouth
from tests.flows.starry import Starry


@pytest.fixture
async def starry(store: Store) -> Starry:
    return await Starry.open(store)


@pytest.fixture
async def desk(starry: Starry) -> Desk:
    return await Desk.open(starry.shop)


def mouth(starry: Starry) -> Mouth:
    return starry.shop.mouths["telegram"]


async def paid(starry: Starry) -> Order:
    order = await starry.order()
    await starry.pay(order)
    await starry.shop.work()
    return order


async def held(starry: Starry, currency: str = "XTR") -> dict[str, int]:
    return {str(name): minor for name, minor in (await starry.shop.books())["totals"][currency].items() if minor}


async def told(desk: Desk, order: Order, minor: int | None) -> str:
    with pytest.raises(Tell) as said:
        await desk.ask(order, minor)
    return said.value.message


async def test_a_whole_payment_goes_back_without_an_account(starry: Starry, desk: Desk) -> None:
    order = await paid(starry)
    prospect = await desk.ask(order)
    assert (prospect.refund.amount.minor, prospect.refund.amount.currency, prospect.whole) == (100, "XTR", True)
    refund = (await desk.confirm(prospect)).refund
    assert await held(starry) == {"received": 100, "refund_owed": 100}
    assert [row.state for row in await starry.shop.rows(grants)] == ["revoked"]
    await starry.shop.work()
    assert mouth(starry).given_back == [("42", "stx1")]
    assert (await desk.look(refund)).state == "settled"
    assert await held(starry) == {"received": 100, "refund_paid": 100}
    assert "order-refund-sent-stars" in mouth(starry).lines("42")
    assert "admin-stars-returned" in mouth(starry).lines("999")
    assert [row.state for row in await starry.shop.jobs("refund_stars")] == ["done"]


async def test_the_buyer_is_told_and_asked_nothing(starry: Starry, desk: Desk) -> None:
    await desk.owed(await paid(starry))
    await starry.shop.work()
    (shown,) = [each for each in mouth(starry).shown if "refund-is-coming" in each.lines]
    assert shown.lines == ["refund-is-coming", "refund-revokes", "refund-stars-return"]
    assert shown.reply.choices == ()


@pytest.mark.parametrize("minor", [1, 99, 101, 200])
async def test_telegram_gives_back_no_part(starry: Starry, desk: Desk, minor: int) -> None:
    assert await told(desk, await paid(starry), minor) == "refund-stars-whole"


async def test_of_two_payments_the_second_goes_first_and_the_goods_with_the_last(starry: Starry, desk: Desk) -> None:
    order = await paid(starry)
    await starry.pay(order, "stx2")
    first = await desk.ask(order)
    assert (first.refund.amount.minor, first.whole) == (100, False)
    await desk.confirm(first)
    assert [row.state for row in await starry.shop.rows(grants)] == ["granted"]
    await desk.owed(order)
    await starry.shop.work()
    assert mouth(starry).given_back == [("42", "stx2"), ("42", "stx1")]
    assert [row.state for row in await starry.shop.rows(grants)] == ["revoked"]
    assert await told(desk, order, None) == "refund-nothing-held"


async def test_two_admins_at_once_give_one_payment_back_once(starry: Starry, desk: Desk) -> None:
    order = await paid(starry)
    asked = [await desk.ask(order), await desk.ask(order)]
    await desk.confirm(asked[0])
    with pytest.raises(Tell) as said:
        await desk.confirm(asked[1])
    assert said.value.message == "refund-overtaken"


async def test_the_platforms_own_word_on_our_refund_is_only_noted(starry: Starry, desk: Desk) -> None:
    order = await starry.order()
    charge = await starry.pay(order)
    await desk.owed(order)
    await starry.take_back(charge)
    assert await held(starry) == {"received": 100, "refund_owed": 100}, "heard before the job was done"
    assert ("refund.stars_heard", "stars") in await desk.events(order), "the order's story tells of it"
    await starry.shop.work()
    await starry.take_back(charge)
    assert await held(starry) == {"received": 100, "refund_paid": 100}
    assert await starry.shop.meanings() == ["exact"]


async def test_a_job_that_comes_again_books_once(starry: Starry, desk: Desk) -> None:
    refund = await desk.owed(await paid(starry))
    mouth(starry).trouble = Later("busy", 0)
    await starry.shop.work()
    assert (await desk.look(refund)).state == "approved"
    mouth(starry).trouble = None
    await again(starry)
    await again(starry)
    assert await held(starry) == {"received": 100, "refund_paid": 100}
    assert mouth(starry).given_back == [("42", "stx1")]


async def again(starry: Starry) -> None:
    """The refund's job at its next moment, however long that is."""
    (row,) = await starry.shop.jobs("refund_stars")
    after = await refund_stars(starry.shop.office, Task(Claimed(row.id, "worker", 2, dict(row._mapping))))
    if after is not None:
        await starry.shop.store.write(after)


async def test_what_telegram_refuses_stays_owed_and_is_told_once_a_day(starry: Starry, desk: Desk) -> None:
    refund = await desk.owed(await paid(starry))
    mouth(starry).trouble = Rejected("BALANCE_TOO_LOW")
    for _ in range(2):
        await starry.shop.work()
    assert (await desk.look(refund)).state == "approved"
    assert (await starry.shop.said("999")).count("admin-stars-refused") == 1
    (row,) = await starry.shop.jobs("refund_stars")
    assert (row.state, row.attempts) == ("ready", 0), "it waits for the seller, however long"


async def test_nobodys_word_marks_stars_as_sent(starry: Starry, desk: Desk) -> None:
    refund = await desk.owed(await paid(starry))
    with pytest.raises(Tell) as said:
        await desk.close(refund)
    assert said.value.message == "refund-not-open"


@pytest.mark.parametrize(("currency", "price"), [("USD", 500), ("KHR", 20_000)])
async def test_other_money_goes_back_by_hand(starry: Starry, desk: Desk, currency: str, price: int) -> None:
    order = await starry.order(Way("bakong", currency))
    number = (await starry.attempts(order))[-1].number
    money = starry.shop.sighting(order.code, price, source="bakong", currency=currency, account="", number=number)
    await starry.shop.settle(money)
    prospect = await desk.ask(order, price - 100)
    assert not prospect.whole
    refund = await desk.look((await desk.confirm(prospect)).refund)
    assert (refund.payable, refund.payee.account) == (True, "0987654321")
    assert (await held(starry, currency))["refund_owed"] == price - 100
    await desk.close(refund)
    assert await held(starry, currency) == {"received": price, "revenue": 100, "refund_paid": price - 100}
    assert "order-refund-sent-by_hand" in await starry.shop.said("42")


async def test_money_of_an_unknown_payer_goes_back_by_hand_all_the_same(starry: Starry, desk: Desk) -> None:
    order = await starry.order(Way("bakong", "USD"))
    number = (await starry.attempts(order))[-1].number
    money = starry.shop.sighting("", 500, source="bakong", currency="USD", number=number, payer=Payer())
    await starry.shop.settle(money)
    refund = await desk.owed(order)
    assert (await desk.close(refund)).state == "sent"


async def test_what_telegram_took_back_of_its_own_accord_does_not_go_again(starry: Starry, desk: Desk) -> None:
    order = await paid(starry)
    await starry.take_back(await starry.pay(order, "stx2"))
    assert await held(starry) == {"received": 100, "revenue": 100}
    refund = await desk.owed(order)
    await starry.shop.work()
    assert mouth(starry).given_back == [("42", "stx1")]
    assert (await desk.look(refund)).state == "settled"
    assert await told(desk, order, None) == "refund-nothing-held"


async def test_no_payment_goes_back_that_is_more_than_what_is_held(starry: Starry, desk: Desk) -> None:
    """Whatever has taken the newer one out of the books, under whichever name."""
    order = await paid(starry)
    newer = await starry.pay(order, "stx2", 250)
    await starry.hear(replace(given_back(newer), ref="elsewhere"))
    assert await held(starry) == {"received": 100, "revenue": 100}
    assert (await desk.ask(order)).refund.amount.minor == 100
    assert await told(desk, order, 250) == "refund-stars-whole"
