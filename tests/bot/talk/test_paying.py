"""The buyer chooses how to pay for a new order."""

from dataclasses import replace

import pytest

from sales.catalogue import FiledAccount
from sales.money import Money
from sales.way import Rule
from storage.schema.orders import attempts as attempts_table
from storage.schema.orders import orders as orders_table
from tests.bot.talk.chooser import ALL, EMAIL, PRICES, ask, attempts, buy, choose, keys, sell, sold
from tests.bot.talk.people import Person, lines, say, tokens
from tests.flows.plugs import BAKONG, plug
from tests.flows.shop import BANK, COURSE


async def test_each_way_is_a_button_with_what_it_costs(chooser: Person) -> None:
    replies = await ask(chooser)
    assert lines(replies) == ["choose-way"]
    assert keys(replies, "way") == ALL
    assert await chooser.open_order() is None
    told = say(replies, "en")
    for words in ("Bank transfer", "VNPay", "KHQR", "Telegram Stars", "79,000", "3.20", "12,500", "150"):
        assert words in told
    assert all(len(f"t|{token}".encode()) <= 64 for token in tokens(replies))


@pytest.mark.parametrize(
    ("way", "amount"),
    [("vnpay.VND", PRICES[0]), ("bakong.USD", PRICES[1]), ("bakong.KHR", PRICES[2]), ("stars.XTR", PRICES[3])],
)
async def test_the_chosen_way_is_what_the_order_is_paid_by(chooser: Person, way: str, amount: Money) -> None:
    assert lines(await choose(chooser, way)) == ["pay-on-page", "way-chosen"]
    order = await chooser.open_order()
    assert order is not None
    assert (order.total, order.email) == (amount, EMAIL)
    (attempt,) = await attempts(chooser, order)
    assert (f"{attempt.gateway}.{amount.currency}", attempt.amount) == (way, amount)
    assert await chooser.step() == ""


async def test_the_transfer_shows_the_card_as_ever(chooser: Person) -> None:
    assert lines(await choose(chooser, "casso.VND")) == ["card-caption", "way-chosen"]


async def test_two_taps_at_once_make_one_order(chooser: Person) -> None:
    token = next(token for token in tokens(await ask(chooser)) if "vnpay" in token)
    await chooser.press(token)
    assert lines(await chooser.press(token)) == ["order-still-open", "pay-on-page"]
    assert [row.payment for row in await chooser.shop.rows(orders_table)] == ["open"]
    assert len(await chooser.shop.rows(attempts_table)) == 1


async def test_another_way_at_the_second_tap_is_chosen_from_the_card(chooser: Person) -> None:
    token = next(token for token in tokens(await ask(chooser)) if "vnpay" in token)
    await chooser.press(token)
    replies = await chooser.press(token.replace("vnpay", "stars").replace("VND", "XTR"))
    assert lines(replies) == ["order-still-open", "pay-on-page"]
    assert [row.gateway for row in await chooser.shop.rows(attempts_table)] == ["vnpay"]


async def test_an_address_that_was_forgotten_meanwhile_is_asked_for_again(chooser: Person) -> None:
    token = next(token for token in tokens(await ask(chooser)) if "vnpay" in token)
    await chooser.type("/myorders")
    assert lines(await chooser.press(token)) == ["ask-email-optional"]
    assert await chooser.open_order() is None


async def test_words_while_choosing_change_nothing(chooser: Person) -> None:
    token = next(token for token in tokens(await ask(chooser)) if "vnpay" in token)
    assert lines(await chooser.type("vnpay")) == ["not-understood"]
    await chooser.press(token)
    order = await chooser.open_order()
    assert order is not None
    assert order.email == EMAIL


async def test_a_way_that_is_gone_is_chosen_anew(chooser: Person) -> None:
    token = next(token for token in tokens(await ask(chooser)) if "vnpay" in token)
    chooser.shop.premises = replace(chooser.shop.premises, plugs=(BAKONG,))
    replies = await chooser.press(token)
    assert lines(replies) == ["toast-way-gone", "choose-way"]
    assert keys(replies, "way") == ["casso.VND", "bakong.USD", "bakong.KHR"]
    assert await chooser.open_order() is None
    assert lines(await chooser.press(tokens(replies)[1])) == ["pay-on-page", "way-chosen"]


