"""The page that hands a buyer over: for who has its whole address, and only while there is something to pay."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.ask_to_pay import pay_page_mac
from flows.premises import Plug
from flows.show_pay_page import PayPage, show_pay_page
from sales.order import Payment
from storage import orders
from tests.clock import FrozenClock
from tests.flows.paying_page import ask_by_page, sell_by_page, token
from tests.flows.shop import PRICE, Shop
from tests.gateways.sepay_pg_signing import signature

GATEWAY = "sepay-pg"


@pytest.fixture
def shop(shop: Shop) -> Shop:
    return sell_by_page(shop)


async def look(shop: Shop, name: str, gateway: str = GATEWAY) -> PayPage:
    return await shop.store.read(lambda unit: show_pay_page(unit, shop.premises, gateway, name))


async def test_it_hands_over_an_open_payment(shop: Shop) -> None:
    order = await shop.order()
    attempt = await ask_by_page(shop, order)
    page = await look(shop, token(attempt))
    assert page.language == "vi"
    assert page.hand_over is not None
    assert (page.hand_over.shop, page.hand_over.code, page.hand_over.amount.minor) == ("Tiệm Mẫu", order.code, PRICE)
    made = page.hand_over.form
    assert made.action == "https://pay.sepay.vn/v1/checkout/init"
    fields = dict(made.fields)
    assert (fields["order_amount"], fields["success_url"]) == (str(PRICE), "https://shop.example/back?l=vi")
    assert fields["order_invoice_number"] == f"{order.code}-{attempt.number}"
    assert fields["signature"] == signature(made.fields)


async def test_it_says_the_same_each_time_and_writes_nothing(shop: Shop) -> None:
    attempt = await ask_by_page(shop, await shop.order())
    assert await look(shop, token(attempt)) == await look(shop, token(attempt))


async def test_it_speaks_the_buyers_language(shop: Shop) -> None:
    attempt = await ask_by_page(shop, await shop.order(await shop.meet("7", "en")))
    assert (await look(shop, token(attempt))).language == "en"


async def test_nothing_of_the_buyer_goes_along(shop: Shop) -> None:
    attempt = await ask_by_page(shop, await shop.order(await shop.meet("7001"), email="nguyen.van.a@example.com"))
    page = await look(shop, token(attempt))
    assert page.hand_over is not None
    told = f"{page.hand_over.form.fields} {page}"
    assert not [word for word in ("7001", "nguyen.van.a@example.com", "telegram") if word in told]


async def test_it_is_over_when_the_time_is(shop: Shop, clock: FrozenClock) -> None:
    attempt = await ask_by_page(shop, await shop.order())
    clock.move(timedelta(minutes=30) - timedelta(seconds=1))
    assert (await look(shop, token(attempt))).hand_over is not None
    clock.move(timedelta(seconds=1))
    assert await look(shop, token(attempt)) == PayPage("vi")


@pytest.mark.parametrize("state", ["paid", "expired", "cancelled", "replaced", "failed"])
async def test_it_is_over_with_its_attempt(shop: Shop, state: str) -> None:
    order = await shop.order()
    attempt = await ask_by_page(shop, order)
    await shop.store.write(lambda unit: orders.close_attempts(unit, shop.premises.shop.id, [order.id], state))
    assert await look(shop, token(attempt)) == PayPage("vi")


@pytest.mark.parametrize("payment", [Payment.PAID, Payment.CANCELLED])
async def test_it_is_over_with_its_order(shop: Shop, payment: Payment) -> None:
    order = await shop.order()
    attempt = await ask_by_page(shop, order)
    assert await shop.store.write(lambda unit: orders.move(unit, shop.premises.shop.id, order.id, payment))
    assert await look(shop, token(attempt)) == PayPage("vi")


async def test_it_hands_over_the_rest_of_an_order_that_has_expired_as_long_as_it_is_watched(
    shop: Shop, clock: FrozenClock
) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting(order.code, 9_000))
    await ask_by_page(shop, order)
    clock.now = order.pay_until
    await shop.work()
    [*_, attempt] = await shop.store.read(lambda unit: orders.attempts_of(unit, shop.premises.shop.id, order.id))
    assert (attempt.gateway, attempt.amount.minor) == (GATEWAY, PRICE - 9_000)
    page = await look(shop, token(attempt))
    assert page.hand_over is not None
    assert page.hand_over.amount == attempt.amount
    clock.now = order.watch_until
    assert await look(shop, token(attempt)) == PayPage("vi")


async def test_who_guesses_learns_nothing(shop: Shop) -> None:
    attempt = await ask_by_page(shop, await shop.order())
    number, _, mac = token(attempt).partition("-")
    other = "0" if mac[0] != "0" else "1"
    guesses = [
        *(f"{number}-{other}{mac[1:]}", f"{number}-{mac[:-1]}", f"{number}-{mac}0", f"{number}-{mac.upper()}x"),
        *(f"{int(number) + 1}-{mac}", f"0{number}-{mac}", f"{number}-", number, f"-{mac}", "", "x", "\0"),
        *(f"{number} -{mac}", f"{number}-{mac}\n", f"{'9' * 400}-{mac}", f"{number}-{'é' * 32}", f"-{number}-{mac}"),
    ]
    assert {await look(shop, guess) for guess in guesses} == {PayPage()}


async def test_an_address_belongs_to_one_gateway(shop: Shop) -> None:
    attempt = await ask_by_page(shop, await shop.order())
    for gateway in ("casso", "payos", "vnpay", "", "sepay-pg "):
        assert await look(shop, token(attempt), gateway) == PayPage()


async def test_a_payment_of_another_gateway_has_no_page_here(shop: Shop) -> None:
    order = await shop.order()
    [drawn] = await shop.store.read(lambda unit: orders.attempts_of(unit, shop.premises.shop.id, order.id))
    name = f"{drawn.number}-{pay_page_mac(shop.premises, GATEWAY, drawn.number)}"
    assert (drawn.gateway, await look(shop, name)) == ("casso", PayPage())


async def test_a_gateway_that_is_off_has_no_page(shop: Shop) -> None:
    attempt = await ask_by_page(shop, await shop.order())
    shop.premises = replace(shop.premises, plugs=())
    assert await look(shop, token(attempt)) == PayPage()


async def test_a_gateway_without_a_form_hands_nobody_over(shop: Shop) -> None:
    attempt = await ask_by_page(shop, await shop.order())
    [plug] = shop.premises.plugs
    shop.premises = replace(shop.premises, plugs=(Plug(replace(plug.gateway, page_form=None), plug.secrets, plug.url),))
    assert await look(shop, token(attempt)) == PayPage("vi")


async def test_the_address_of_another_shop_is_none_here(shop: Shop) -> None:
    attempt = await ask_by_page(shop, await shop.order())
    elsewhere = replace(shop.premises, shop=replace(shop.premises.shop, id=type(shop.premises.shop.id)(404)))
    found = await shop.store.read(lambda unit: show_pay_page(unit, elsewhere, GATEWAY, token(attempt)))
    assert found == PayPage()
