import pytest

from storage.schema.orders import orders as orders_table
from tests.bot.talk.people import Person, lines, tokens


async def payments(person: Person) -> list[str]:
    return [row.payment for row in await person.shop.rows(orders_table)]


async def test_with_nothing_going_on_there_is_nothing_to_cancel(person: Person) -> None:
    assert lines(await person.type("/cancel")) == ["nothing-to-cancel"]


async def test_while_an_address_is_asked_for_cancel_drops_the_question(person: Person) -> None:
    await person.press(f"buy:{(await person.shop.offer()).plan}")
    assert lines(await person.type("/cancel")) == ["cancelled-talk"]
    assert lines(await person.type("an@example.com")) == ["not-understood"]
    assert await payments(person) == []


async def test_with_an_open_order_cancel_asks_once(person: Person) -> None:
    order = await person.buy()
    replies = await person.type("/cancel")
    assert lines(replies) == ["cancel-sure"]
    assert tokens(replies) == [f"cancelled:{order.code}", f"order:{order.code}"]
    assert await payments(person) == ["open"]


async def test_yes_takes_the_order_back_and_no_shows_its_card(person: Person) -> None:
    order = await person.buy()
    assert lines(await person.press(f"cancel:{order.code}")) == ["cancel-sure"]
    assert lines(await person.press(f"order:{order.code}")) == ["card-caption"]
    assert lines(await person.press(f"cancelled:{order.code}")) == ["order-cancelled"]
    assert await payments(person) == ["cancelled"]


async def test_yes_twice_says_how_the_order_stands(person: Person) -> None:
    order = await person.buy()
    await person.press(f"cancelled:{order.code}")
    assert lines(await person.press(f"cancelled:{order.code}")) == ["order-is-cancelled"]
    assert lines(await person.type("/cancel")) == ["nothing-to-cancel"]


@pytest.mark.parametrize("verb", ["cancel", "cancelled", "paid"])
async def test_what_is_paid_is_handed_over_instead(person: Person, verb: str) -> None:
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code))
    before = len(await person.shop.jobs("deliver_goods"))
    await person.press(f"{verb}:{order.code}")
    assert await payments(person) == ["paid"]
    assert len(await person.shop.jobs("deliver_goods")) == before + 1
