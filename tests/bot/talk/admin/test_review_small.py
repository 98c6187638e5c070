"""One button for all small money: a reason, one question more, and nothing for anybody else."""

import pytest

from storage.schema.money import reviews
from tests.bot.talk.people import Person, lines, say, tokens
from tests.flows.shop import ADMIN


@pytest.fixture
async def admin(person: Person) -> Person:
    return Person(person.shop, ADMIN.external)


async def send(person: Person, *amounts: int) -> None:
    await person.shop.settle(*(person.shop.sighting("x", amount) for amount in amounts))


async def outcomes(person: Person) -> list[str]:
    return [row.outcome for row in await person.shop.rows(reviews)]


async def test_all_are_put_aside_for_one_reason_once_it_is_confirmed(person: Person, admin: Person) -> None:
    await send(person, 1, 50_000, 999)
    assert tokens(await admin.type("/review"))[-1] == "review-small"
    assert lines(await admin.press("review-small")) == ["reviews-small-why"]
    assert lines(await admin.type("\u200b ")) == ["review-reason-missing", "reviews-small-why"]
    asked = await admin.type("ai đó thử tài khoản")
    assert (lines(asked), "1.000" in say(asked), "ai đó thử" in say(asked, "en")) == (
        ["reviews-small-sure"],
        True,
        True,
    )
    assert await outcomes(person) == ["", "", ""]
    await send(person, 5)
    done = await admin.press(tokens(asked)[0])
    assert (lines(done), done[-1].lines[0].values) == (["reviews-small-done"], {"count": 2})
    assert await outcomes(person) == ["discarded", "", "discarded", ""]
    assert say(done, "en")
    assert lines(await admin.press(tokens(asked)[0])) == ["toast-dead-button", "dead-button"]


async def test_the_reason_may_be_typed_anew(person: Person, admin: Person) -> None:
    await send(person, 1, 2)
    await admin.press("review-small")
    await admin.type("sai")
    asked = await admin.type("đúng")
    await admin.press(tokens(asked)[0])
    assert [row.reason for row in await person.shop.rows(reviews)] == ["đúng", "đúng"]


async def test_a_single_one_and_none_have_no_such_button(person: Person, admin: Person) -> None:
    await send(person, 1, 50_000)
    assert "review-small" not in tokens(await admin.type("/review"))
    await admin.press("review-small")
    await admin.press(tokens(await admin.type("x"))[0])
    assert lines(await admin.press("review-small"))[-1] == "reviews-small-none"


@pytest.mark.parametrize("token", ["review-small-yes:1", "review-small-yes:", "review-small-yes:x"])
async def test_a_yes_to_nothing_asked_is_dead(person: Person, admin: Person, token: str) -> None:
    await send(person, 1, 2)
    assert lines(await admin.press(token)) == ["toast-dead-button", "dead-button"]
    assert await outcomes(person) == ["", ""]


async def test_nobody_else_may(person: Person) -> None:
    await send(person, 1, 2)
    for token in ("review-small", "review-small-yes:2"):
        await person.press(token)
    assert await outcomes(person) == ["", ""]