@pytest.mark.parametrize("key", ["", "vnpay", "vnpay.USD.0", "stars.VND.0", "casso.VND.999999", "::::", "💥"])
async def test_a_way_that_never_was_is_none(chooser: Person, key: str) -> None:
    await ask(chooser)
    offer = await chooser.shop.offer()
    assert lines(await chooser.press(f"way:{offer.plan}:{key}")) == ["toast-way-gone", "choose-way"]
    assert await chooser.open_order() is None


async def test_a_plan_that_is_gone_leads_back_to_the_shelf(chooser: Person) -> None:
    token = tokens(await ask(chooser))[0]
    await sell(chooser, COURSE)
    assert lines(await chooser.press(token)) == ["toast-dead-button", "dead-button"]


async def test_when_the_last_way_is_gone_the_shop_says_so(chooser: Person) -> None:
    token = next(token for token in tokens(await ask(chooser)) if "vnpay" in token)
    await chooser.shop.show_accounts()
    chooser.shop.premises = replace(chooser.shop.premises, plugs=())
    assert lines(await chooser.press(token)) == ["shop-cannot-take-money"]


async def test_one_way_is_not_asked_about(chooser: Person) -> None:
    await sell(chooser, sold(Money(150, "XTR")))
    assert lines(await ask(chooser)) == ["pay-on-page"]


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        (Rule(pay_with={"telegram": ("stars", "vnpay")}), ["vnpay.VND", "stars.XTR"]),
        (Rule(pay_with={"": ("bank", "bakong")}), ["casso.VND", "bakong.USD", "bakong.KHR"]),
        (Rule(pay_with={"zalo": ("bank",)}), ALL),
        (Rule(pay_with={"": ("bank",), "telegram": ("bank", "stars")}), ["casso.VND", "stars.XTR"]),
    ],
)
async def test_what_the_seller_forbids_is_not_offered(chooser: Person, rule: Rule, shown: list[str]) -> None:
    await sell(chooser, sold(*PRICES, rule=rule))
    assert keys(await ask(chooser), "way") == shown
    order = await buy(chooser, shown[0])
    assert keys(await chooser.press(f"ways:{order.code}"), "pay") == shown
    assert lines(await chooser.press(f"pay:{order.code}:bakong.EUR.0"))[0] == "toast-way-gone"


async def test_a_plan_is_seen_only_where_it_is_sold(chooser: Person) -> None:
    await sell(chooser, sold(*PRICES, rule=Rule(sell_on=("zalo",))), COURSE)
    replies = await chooser.type("/start")
    assert len([token for token in tokens(replies) if token.startswith("plan:")]) == 1


async def test_a_plan_shows_the_prices_it_can_be_paid_at_and_no_others(chooser: Person) -> None:
    offer = await chooser.shop.offer()
    replies = await chooser.press(f"plan:{offer.plan}")
    assert lines(replies)[:4] == ["plan-card", "plan-or", "plan-or", "plan-or"]
    assert [line.values["price"] for line in replies[1].lines[:4]] == list(PRICES)
    await sell(chooser, sold(*PRICES, rule=Rule(pay_with={"telegram": ("stars",)})))
    replies = await chooser.press(f"plan:{offer.plan}")
    assert replies[1].lines[0].values["price"] == Money(150, "XTR")
    assert "plan-or" not in lines(replies)
    shelf = await chooser.type("/start")
    assert shelf[0].choices[0][0].label.values["price"] == Money(150, "XTR")


async def test_a_shop_with_several_accounts_names_their_banks(chooser: Person) -> None:
    await chooser.shop.show_accounts(FiledAccount(*BANK), FiledAccount("970436", "0071000123456", "NGUYEN VAN A"))
    told = say(await ask(chooser), "en")
    assert "MBBank …3333" in told
    assert "Vietcombank …3456" in told
    order = await buy(chooser, "casso.VND.2")
    assert (await attempts(chooser, order))[0].account == "0071000123456"


async def test_a_gateway_without_words_of_its_own_goes_by_its_name(chooser: Person) -> None:
    chooser.shop.premises = replace(chooser.shop.premises, plugs=(plug("examplepay", "VND"),))
    assert "💳 examplepay · 79,000" in say(await ask(chooser), "en").replace("\u00a0", " ")
