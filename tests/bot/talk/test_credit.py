"""/credit, and the buttons under money that is the buyer's."""

from datetime import timedelta

import pytest

from sales.money import Money
from storage.schema.money import refunds, reviews, spends
from storage.schema.orders import orders as orders_table
from tests.bot.talk.chooser import EMAIL
from tests.bot.talk.people import Person, lines, say, tokens
from tests.clock import FrozenClock
from tests.flows.shop import ADMIN, PRICE

SURPLUS = 20_000


async def rich(person: Person, surplus: int = SURPLUS) -> str:
    """Somebody who has paid so much too much; answers the code of that order."""
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code, PRICE + surplus))
    return order.code


async def test_who_has_nothing_hears_so(person: Person) -> None:
    assert lines(await person.type("/credit")) == ["credit-none"]
    assert lines(await person.press("credit")) == ["credit-none"]


async def test_credit_is_shown_with_where_it_is_from_and_a_way_to_have_it_back(person: Person) -> None:
    code = await rich(person)
    for replies in (await person.type("/credit"), await person.press("credit")):
        assert lines(replies) == ["credit-have", "credit-from", "credit-how"]
        assert tokens(replies)[0] == f"credit-back:{code}:VND"
        assert say(replies).count("20.000") == 3
        assert say(replies, "en")


async def test_kept_for_the_next_order_it_is_told_and_used(person: Person) -> None:
    code = await rich(person)
    replies = await person.press(f"credit-keep:{code}:VND")
    assert lines(replies) == ["credit-kept"]
    assert replies[-1].lines[0].values == {"amount": Money(SURPLUS)}
    offer = await person.shop.offer()
    asked = await person.press(f"buy:{offer.plan}")
    assert lines(asked) == ["ask-email-optional", "credit-helps"]
    assert asked[-1].lines[1].values == {"have": Money(SURPLUS), "price": Money(PRICE), "rest": Money(PRICE - SURPLUS)}
    assert lines(await person.press(f"nomail:{offer.plan}")) == ["credit-spent", "card-caption"]


async def test_enough_credit_is_told_before_and_pays_without_a_card(person: Person) -> None:
    await rich(person, PRICE)
    offer = await person.shop.offer()
    assert lines(await person.press(f"buy:{offer.plan}")) == ["ask-email-optional", "credit-covers"]
    assert lines(await person.type(EMAIL)) == ["credit-paid", "payment-received"]
    assert [row.payment for row in await person.shop.rows(orders_table)] == ["paid", "paid"]


async def test_a_second_tap_after_credit_has_paid_orders_nothing_more(person: Person) -> None:
    await rich(person, 2 * PRICE)
    offer = await person.shop.offer()
    await person.press(f"buy:{offer.plan}")
    for _ in range(2):
        await person.press(f"nomail:{offer.plan}")
    assert len(await person.shop.rows(orders_table)) == 2


async def choose(person: Person, plan: int) -> dict[str, Money]:
    """Walk to the question how to pay; answers the price on each button."""
    await person.press(f"buy:{plan}")
    page = (await person.press(f"nomail:{plan}"))[-1]
    return {
        row[0].token.removeprefix(f"way:{plan}:"): row[0].label.values["price"]
        for row in page.choices
        if row[0].token and "price" in row[0].label.values
    }


async def test_who_chooses_how_to_pay_sees_what_is_left_each_way(chooser: Person) -> None:
    plan = (await chooser.shop.offer()).plan
    assert (await choose(chooser, plan))["vnpay.VND.0"] == Money(PRICE)
    await chooser.press(f"way:{plan}:casso.VND.1")
    order = await chooser.open_order()
    assert order is not None
    await chooser.shop.settle(chooser.shop.sighting(order.code, PRICE + SURPLUS))
    left = await choose(chooser, plan)
    assert (left["casso.VND.1"], left["vnpay.VND.0"]) == (Money(PRICE - SURPLUS), Money(PRICE - SURPLUS))
    assert left["bakong.USD.0"] == Money(320, "USD")


