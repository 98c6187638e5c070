"""Stars as the chat tells of them: settled once, never lost, and never booked twice when they go back."""

import pytest

from gateways.stars_payment import Charge, paid
from sales.way import Way
from storage.schema.goods import grants
from storage.schema.money import notices
from storage.store import Store
from tests.flows.shop import PRICE
from tests.flows.starry import Starry


@pytest.fixture
async def starry(store: Store) -> Starry:
    return await Starry.open(store)


async def stars(starry: Starry) -> dict[str, int]:
    """What stands on each account that holds any Stars."""
    return {str(name): minor for name, minor in (await starry.shop.books())["totals"]["XTR"].items() if minor}


async def test_a_payment_pays_its_order_and_its_goods_follow(starry: Starry) -> None:
    order = await starry.order()
    await starry.pay(order)
    story = await starry.shop.story(order)
    assert (story["order"]["payment"], story["order"]["currency"], story["order"]["total"]) == ("paid", "XTR", 100)
    assert [each["state"] for each in story["grants"]] == ["granted"]
    assert await stars(starry) == {"received": 100, "revenue": 100}
    assert "payment-received" in await starry.shop.said("42")


async def test_once_per_charge_whatever_is_told_again(starry: Starry) -> None:
    order = await starry.order()
    charge = await starry.pay(order)
    for _ in range(2):
        await starry.hear(paid(charge))
    assert await starry.shop.meanings() == ["exact"]
    assert len(await starry.shop.rows(grants)) == len(await starry.shop.rows(notices)) == 1


async def test_a_second_payment_is_the_buyers_credit(starry: Starry) -> None:
    order = await starry.order()
    await starry.pay(order)
    await starry.pay(order, "stx2")
    assert await starry.shop.meanings() == ["exact", "second"]
    assert await stars(starry) == {"received": 200, "revenue": 100, "credit": 100}
    assert "admin-second" in await starry.shop.said("999")


async def test_less_than_the_price_does_not_pay(starry: Starry) -> None:
    order = await starry.order()
    await starry.pay(order, amount=99)
    assert (await starry.shop.story(order))["order"]["payment"] == "open"
    assert await stars(starry) == {"received": 99, "deposit": 99}


@pytest.mark.parametrize("payload", ["", "x", "KX2222222:5", "KX2345678:999999999"])
async def test_money_of_nobody_is_kept_and_told(starry: Starry, payload: str) -> None:
    await starry.order()
    await starry.hear(paid(Charge("stx9", 100, "XTR", payload, "42", "NGUYEN VAN A", None)))
    assert await starry.shop.meanings() == ["unmatched"]
    assert await stars(starry) == {"received": 100, "unplaced": 100}
    assert "admin-unmatched" in await starry.shop.said("999")


async def test_money_by_an_invoice_that_another_way_has_replaced_pays_all_the_same(starry: Starry) -> None:
    order = await starry.order()
    charge = await starry.charge(order)
    await starry.change(order, Way("casso", "VND", 1, bank=True))
    await starry.hear(paid(charge))
    story = await starry.shop.story(order)
    assert (story["order"]["payment"], story["order"]["currency"]) == ("paid", "XTR")


async def test_a_payment_answers_nothing_of_the_talk(starry: Starry) -> None:
    order = await starry.order()
    before = await starry.shop.said("42")
    await starry.pay(order)
    new = (await starry.shop.said("42"))[len(before) :]
    assert new == ["payment-received"]


async def test_stars_that_somebody_else_gave_back_are_booked_out_once(starry: Starry) -> None:
    order = await starry.order()
    charge = await starry.pay(order)
    for _ in range(2):
        await starry.take_back(charge)
    assert await stars(starry) == {}
    assert [row.state for row in await starry.shop.rows(grants)] == ["revoked"]
    assert "admin-reversed" in await starry.shop.said("999")


async def test_what_never_came_cannot_go_back(starry: Starry) -> None:
    order = await starry.order()
    await starry.take_back(await starry.charge(order))
    assert (await starry.shop.books())["balanced"]
    assert (await starry.shop.story(order))["order"]["payment"] == "open"


async def test_parts_in_two_currencies_never_add_up(starry: Starry) -> None:
    order = await starry.order(Way("casso", "VND", 1, bank=True))
    await starry.shop.settle(starry.shop.sighting(order.code, PRICE - 1))
    await starry.change(order, Way("stars", "XTR"))
    assert (await starry.attempts(order))[-1].amount.minor == 100
    await starry.pay(order)
    assert (await starry.shop.story(order))["order"]["payment"] == "paid"
    assert (await starry.shop.totals())["credit"] == PRICE - 1
