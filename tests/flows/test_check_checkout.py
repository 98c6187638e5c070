"""Before Telegram takes Stars it asks: only the buyer of an open order may pay, its price, and in time."""

from datetime import timedelta

import pytest

from flows.expire_orders import expire_order
from sales.money import Money
from sales.purchase import Order
from sales.way import Way
from storage import orders
from storage.schema.work import outbox
from storage.store import Store
from tests.clock import FrozenClock
from tests.flows.starry import STARS_WAY, Starry


@pytest.fixture
async def starry(store: Store) -> Starry:
    return await Starry.open(store)


async def refusal(starry: Starry, order: Order) -> str | None:
    leave = await starry.check(await starry.payload(order))
    return leave.refusal and leave.refusal.id


async def test_an_open_order_may_be_paid_as_often_as_somebody_asks(starry: Starry) -> None:
    order = await starry.order()
    before = await starry.shop.rows(outbox)
    for _ in range(2):
        leave = await starry.check(await starry.payload(order))
        assert (leave.refusal, leave.language) == (None, "vi")
    assert await starry.shop.rows(outbox) == before


@pytest.mark.parametrize("amount", [Money(99, "XTR"), Money(101, "XTR"), Money(100, "USD"), Money(100)])
async def test_another_amount_or_currency_is_refused(starry: Starry, amount: Money) -> None:
    leave = await starry.check(await starry.payload(await starry.order()), amount)
    assert leave.refusal is not None
    assert leave.refusal.id == "checkout-wrong-amount"


async def test_somebody_elses_invoice_is_refused_in_their_own_language(starry: Starry) -> None:
    order = await starry.order()
    await starry.shop.meet("43", "en")
    for payer, language in (("43", "en"), ("44", ""), ("-42", "")):
        leave = await starry.check(await starry.payload(order), payer=payer)
        assert leave.refusal is not None
        assert (leave.refusal.id, leave.language) == ("checkout-not-yours", language)


async def test_a_forged_payload_is_refused(starry: Starry) -> None:
    order, other = await starry.order(), await starry.order(Way("bakong", "USD"))
    number = (await starry.attempts(order))[0].number
    qr = (await starry.attempts(other))[0].number
    for payload in ("", "x", order.code, f"{other.code}:{number}", f"{order.code}:{number + 99}", f"{other.code}:{qr}"):
        leave = await starry.check(payload)
        assert leave.refusal is not None, payload
        assert leave.refusal.id == "checkout-not-yours"


async def test_an_order_that_is_paid_takes_no_second_payment(starry: Starry) -> None:
    order = await starry.order()
    await starry.pay(order)
    assert await refusal(starry, order) == "checkout-paid-already"


async def test_an_invoice_out_of_time_is_refused_even_before_anybody_has_noticed(
    starry: Starry, clock: FrozenClock
) -> None:
    order = await starry.order()
    clock.now = order.pay_until - timedelta(milliseconds=1)
    assert await refusal(starry, order) is None
    clock.now = order.pay_until
    assert await refusal(starry, order) == "checkout-over"


async def test_an_expired_order_is_over(starry: Starry, clock: FrozenClock) -> None:
    order = await starry.order()
    clock.now = order.pay_until
    await starry.shop.store.write(lambda unit: expire_order(unit, starry.shop.premises, order.id))
    assert await refusal(starry, order) == "checkout-over"


async def test_an_invoice_for_an_order_that_has_expired_is_good_as_long_as_it_is_watched(
    starry: Starry, clock: FrozenClock
) -> None:
    order = await starry.order(Way("bakong", "USD"))
    clock.now = order.pay_until
    await starry.shop.store.write(lambda unit: expire_order(unit, starry.shop.premises, order.id))
    await starry.change(order, STARS_WAY)
    assert await refusal(starry, order) is None
    clock.now = order.watch_until
    assert await refusal(starry, order) == "checkout-over"


async def test_an_invoice_whose_place_another_way_took_is_over(starry: Starry) -> None:
    order = await starry.order()
    payload = await starry.payload(order)
    await starry.change(order, Way("bakong", "USD"))
    leave = await starry.check(payload)
    assert leave.refusal is not None
    assert (leave.refusal.id, dict(leave.refusal.values)) == ("checkout-over", {"code": order.code})


async def test_another_shop_knows_nothing_of_it(starry: Starry, store: Store) -> None:
    order = await starry.order()
    number = (await starry.attempts(order))[0].number
    shop = starry.shop.premises.shop.id
    assert await store.read(lambda unit: orders.attempt_numbered(unit, shop, number)) is not None
    assert await store.read(lambda unit: orders.attempt_numbered(unit, shop + 1, number)) is None  # type: ignore[arg-type]
