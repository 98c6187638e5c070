from datetime import timedelta

import pytest

from bot.talk.history import SHOWN
from tests.bot.talk.people import Person, lines, say, tokens
from tests.clock import FrozenClock


async def test_nobody_has_orders_in_the_beginning(person: Person) -> None:
    replies = await person.type("/myorders")
    assert (lines(replies), tokens(replies)) == (["no-orders"], ["start"])


async def test_orders_are_listed_newest_first_each_as_it_stands(person: Person, clock: FrozenClock) -> None:
    paid = await person.buy()
    await person.shop.settle(person.shop.sighting(paid.code))
    expired = await person.buy()
    clock.move(timedelta(minutes=31))
    await person.shop.work()
    cancelled = await person.buy()
    await person.press(f"cancelled:{cancelled.code}")
    waiting = await person.buy()
    replies = await person.type("/myorders")
    made = [waiting, cancelled, expired, paid]
    assert tokens(replies) == [*(f"order:{order.code}" for order in made), "start"]
    assert [sign for sign in say(replies) if sign in "⏳✅⌛✖"] == ["⏳", "✖", "⌛", "✅"]


async def test_only_the_last_orders_are_listed(person: Person, clock: FrozenClock) -> None:
    made = []
    for _ in range(SHOWN + 1):
        clock.move(timedelta(minutes=10))
        made.append(await person.buy())
        await person.press(f"cancelled:{made[-1].code}")
    first, *latest = [f"order:{order.code}" for order in made]
    more = f"orders:{made[1].code}"
    assert tokens(await person.press("orders")) == [*reversed(latest), more, "start"]
    assert tokens(await person.press(more)) == [first, "start"]


async def test_as_many_orders_as_a_page_holds_have_no_second_page(person: Person) -> None:
    for _ in range(SHOWN):
        order = await person.buy()
        await person.press(f"cancelled:{order.code}")
    assert len(tokens(await person.press("orders"))) == SHOWN + 1


async def test_nobody_turns_pages_by_another_persons_order(person: Person) -> None:
    theirs = await Person(person.shop, "43").buy()
    for code in (theirs.code, "99999999999999999999", "\x00"):
        assert lines(await person.press(f"orders:{code}")) == ["toast-dead-button", "dead-button"]


async def test_a_listed_order_names_its_plan(person: Person) -> None:
    order = await person.buy()
    (line,) = (await person.shop.story(order))["order"]["lines"]
    (row, *_) = (await person.type("/myorders"))[0].choices
    assert (row[0].label.values["product"], row[0].label.values["plan"]) == (line["product"], line["plan"])


async def test_a_paid_order_hands_its_goods_over_again(person: Person) -> None:
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code))
    await person.shop.work()
    await person.press(f"order:{order.code}")
    await person.shop.work()
    goods = [each for each in person.shop.mouths["telegram"].shown if "goods-title" in each.lines]
    assert len(goods) == 2
    assert goods[0].copies == goods[1].copies != []


async def test_an_open_order_shows_its_card_again(person: Person) -> None:
    order = await person.buy()
    await person.shop.work()
    await person.press(f"order:{order.code}")
    await person.shop.work()
    cards = [each for each in person.shop.mouths["telegram"].shown if each.picture]
    assert len(cards) == 2
    (attempt,) = (await person.shop.story(order))["attempts"]
    assert attempt["chat_message"] == cards[-1].message


async def test_the_card_shown_last_is_the_one_that_turns(person: Person) -> None:
    order = await person.buy()
    await person.shop.work()
    await person.press(f"order:{order.code}")
    await person.shop.work()
    last = [each for each in person.shop.mouths["telegram"].shown if each.picture][-1]
    await person.shop.settle(person.shop.sighting(order.code))
    await person.shop.work()
    (turned,) = [each for each in person.shop.mouths["telegram"].shown if each.lines == ["card-paid"]]
    assert turned.reply.replace == last.message


async def test_an_expired_order_says_so_and_can_be_bought_again(person: Person, clock: FrozenClock) -> None:
    order = await person.buy()
    clock.move(timedelta(minutes=31))
    await person.shop.work()
    replies = await person.press(f"order:{order.code}")
    assert lines(replies) == ["order-is-expired"]
    assert tokens(replies) == [f"again:{order.code}", f"claim:{order.code}", "orders"]
    assert lines(await person.press(f"again:{order.code}")) == ["plan-card", "plan-description"]


VERBS = ["order", "again", "paid", "cancel", "cancelled"]


@pytest.mark.parametrize("verb", VERBS)
async def test_somebody_elses_code_gives_nothing_away(person: Person, verb: str) -> None:
    theirs = await Person(person.shop, "77").buy()
    made_up = "KX2222222"
    assert lines(await person.press(f"{verb}:{theirs.code}")) == ["toast-dead-button", "dead-button"]
    assert lines(await person.press(f"{verb}:{made_up}")) == ["toast-dead-button", "dead-button"]
    assert (await person.shop.story(theirs))["order"]["payment"] == "open"


@pytest.mark.parametrize("code", ["", "KX", "kx2345678", "\0", "\ud800", "KX234567\0", "x" * 200, "KX2345678:1"])
@pytest.mark.parametrize("verb", VERBS)
async def test_what_is_no_code_is_a_dead_button(person: Person, verb: str, code: str) -> None:
    assert lines(await person.press(f"{verb}:{code}")) == ["toast-dead-button", "dead-button"]
