"""A buyer pays an order that waits in another way, or says to have paid it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from sales.money import Money
from sales.transfer import Standing
from sales.way import Rule
from storage.schema.orders import attempts as attempts_table
from storage.store import Store
from tests.bot.talk.chooser import ALL, PRICES, attempts, buy, choosing, keys, sell, sold
from tests.bot.talk.people import Person, lines, say, tokens
from tests.clock import FrozenClock
from tests.flows.many_prices import told_by
from tests.flows.shop import PRICE, open_shop


async def test_the_card_leads_to_the_other_ways(chooser: Person) -> None:
    order = await buy(chooser, "vnpay.VND")
    replies = await chooser.press(f"ways:{order.code}")
    assert lines(replies) == ["choose-way-again"]
    assert keys(replies, "pay") == ALL
    assert order.code in say(replies)


async def test_choosing_anew_opens_another_attempt_of_the_same_order(chooser: Person) -> None:
    order = await buy(chooser, "vnpay.VND")
    await chooser.shop.work()
    assert lines(await chooser.press(f"pay:{order.code}:bakong.USD.0")) == ["pay-on-page", "way-chosen"]
    assert [(each.gateway, each.state) for each in await attempts(chooser, order)] == [
        ("vnpay", "replaced"),
        ("bakong", "open"),
    ]
    again = await chooser.open_order()
    assert again is not None
    assert (again.id, again.total, again.pay_until) == (order.id, Money(320, "USD"), order.pay_until)
    await chooser.shop.work()
    assert ["card-changed"] in [shown.lines for shown in chooser.shop.mouths["telegram"].shown]


async def test_back_and_forth_is_one_order(chooser: Person) -> None:
    order = await buy(chooser, "casso.VND")
    bank = next(token for token in tokens(await chooser.press(f"ways:{order.code}")) if "casso" in token)
    await chooser.press(f"pay:{order.code}:stars.XTR.0")
    await chooser.press(bank)
    assert [(each.gateway, each.state) for each in await attempts(chooser, order)] == [
        ("casso", "replaced"),
        ("stars", "replaced"),
        ("casso", "open"),
    ]


async def test_the_way_it_is_paid_by_already_shows_its_card_once_more(chooser: Person) -> None:
    order = await buy(chooser, "casso.VND")
    same = next(token for token in tokens(await chooser.press(f"ways:{order.code}")) if "casso" in token)
    for _ in range(2):
        assert lines(await chooser.press(same)) == ["card-caption"]
    assert len(await attempts(chooser, order)) == 1


async def test_a_page_that_may_have_been_left_is_asked_for_anew(chooser: Person) -> None:
    order = await buy(chooser, "vnpay.VND")
    assert lines(await chooser.press(f"pay:{order.code}:vnpay.VND.0")) == ["pay-on-page", "way-chosen"]
    assert [each.state for each in await attempts(chooser, order)] == ["replaced", "open"]


async def test_what_is_missing_is_told_currency_by_currency(chooser: Person) -> None:
    order = await buy(chooser, "casso.VND")
    await chooser.shop.settle(chooser.shop.sighting(order.code, 9_000))
    replies = await chooser.press(f"ways:{order.code}")
    asked = {row[0].token or "": row[0].label.values.get("price") for row in replies[1].choices}
    assert asked[f"pay:{order.code}:vnpay.VND.0"] == Money(PRICE - 9_000)
    assert asked[f"pay:{order.code}:bakong.USD.0"] == Money(320, "USD")


async def test_after_an_attempt_that_came_to_nothing_the_buyer_chooses_how_to_go_on(chooser: Person) -> None:
    order = await buy(chooser, "vnpay.VND")
    await chooser.shop.store.write(lambda unit: unit.conn.execute(update(attempts_table).values(state="failed")))
    for press in (f"order:{order.code}", f"buy:{(await chooser.shop.offer()).plan}"):
        assert lines(await chooser.press(press))[-1] == "choose-way-again"
    assert lines(await chooser.press(f"pay:{order.code}:vnpay.VND.0")) == ["pay-on-page", "way-chosen"]
    assert [each.state for each in await attempts(chooser, order)] == ["failed", "open"]


async def test_an_open_order_that_no_way_is_left_for_says_so(chooser: Person) -> None:
    order = await buy(chooser, "vnpay.VND")
    chooser.shop.premises = replace(chooser.shop.premises, plugs=())
    await chooser.shop.show_accounts()
    replies = await chooser.press(f"ways:{order.code}")
    assert lines(replies) == ["shop-cannot-take-money"]
    assert "orders" in tokens(replies)


@pytest.mark.parametrize("token", ["ways:{code}", "pay:{code}:vnpay.VND.0"])
async def test_an_order_that_is_over_is_shown_as_it_stands(chooser: Person, token: str) -> None:
    order = await buy(chooser, "vnpay.VND")
    await chooser.press(f"cancelled:{order.code}")
    assert lines(await chooser.press(token.format(code=order.code))) == ["order-is-cancelled"]
    assert [each.state for each in await attempts(chooser, order)] == ["cancelled"]


@pytest.mark.parametrize("token", ["ways:{code}", "pay:{code}:vnpay.VND.0"])
async def test_nobody_pays_other_people_s_orders_otherwise(chooser: Person, token: str) -> None:
    order = await buy(chooser, "casso.VND")
    other = Person(chooser.shop, "77")
    assert lines(await other.press(token.format(code=order.code))) == ["toast-dead-button", "dead-button"]
    assert [each.gateway for each in await attempts(chooser, order)] == ["casso"]


async def test_the_buyer_s_word_has_the_gateways_asked_at_once(chooser: Person, clock: FrozenClock) -> None:
    order = await buy(chooser, "vnpay.VND")

    async def due() -> bool:
        (row,) = await chooser.shop.rows(attempts_table)
        return bool(row.look_at <= clock())

    assert not await due()
    assert lines(await chooser.press(f"paid:{order.code}")) == ["toast-waiting", "waiting-for-bank"]
    assert await due()


async def test_so_it_does_while_the_shop_still_watches_an_order_that_lapsed(
    chooser: Person, clock: FrozenClock
) -> None:
    order = await buy(chooser, "vnpay.VND")
    clock.move(timedelta(minutes=31))
    await chooser.shop.work()
    later = {"look_at": clock() + timedelta(hours=1)}
    await chooser.shop.store.write(lambda unit: unit.conn.execute(update(attempts_table).values(**later)))
    assert lines(await chooser.press(f"paid:{order.code}")) == ["toast-waiting", "waiting-for-bank"]
    (row,) = await chooser.shop.rows(attempts_table)
    assert row.look_at == clock()


async def test_the_word_names_what_is_missing_even_where_nothing_is_asked_for(chooser: Person) -> None:
    order = await buy(chooser, "casso.VND")
    await chooser.shop.settle(chooser.shop.sighting(order.code, 9_000))
    await chooser.shop.store.write(lambda unit: unit.conn.execute(update(attempts_table).values(state="failed")))
    replies = await chooser.press(f"paid:{order.code}")
    assert replies[-1].lines[0].values["amount"] == Money(PRICE - 9_000)


async def test_after_the_watch_the_word_is_answered_by_how_the_order_stands(
    chooser: Person, clock: FrozenClock
) -> None:
    order = await buy(chooser, "vnpay.VND")
    clock.now = order.pay_until
    await chooser.shop.work()
    clock.now = order.watch_until + timedelta(seconds=1)
    assert lines(await chooser.press(f"paid:{order.code}"))[-1] == "order-is-over"


async def test_the_rest_of_an_order_out_of_time_can_be_paid_in_another_way(chooser: Person, clock: FrozenClock) -> None:
    order = await buy(chooser, "vnpay.VND")
    await chooser.shop.settle(chooser.shop.sighting(order.code, 9_000))
    clock.now = order.pay_until
    await chooser.shop.work()
    assert f"ways:{order.code}" in tokens(await chooser.press(f"order:{order.code}"))
    assert lines(await chooser.press(f"ways:{order.code}")) == ["choose-way-again"]
    assert lines(await chooser.press(f"pay:{order.code}:bakong.USD.0")) == ["pay-on-page", "way-chosen"]
    newest = (await attempts(chooser, order))[-1]
    assert (newest.gateway, newest.state, newest.expires_at) == ("bakong", "open", order.watch_until)


@pytest.mark.parametrize("token", ["order:{code}", "paid:{code}", "buy:{plan}"])
async def test_while_money_is_held_back_nobody_is_led_to_pay_again(chooser: Person, token: str) -> None:
    order = await buy(chooser, "vnpay.VND")
    await chooser.shop.settle(await told_by(chooser.shop, order, standing=Standing.HELD, reason="07"))
    plan, before = (await chooser.shop.offer()).plan, len(await chooser.shop.said("999"))
    replies = await chooser.press(token.format(code=order.code, plan=plan))
    assert [line for line in lines(replies) if line != "toast-waiting"] == ["payment-held"]
    assert f"ways:{order.code}" in tokens(replies)
    assert len(await chooser.shop.said("999")) == before


async def test_who_chose_anew_after_the_hold_is_shown_how_to_pay(chooser: Person, clock: FrozenClock) -> None:
    order = await buy(chooser, "vnpay.VND")
    await chooser.shop.settle(await told_by(chooser.shop, order, standing=Standing.HELD, reason="05"))
    clock.move(timedelta(minutes=1))
    await chooser.press(f"pay:{order.code}:bakong.USD.0")
    assert lines(await chooser.press(f"order:{order.code}")) == ["pay-on-page"]


async def test_choosing_and_changing_on_either_database(store: Store) -> None:
    person = choosing(Person(await open_shop(store)))
    await sell(person, sold(*PRICES, rule=Rule(pay_with={"telegram": ("vnpay", "stars")})))
    order = await buy(person, "vnpay.VND")
    await person.press(f"pay:{order.code}:stars.XTR.0")
    found = [(each.gateway, each.amount, each.state) for each in await attempts(person, order)]
    assert found == [("vnpay", Money(PRICE), "replaced"), ("stars", Money(150, "XTR"), "open")]
