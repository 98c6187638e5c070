"""/refund for money that no VietQR carries: Stars, which Telegram gives back, and dollars, which go by hand."""

import pytest

from flows.messages import Reply
from sales.purchase import Order
from sales.way import Way
from storage.schema.goods import grants
from storage.schema.money import refunds
from storage.store import Store
from tests.bot.talk.people import Person, lines, say, tokens
from tests.flows.starry import Starry


@pytest.fixture
async def starry(lite: Store) -> Starry:
    return await Starry.open(lite)


@pytest.fixture
async def admin(starry: Starry) -> Person:
    return Person(starry.shop, "999")


async def confirmed(admin: Person, command: str) -> list[Reply]:
    """The command, and yes; what the admin is told then."""
    asked = await admin.type(command)
    assert lines(asked)[0] == "refund-sure", say(asked)
    return await admin.press(next(each for each in tokens(asked) if each.startswith("refund-yes:")))


async def test_stars_are_asked_about_once_and_no_account_is_asked_for(starry: Starry, admin: Person) -> None:
    order = await starry.order()
    await starry.pay(order)
    replies = await confirmed(admin, f"/refund {order.code.lower()} 100 đổi ý")
    assert lines(replies) == ["refund-stars-under-way"]
    assert not [each for each in tokens(replies) if each.startswith("refund-")]
    for language in ("vi", "en"):
        assert "100" in say(replies, language)
    await starry.shop.work()
    assert starry.shop.mouths["telegram"].given_back == [("42", "stx1")]


@pytest.mark.parametrize(
    ("typed", "told"), [("40", "refund-stars-whole"), ("40⭐ x", "refund-stars-whole"), ("1.50", "refund-amount-wrong")]
)
async def test_no_part_of_stars_goes_back(starry: Starry, admin: Person, typed: str, told: str) -> None:
    order = await starry.order()
    await starry.pay(order)
    replies = await admin.type(f"/refund {order.code} {typed}")
    assert lines(replies) == [told]
    assert say(replies)


async def test_an_owed_refund_in_stars_is_only_looked_at(starry: Starry, admin: Person) -> None:
    order = await starry.order()
    await starry.pay(order)
    await confirmed(admin, f"/refund {order.code}")
    listed = await admin.type("/refund")
    (token,) = [each for each in tokens(listed) if each.startswith("refund-open:")]
    assert lines(await admin.press(token)) == ["refund-stars-under-way"]


async def test_dollars_are_noted_and_sent_by_hand(starry: Starry, admin: Person) -> None:
    order = await starry.order(Way("bakong", "USD"))
    number = (await starry.attempts(order))[-1].number
    money = starry.shop.sighting("", 500, source="bakong", currency="USD", number=number)
    await starry.shop.settle(money)
    replies = await confirmed(admin, f"/refund {order.code} 1.50")
    assert lines(replies) == ["refund-by-hand"]
    assert "0987654321" in say(replies, "en")
    (token,) = [each for each in tokens(replies) if each.startswith("refund-sent:")]
    (note,) = [each for each in await admin.press(token) if each.lines]
    assert (lines([note]), note.replace, note.refund) == (["refund-card-sent-by-hand"], "100", None)
    assert say([note], "en")
    assert lines(await admin.press(token)) == ["refund-not-open"]
    assert [(each["state"], each["amount"]) for each in (await starry.shop.story(order))["refunds"]] == [("sent", 150)]


async def paid_twice(starry: Starry) -> Order:
    """In Stars, and once more in đồng by the old card."""
    order = await starry.order()
    await starry.pay(order)
    await starry.shop.settle(starry.shop.sighting(order.code))
    return order


@pytest.mark.parametrize("typed", ["", "79k", "79k VND", "79.000 đ", "79000d nhầm", "VND", "79.000 ₫"])
async def test_the_second_payment_goes_back_and_the_goods_stay(starry: Starry, admin: Person, typed: str) -> None:
    order = await paid_twice(starry)
    asked = await admin.type(f"/refund {order.code} {typed}")
    assert set(lines(asked)) <= {"refund-sure", "refund-sure-reason"}
    assert "79.000" in say(asked)
    await admin.press(next(each for each in tokens(asked) if each.startswith("refund-yes:")))
    assert [row.state for row in await starry.shop.rows(grants)] == ["granted"]


@pytest.mark.parametrize("typed", ["100 XTR", "100⭐", "100 stars đổi ý", "XTR"])
async def test_the_sale_goes_back_when_its_currency_is_named(starry: Starry, admin: Person, typed: str) -> None:
    order = await paid_twice(starry)
    assert "refund-sure-revokes" in lines(await admin.type(f"/refund {order.code} {typed}"))


@pytest.mark.parametrize("typed", ["5 USD", "$", "20khr sorry"])
async def test_a_currency_that_is_not_held_is_told_with_what_is(starry: Starry, admin: Person, typed: str) -> None:
    order = await paid_twice(starry)
    replies = await admin.type(f"/refund {order.code} {typed}")
    assert lines(replies) == ["refund-which-currency"]
    for language in ("vi", "en"):
        assert "79000 VND, 100 XTR" in say(replies, language)
        assert f"/refund {order.code} VND" in say(replies, language)
    assert await starry.shop.rows(refunds) == []
