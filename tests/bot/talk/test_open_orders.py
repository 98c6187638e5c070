"""Several orders that wait at once: beside each other up to the shop's limit, and the way out is said."""

from dataclasses import replace

import pytest

from sales.people import Peer
from storage import buyers
from storage.schema.orders import orders as orders_table
from tests.bot.talk.chooser import EMAIL, choosing
from tests.bot.talk.people import Person, lines, tokens


def limit(person: Person, most: int) -> None:
    shop = person.shop
    shop.premises = replace(shop.premises, shop=replace(shop.premises.shop, most_open=most))


async def payments(person: Person) -> list[str]:
    return [row.payment for row in await person.shop.rows(orders_table)]


async def plans(person: Person) -> list[int]:
    return [(await person.shop.offer(place)).plan for place in range(3)]


async def buy_also(person: Person, plan: int, email: str = "") -> None:
    assert lines(await person.press(f"also:{plan}")) == ["ask-email-optional"]
    replies = await (person.type(email) if email else person.press(f"nomail:{plan}"))
    assert lines(replies) == ["card-caption"]


@pytest.mark.parametrize("email", ["", EMAIL])
async def test_another_plan_may_be_bought_beside_the_one_that_waits(person: Person, email: str) -> None:
    await person.buy()
    _, second, _ = await plans(person)
    await buy_also(person, second, email)
    assert await payments(person) == ["open", "open"]


async def test_a_wrong_address_in_between_forgets_nothing(person: Person) -> None:
    await person.buy()
    _, second, _ = await plans(person)
    await person.press(f"also:{second}")
    assert lines(await person.type("nonsense")) == ["email-wrong"]
    assert lines(await person.type(EMAIL)) == ["card-caption"]


async def test_who_must_choose_how_to_pay_buys_beside_it_too(person: Person) -> None:
    first = await person.buy()
    choosing(person)
    _, second, _ = await plans(person)
    await person.press(f"also:{second}")
    assert lines(await person.press(f"nomail:{second}")) == ["choose-way"]
    assert lines(await person.press(f"way:{second}:gone.VND.0")) == ["toast-way-gone", "choose-way"]
    await person.press(f"way:{second}:vnpay.VND.0")
    newest = await person.open_order()
    assert newest is not None
    assert newest.code != first.code
    assert await payments(person) == ["open", "open"]


async def test_a_second_tap_finds_the_order_that_the_first_one_made(person: Person) -> None:
    await person.buy()
    _, second, _ = await plans(person)
    await buy_also(person, second)
    assert lines(await person.press(f"also:{second}")) == ["order-still-open", "card-caption"]
    assert lines(await person.press(f"nomail:{second}")) == ["order-still-open", "card-caption"]
    assert await payments(person) == ["open", "open"]


async def test_at_the_limit_each_can_be_paid_or_cancelled_from_the_page(person: Person) -> None:
    limit(person, 2)
    first = await person.buy()
    _, second, third = await plans(person)
    await buy_also(person, second)
    newest = await person.open_order()
    assert newest is not None
    for press in ("buy", "also"):
        replies = await person.press(f"{press}:{third}")
        assert lines(replies) == ["order-too-many-open"]
        assert tokens(replies) == [
            f"order:{newest.code}", f"cancel:{newest.code}", f"order:{first.code}", f"cancel:{first.code}",
        ]  # fmt: skip
    await person.press(f"cancelled:{first.code}")
    await buy_also(person, third)
    assert await payments(person) == ["cancelled", "open", "open"]


async def test_a_limit_of_one_offers_to_swap_and_nothing_beside(person: Person) -> None:
    limit(person, 1)
    order = await person.buy()
    _, second, _ = await plans(person)
    for press in ("buy", "also"):
        replies = await person.press(f"{press}:{second}")
        assert lines(replies) == ["another-order-open"]
        assert tokens(replies) == [f"order:{order.code}", f"swap:{order.code}:{second}"]
    assert lines(await person.press(f"swap:{order.code}:{second}")) == ["ask-email-optional"]
    assert lines(await person.press(f"nomail:{second}")) == ["card-caption"]
    assert await payments(person) == ["cancelled", "open"]


async def test_a_limit_that_was_reached_meanwhile_makes_no_order(person: Person) -> None:
    limit(person, 2)
    await person.buy()
    _, second, third = await plans(person)
    await person.press(f"also:{third}")
    await person.shop.order(await peer(person), plan=1)
    assert lines(await person.press(f"nomail:{third}")) == ["order-too-many-open"]
    assert second in await plans(person)
    assert await payments(person) == ["open", "open"]


async def peer(person: Person) -> Peer:
    shop = person.shop.premises.shop.id
    found = await person.shop.store.read(lambda unit: buyers.peer_at(unit, shop, "telegram", person.chat))
    assert found is not None
    return found
