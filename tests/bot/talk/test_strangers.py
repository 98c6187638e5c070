"""How an order stands is told to nobody but the chat that owns it, whatever is pressed or typed."""

import json

import pytest

from bot.talk.answer import COMMANDS, PRESSES
from tests.bot.talk.people import Person, lines, say, tokens

STRANGER = "77"


async def heard(person: Person, code: str, *acts: str) -> str:
    """All that a stranger hears in return, as words and as buttons."""
    stranger = Person(person.shop, STRANGER)
    replies = [reply for act in acts for reply in await (stranger.type if act[0] == "/" else stranger.press)(act)]
    told = say(replies) + json.dumps(tokens(replies)) + json.dumps(lines(replies))
    return told.replace(f"/order {code}", "")


@pytest.mark.parametrize("paid", [False, True])
@pytest.mark.parametrize("press", sorted(PRESSES))
async def test_a_button_with_somebody_elses_code_tells_nothing(person: Person, press: str, paid: bool) -> None:
    order = await person.buy()
    if paid:
        await person.shop.settle(person.shop.sighting(order.code, order.total.minor + 5_000))
    before = len(await person.shop.jobs()), (await person.shop.story(order))["order"]
    acts = [f"{press}:{order.code}{more}" for more in ("", ":VND", ":casso.VND.1", f":{order.id}")]
    told = await heard(person, order.code, *acts, f"{press}:{order.id}")
    assert order.code not in told
    assert (await person.shop.story(order))["order"] == before[1]
    theirs = [row for row in (await person.shop.jobs())[before[0] :] if row.payload.get("to") != STRANGER]
    assert [row for row in theirs if row.topic in ("deliver_goods", "turn_card")] == []


@pytest.mark.parametrize("command", sorted(COMMANDS))
async def test_a_command_with_somebody_elses_code_tells_nothing(person: Person, command: str) -> None:
    order = await person.buy()
    assert order.code not in await heard(person, order.code, f"/{command} {order.code}", f"/{command}", "/whatever")


@pytest.mark.parametrize("first", ["claim", "credit-keep", "credit-back", "paid", "ways"])
async def test_a_typed_code_after_a_button_tells_nothing(person: Person, first: str) -> None:
    order = await person.buy()
    stranger = Person(person.shop, STRANGER)
    await stranger.press(f"{first}:{order.code}")
    assert order.code not in say(await stranger.type(order.code))
