from datetime import timedelta

import pytest
from sqlalchemy import update

from flows.limit_orders import MOST_ORDERS_A_DAY
from flows.messages import unpack
from sales.money import Money
from storage import catalogue
from storage.schema.orders import orders as orders_table
from storage.schema.shop import bank_accounts
from tests.bot.talk.people import Person, lines, say, tokens
from tests.clock import FrozenClock
from tests.flows.shop import ADMIN, PRICE

EMAIL = "an@example.com"


async def hide_account(person: Person) -> None:
    await person.shop.store.write(lambda unit: unit.conn.execute(update(bank_accounts).values(shown=False)))


async def clear_shelf(person: Person) -> None:
    shop = person.shop.premises.shop.id
    await person.shop.store.write(lambda unit: catalogue.stock_shelf(unit, shop, []))


async def payments(person: Person) -> list[str]:
    return [row.payment for row in await person.shop.rows(orders_table)]


async def buy(person: Person, plan: int = 0) -> list[str]:
    return lines(await person.press(f"buy:{(await person.shop.offer(plan)).plan}"))


async def test_buying_asks_for_an_address_with_a_way_around_it(person: Person) -> None:
    offer = await person.shop.offer()
    replies = await person.press(f"buy:{offer.plan}")
    assert lines(replies) == ["ask-email-optional"]
    assert tokens(replies) == [f"nomail:{offer.plan}", f"plan:{offer.plan}"]
    assert await person.step() == "email"


@pytest.mark.parametrize("typed", [EMAIL, f"  {EMAIL}\n", "an@EXAMPLE.com", "nguyễn@example.com", "a+b@sub.example.vn"])
async def test_a_typed_address_makes_the_order_and_shows_the_card(person: Person, typed: str) -> None:
    await buy(person)
    assert lines(await person.type(typed)) == ["card-caption"]
    order = await person.open_order()
    assert order is not None
    assert order.email == typed.strip().replace("EXAMPLE", "example")
    assert await person.step() == ""


WRONG = ["an", "an@", "@example.com", "an@example", "an an@example.com", "an@exa mple.com", "a@b@c.vn", "/", "ă" * 300]
LONG = "a" * 60 + "@" + ".".join(["b" * 60] * 3) + ".vn"


@pytest.mark.parametrize(
    "typed", [*WRONG[:-2], WRONG[-1], "x" * 10_000, LONG + "n" * 40, f"{EMAIL}{'x' * 9_000}", "\ud800@x.vn"]
)
async def test_a_wrong_address_is_asked_for_again(person: Person, typed: str) -> None:
    await buy(person)
    replies = await person.type(typed)
    assert lines(replies) == ["email-wrong"]
    assert await payments(person) == []
    assert await person.step() == "email"
    assert lines(await person.type(EMAIL)) == ["card-caption"]


async def test_an_address_is_one_tap_the_next_time(person: Person, clock: FrozenClock) -> None:
    first = await person.buy(EMAIL)
    await person.shop.settle(person.shop.sighting(first.code))
    offer = await person.shop.offer(2)
    replies = await person.press(f"buy:{offer.plan}")
    assert tokens(replies) == [f"mail:{offer.plan}", f"nomail:{offer.plan}", f"plan:{offer.plan}"]
    assert EMAIL in say(replies)
    assert lines(await person.press(f"mail:{offer.plan}")) == ["card-caption"]
    order = await person.open_order()
    assert order is not None
    assert order.email == EMAIL


async def test_an_address_nobody_has_given_cannot_be_used(person: Person) -> None:
    offer = await person.shop.offer()
    assert lines(await person.press(f"mail:{offer.plan}")) == ["toast-dead-button", "dead-button"]


async def test_the_address_may_be_skipped(person: Person) -> None:
    order = await person.buy()
    assert order.email == ""


async def test_a_shop_that_requires_it_lets_nobody_skip(strict: Person) -> None:
    offer = await strict.shop.offer()
    replies = await strict.press(f"buy:{offer.plan}")
    assert (lines(replies), tokens(replies)) == (["ask-email"], [f"plan:{offer.plan}"])
    assert lines(await strict.press(f"nomail:{offer.plan}")) == ["toast-dead-button", "dead-button"]
    assert await payments(strict) == []


async def test_two_taps_at_once_make_one_order(person: Person) -> None:
    offer = await person.shop.offer()
    await person.press(f"buy:{offer.plan}")
    await person.press(f"nomail:{offer.plan}")
    assert lines(await person.press(f"nomail:{offer.plan}")) == ["order-still-open", "card-caption"]
    assert await payments(person) == ["open"]


async def test_the_same_plan_again_shows_the_card_that_waits(person: Person) -> None:
    order = await person.buy()
    replies = await person.press(f"buy:{(await person.shop.offer()).plan}")
    assert lines(replies) == ["order-still-open", "card-caption"]
    assert order.code in say(replies)
    assert await payments(person) == ["open"]