async def test_what_credit_pays_is_one_button_and_says_that_nothing_is_left(chooser: Person) -> None:
    plan = (await chooser.shop.offer()).plan
    await choose(chooser, plan)
    await chooser.press(f"way:{plan}:casso.VND.1")
    order = await chooser.open_order()
    assert order is not None
    await chooser.shop.settle(chooser.shop.sighting(order.code, 2 * PRICE))
    left = await choose(chooser, plan)
    assert [key for key in left if ".VND." in key] == ["casso.VND.1"]
    assert left["casso.VND.1"] == Money(PRICE)
    replies = await chooser.press(f"way:{plan}:casso.VND.1")
    assert sorted(lines(replies)) == ["credit-paid", "order-placed", "payment-received"]
    assert await chooser.open_order() is None


async def test_asked_back_it_waits_for_an_admin_and_is_not_spent(person: Person) -> None:
    code = await rich(person)
    replies = await person.press(f"credit-back:{code}:VND")
    assert lines(replies) == ["credit-asked-back"]
    assert (await person.shop.said(ADMIN.external))[-1] == "admin-refund-wished"
    (wish,), (review,) = await person.shop.rows(refunds), await person.shop.rows(reviews)
    assert (wish.amount, wish.state, review.refund_id) == (SURPLUS, "asked", wish.id)
    assert lines(await person.press(f"credit-back:{code}:VND")) == ["credit-nothing-left"]
    assert lines(await person.press(f"credit-keep:{code}:VND")) == ["credit-nothing-left"]
    assert lines(await person.type("/credit")) == ["credit-have", "credit-from", "credit-wished"]
    assert len(await person.shop.rows(refunds)) == 1


@pytest.mark.parametrize("choice", ["keep", "back"])
async def test_a_part_on_a_cancelled_order_is_the_buyers_choice(person: Person, choice: str) -> None:
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code, 9_000))
    replies = await person.press(f"cancelled:{order.code}")
    assert lines(replies) == ["order-cancelled", "part-is-held"]
    assert tokens(replies)[:2] == [f"credit-keep:{order.code}:VND", f"credit-back:{order.code}:VND"]
    shown = await person.press(f"order:{order.code}")
    assert f"credit-{choice}:{order.code}:VND" in tokens(shown)
    done = await person.press(f"credit-{choice}:{order.code}:VND")
    assert lines(done) == ["credit-kept" if choice == "keep" else "credit-asked-back"]
    assert done[-1].lines[0].values["amount"] == Money(9_000)


async def test_a_part_that_is_asked_back_is_not_moved_by_a_late_tap(person: Person) -> None:
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code, 9_000))
    await person.press(f"cancelled:{order.code}")
    await person.press(f"credit-back:{order.code}:VND")
    before = await person.shop.totals(), len(await person.shop.rows(spends))
    assert lines(await person.press(f"credit-keep:{order.code}:VND")) == ["credit-nothing-left"]
    assert (await person.shop.totals(), len(await person.shop.rows(spends))) == before


async def test_while_an_order_can_be_paid_its_part_stays_on_it(person: Person, clock: FrozenClock) -> None:
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code, 9_000))
    clock.move(timedelta(minutes=31))
    await person.shop.work()
    for choice in ("keep", "back"):
        assert lines(await person.press(f"credit-{choice}:{order.code}:VND")) == ["credit-nothing-left"]
    assert (await person.shop.story(order))["order"]["deposited"] == 9_000
    clock.move(timedelta(hours=25))
    await person.shop.work()
    assert lines(await person.press(f"credit-keep:{order.code}:VND")) == ["credit-kept"]


@pytest.mark.parametrize("rest", ["", ":", ":VND", "KX2222222:VND", "x:y", "\0:VND"])
@pytest.mark.parametrize("press", ["credit-keep", "credit-back"])
async def test_what_names_no_order_of_theirs_is_a_dead_button(person: Person, press: str, rest: str) -> None:
    assert lines(await person.press(f"{press}:{rest}")) == ["toast-dead-button", "dead-button"]


async def test_an_unknown_currency_is_a_dead_button_and_one_without_credit_is_said(person: Person) -> None:
    code = await rich(person)
    assert lines(await person.press(f"credit-keep:{code}:EUR")) == ["toast-dead-button", "dead-button"]
    assert lines(await person.press(f"credit-keep:{code}:USD")) == ["credit-nothing-left"]
