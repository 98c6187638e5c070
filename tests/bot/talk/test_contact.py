"""Where a buyer needs a person, the shop says how to reach one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.limit_orders import MOST_ORDERS_AN_HOUR
from flows.messages import Reply
from sales.money import Money
from tests.bot.talk.people import Person, lines
from tests.clock import FrozenClock

CONTACT = "@tiem_mau"
LINE = "contact-line"


@pytest.fixture
def reachable(person: Person) -> Person:
    """A buyer of a shop that names a way to a person."""
    shop = person.shop
    shop.premises = replace(shop.premises, shop=replace(shop.premises.shop, contact=CONTACT))
    return person


def contacts(replies: list[Reply]) -> list[object]:
    return [line.values["contact"] for reply in replies for line in reply.lines if line.id == LINE]


async def test_help_names_the_way(reachable: Person) -> None:
    assert contacts(await reachable.type("/help")) == [CONTACT]


async def test_a_shop_that_names_none_says_nothing_of_it(person: Person) -> None:
    assert LINE not in lines(await person.type("/help"))


async def test_a_refusal_names_the_way(reachable: Person) -> None:
    for _ in range(MOST_ORDERS_AN_HOUR):
        order = await reachable.buy()
        await reachable.press(f"cancelled:{order.code}")
    offer = await reachable.shop.offer()
    await reachable.press(f"buy:{offer.plan}")
    assert lines(await reachable.press(f"nomail:{offer.plan}")) == ["order-too-many-this-hour", LINE]


async def test_an_order_that_is_over_names_the_way(reachable: Person, clock: FrozenClock) -> None:
    order = await reachable.buy()
    clock.move(timedelta(hours=30))
    await reachable.shop.work()
    assert lines(await reachable.press(f"order:{order.code}")) == ["order-is-over", LINE]


@pytest.mark.parametrize(("amounts", "words"), [((None, None), "money-second"), ((500_000,), "money-over")])
async def test_money_that_needs_a_person_names_the_way(
    reachable: Person, amounts: tuple[int | None, ...], words: str
) -> None:
    order = await reachable.buy()
    for amount in amounts:
        paid = reachable.shop.sighting(order.code, amount or order.total.minor)
        await reachable.shop.settle(paid)
    await reachable.shop.work()
    (told,) = [each for each in reachable.shop.mouths["telegram"].shown if words in each.lines]
    assert told.lines == [words, LINE]


async def test_a_part_that_is_kept_names_the_way(reachable: Person, clock: FrozenClock) -> None:
    order = await reachable.buy()
    await reachable.shop.settle(reachable.shop.sighting(order.code, 1000))
    clock.move(timedelta(minutes=31))
    await reachable.shop.work()
    (told,) = [each for each in reachable.shop.mouths["telegram"].shown if "part-is-kept" in each.lines]
    assert told.lines == ["order-expired", "part-is-kept", LINE]
    assert told.reply.lines[1].values["came"] == Money(1000)