async def test_another_plan_asks_which_of_the_two(person: Person) -> None:
    order, other = await person.buy(), await person.shop.offer(2)
    replies = await person.press(f"buy:{other.plan}")
    assert lines(replies) == ["another-order-open"]
    assert tokens(replies) == [f"order:{order.code}", f"swap:{order.code}:{other.plan}", f"also:{other.plan}"]


async def test_swapping_cancels_the_one_and_buys_the_other(person: Person) -> None:
    order, other = await person.buy(), await person.shop.offer(2)
    assert lines(await person.press(f"swap:{order.code}:{other.plan}")) == ["ask-email-optional"]
    assert await payments(person) == ["cancelled"]
    await person.press(f"nomail:{other.plan}")
    assert await payments(person) == ["cancelled", "open"]


async def test_swapping_for_a_plan_that_is_gone_cancels_nothing(person: Person) -> None:
    order, other = await person.buy(), await person.shop.offer(2)
    await clear_shelf(person)
    assert lines(await person.press(f"swap:{order.code}:{other.plan}")) == ["toast-dead-button", "dead-button"]
    assert await payments(person) == ["open"]


async def test_swapping_when_no_order_can_be_made_cancels_nothing(person: Person) -> None:
    order, other = await person.buy(), await person.shop.offer(2)
    await hide_account(person)
    assert lines(await person.press(f"swap:{order.code}:{other.plan}")) == ["shop-cannot-take-money"]
    assert await payments(person) == ["open"]


async def test_swapping_somebody_elses_order_leaves_it_alone(person: Person) -> None:
    theirs = await Person(person.shop, "77").buy()
    other = await person.shop.offer(2)
    assert lines(await person.press(f"swap:{theirs.code}:{other.plan}")) == ["ask-email-optional"]
    assert await payments(person) == ["open"]


async def test_a_shop_without_an_account_says_so_before_asking_anything(person: Person) -> None:
    await hide_account(person)
    assert await buy(person) == ["shop-cannot-take-money"]
    assert await person.step() == ""


async def test_an_account_that_is_gone_when_the_address_comes_leaves_no_half_order(person: Person) -> None:
    await buy(person)
    await hide_account(person)
    assert lines(await person.type(EMAIL)) == ["shop-cannot-take-money"]
    assert await payments(person) == []
    assert lines(await person.type("/myorders")) == ["no-orders"]


async def test_a_plan_that_is_gone_when_the_address_comes_leads_back_to_the_shelf(person: Person) -> None:
    await buy(person)
    await clear_shelf(person)
    replies = await person.type(EMAIL)
    assert lines(replies) == ["dead-button"]
    assert "start" in tokens(replies)
    assert await person.step() == ""


async def test_too_many_orders_a_day_are_told_and_tomorrow_is_another_day(person: Person, clock: FrozenClock) -> None:
    for _ in range(MOST_ORDERS_A_DAY):
        order = await person.buy()
        await person.press(f"cancelled:{order.code}")
        clock.move(timedelta(minutes=7))
    assert await buy(person) == ["order-too-many"]
    clock.move(timedelta(days=1, seconds=1))
    assert await buy(person) == ["ask-email-optional"]


async def test_the_buyers_word_settles_nothing_but_gets_a_true_answer(person: Person) -> None:
    order = await person.buy()
    replies = await person.press(f"paid:{order.code}")
    assert lines(replies) == ["toast-waiting", "waiting-for-bank"]
    assert replies[1].lines[0].values["amount"] == Money(PRICE)
    assert await payments(person) == ["open"]


async def test_the_admins_hear_once_that_a_buyer_says_to_have_paid(person: Person) -> None:
    order = await person.buy()
    for _ in range(2):
        await person.press(f"paid:{order.code}")
    assert await person.shop.said(ADMIN.external) == ["admin-says-paid"]
    (row,) = [each for each in await person.shop.jobs("reply") if each.payload["to"] == ADMIN.external]
    told = unpack(row.payload["reply"])
    assert lines([told]) == ["admin-says-paid", "admin-buyer"]
    assert all(f"/order {order.code}<" in say([told], language) for language in ("vi", "en"))


async def test_money_that_was_seen_is_told_by_itself(person: Person) -> None:
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code, 9_000))
    await person.press(f"paid:{order.code}")
    assert await person.shop.said(ADMIN.external) == []


async def test_after_a_part_the_shop_waits_for_the_rest(person: Person) -> None:
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code, 9_000))
    await person.shop.work()
    replies = await person.press(f"paid:{order.code}")
    assert replies[1].lines[0].values["amount"] == Money(70_000)


async def test_nonsense_while_an_address_is_asked_for_is_a_wrong_address(person: Person) -> None:
    await buy(person)
    assert lines(await person.type("what?")) == ["email-wrong"]
