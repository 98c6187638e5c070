"""/refund for money that no VietQR carries: Stars, which Telegram gives back, and dollars, which go by hand."""

import pytest

from flows.messages import Reply
from sales.way import Way
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


@pytest.mark.parametrize(("typed", "told"), [("40", "refund-stars-whole"), ("40đ", "refund-amount-wrong")])
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
