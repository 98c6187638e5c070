"""A gateway takes money back: what it bought, what was owed of it, and what is said."""

from dataclasses import replace

import pytest

from flows.refund_order import ask_refund, confirm_refund
from sales.money import Money
from sales.purchase import Order
from sales.settlement import Outcome
from sales.transfer import Sighting, Standing
from storage import orders, reviews
from storage.schema.goods import grants
from storage.schema.money import refunds as refunds_table
from storage.unit import Unit
from tests.flows.desk import Desk
from tests.flows.giving import Counter
from tests.flows.ledger import show_ledger
from tests.flows.many_prices import BY_CARD, IN_DOLLARS, attempts, order_by, sell_in_all, told_by
from tests.flows.shop import PRICE, Shop

PART = 50_000


@pytest.fixture
def selling(shop: Shop) -> Shop:
    sell_in_all(shop)
    return shop


async def void_of(shop: Shop, order: Order, paid: Sighting) -> Sighting:
    """What its gateway says when it takes that back."""
    void = {"amount": -paid.amount, "standing": Standing.REVERSED, "ref": f"9{paid.ref}", "reverses": paid.ref}
    return await told_by(shop, order, **void)


async def granted(shop: Shop) -> list[str]:
    return [row.state for row in await shop.rows(grants)]


async def last_words(shop: Shop) -> tuple[str, str]:
    """What the buyer and the admin have heard last."""
    return (await shop.said("42"))[-1], (await shop.said("999"))[-1]


@pytest.mark.parametrize("together", [False, True])
async def test_the_goods_go_with_the_money(selling: Shop, together: bool) -> None:
    order = await order_by(selling, BY_CARD)
    paid = await told_by(selling, order)
    void = await void_of(selling, order, paid)
    for told in [(paid, void)] if together else [(paid,), (void,)]:
        await selling.settle(*told)
    assert (await selling.settled(void)).outcomes == (Outcome.AGAIN,)
    assert await selling.meanings() == ["exact", "reversed"]
    assert await selling.totals() == {}
    assert await granted(selling) == ["revoked"]
    assert await last_words(selling) == ("money-reversed", "admin-reversed")


async def test_a_second_payment_taken_back_leaves_the_goods(selling: Shop) -> None:
    order = await order_by(selling, BY_CARD)
    first, second = await told_by(selling, order), await told_by(selling, order)
    await selling.settle(first, second, await void_of(selling, order, second))
    assert await selling.totals() == {"received": PRICE, "revenue": PRICE}
    assert await granted(selling) == ["granted"]
    assert await last_words(selling) == ("money-taken-back", "admin-taken-back")


@pytest.mark.parametrize("together", [False, True])
async def test_a_part_taken_back_no_longer_pays(selling: Shop, together: bool) -> None:
    order = await order_by(selling, BY_CARD)
    part = await told_by(selling, order, amount=PART)
    rest = await told_by(selling, order, amount=PRICE - PART)
    void = await void_of(selling, order, part)
    for told in [(part, void, rest)] if together else [(part,), (void,), (rest,)]:
        await selling.settle(*told)
    assert await selling.meanings() == ["short", "reversed", "short"]
    assert await granted(selling) == []


async def test_after_a_part_was_taken_back_all_of_it_is_asked_for_again(selling: Shop) -> None:
    order = await order_by(selling, BY_CARD)
    part = await told_by(selling, order, amount=PART)
    await selling.settle(part)
    await selling.work()
    assert (await attempts(selling, order))[-1].amount == Money(PRICE - PART)
    await selling.settle(await void_of(selling, order, part))
    await selling.work()
    assert (await attempts(selling, order))[-1].amount == Money(PRICE)
    assert "money-taken-back" in await selling.said("42")


async def test_a_part_taken_back_from_a_paid_order_leaves_the_rest_as_credit(selling: Shop) -> None:
    order = await order_by(selling, BY_CARD)
    part = await told_by(selling, order, amount=PART)
    await selling.settle(part, await told_by(selling, order, amount=PRICE - PART))
    await selling.settle(await void_of(selling, order, part))
    assert await selling.totals() == {"received": PRICE - PART, "credit": PRICE - PART}
    assert await granted(selling) == ["revoked"]


async def test_another_amount_than_came_books_nothing(selling: Shop) -> None:
    order = await order_by(selling, BY_CARD)
    paid = await told_by(selling, order)
    await selling.settle(paid)
    void = await told_by(selling, order, amount=-1, standing=Standing.REVERSED, ref="99", reverses=paid.ref)
    await selling.settle(void)
    assert await selling.store.read(lambda unit: totals(unit, selling)) == {"received": PRICE, "revenue": PRICE}
    assert await granted(selling) == ["granted"]
    assert (await selling.said("999"))[-1] == "admin-reversed-unknown"


async def test_what_nobody_has_booked_is_not_booked_out(selling: Shop) -> None:
    order = await order_by(selling, BY_CARD)
    void = {"amount": -PRICE, "standing": Standing.REVERSED, "reverses": "nobody"}
    await selling.settle(await told_by(selling, order, **void))
    assert await selling.store.read(lambda unit: totals(unit, selling)) == {}
    assert (await selling.said("999"), await selling.said("42")) == (["admin-reversed-unknown"], ["pay-on-page"])
    found = await selling.store.read(lambda unit: orders.by_id(unit, selling.premises.shop.id, order.id))
    assert found.payment == "open"


async def test_a_refund_of_money_that_is_gone_is_owed_no_more(selling: Shop) -> None:
    order = await order_by(selling, BY_CARD)
    paid = await told_by(selling, order)
    await selling.settle(paid)
    await owe(selling, order)
    assert (await selling.rows(refunds_table))[0].state == "approved"
    await selling.settle(await void_of(selling, order, paid))
    [refund] = await selling.rows(refunds_table)
    assert (refund.state, refund.confirmed_at) == ("dropped", None)
    assert await selling.totals() == {}
    assert "admin-reversed" in await selling.said("999")


async def test_a_refund_that_bounced_is_called_off_to_the_last_dong(selling: Shop) -> None:
    """It was booked as owed, sent, and come back: only the first is to be undone."""
    order = await order_by(selling, BY_CARD)
    paid = await told_by(selling, order)
    await selling.settle(paid)
    desk = await Desk.open(selling)
    row = await desk.close(await desk.confirm_as_admin(await desk.owed(order)))
    await selling.settle(selling.sighting(row.memo, row.amount.minor))
    assert (await selling.rows(refunds_table))[0].state == "returned"
    await selling.settle(await void_of(selling, order, paid))
    assert (await selling.rows(refunds_table))[0].state == "dropped"
    assert await selling.totals() == {}
    assert await selling.store.read(lambda unit: reviews.count(unit, selling.premises.shop.id)) == 0


async def test_a_refund_that_a_gateway_is_asked_to_send_is_called_off_no_more(selling: Shop) -> None:
    """Nobody can call it back: it goes, and the books say so."""
    order = await order_by(selling, BY_CARD)
    paid = await told_by(selling, order)
    await selling.settle(paid)
    counter = Counter.open(await Desk.open(selling))
    refund = await counter.choose(await counter.desk.confirm_as_admin(await counter.desk.owed(order)))
    await selling.settle(await void_of(selling, order, paid))
    assert (await counter.carry_on(refund)).state == "sent"
    assert await selling.totals() == {"revenue": -PRICE, "refund_paid": PRICE}


async def test_a_refund_of_other_money_stays_owed(selling: Shop) -> None:
    order = await order_by(selling, BY_CARD)
    first, second = await told_by(selling, order), await told_by(selling, order)
    await selling.settle(first, second)
    await owe(selling, order, PRICE)
    await selling.settle(await void_of(selling, order, first))
    assert [row.state for row in await selling.rows(refunds_table)] == ["approved"]


async def owe(shop: Shop, order: Order, minor: int | None = None) -> None:
    """An admin gives money back; the buyer has named an account."""
    admin = await shop.meet("999")

    def write(unit: Unit) -> None:
        refund = ask_refund(unit, shop.premises, admin, order.code, minor, "").refund
        confirm_refund(unit, shop.premises, admin, refund.id)

    await shop.store.write(write)


def totals(unit: Unit, shop: Shop) -> dict[str, int]:
    """What the ledger holds, of whatever was said."""
    told = show_ledger(unit, shop.premises)
    assert told["balanced"]
    return {str(name): minor for name, minor in told["totals"].get("VND", {}).items() if minor}


@pytest.mark.parametrize("gone", ["part", "price"])
@pytest.mark.parametrize("together", [False, True])
async def test_a_part_in_another_currency_never_was_in_the_sale(selling: Shop, gone: str, together: bool) -> None:
    order = await order_by(selling, IN_DOLLARS)
    price = await told_by(selling, order)
    part = replace(selling.sighting(order.code, PART), source="casso")
    void = await void_of(selling, order, price)
    if gone == "part":
        void = replace(part, amount=-PART, standing=Standing.REVERSED, ref=f"9{part.ref}", reverses=part.ref)
    for told in [(part, price, void)] if together else [(part,), (price,), (void,)]:
        await selling.settle(*told)
    books = (await selling.books())["totals"]
    left = {currency: {n: minor for n, minor in each.items() if minor} for currency, each in books.items()}
    kept, lost = ("USD", "VND") if gone == "part" else ("VND", "USD")
    sold = {"received": 320, "revenue": 320} if gone == "part" else {"received": PART, "credit": PART}
    assert (left[kept], left[lost]) == (sold, {})
    assert await granted(selling) == ["granted" if gone == "part" else "revoked"]


async def test_a_part_taken_back_does_not_change_the_way_chosen_since(selling: Shop) -> None:
    order = await order_by(selling, IN_DOLLARS)
    part = replace(selling.sighting(order.code, PART), source="casso")
    await selling.settle(part)
    void = replace(part, amount=-PART, standing=Standing.REVERSED, ref=f"9{part.ref}", reverses=part.ref)
    await selling.settle(void)
    await selling.work()
    asked = (await attempts(selling, order))[-1]
    assert (asked.state, asked.amount) == ("open", Money(320, "USD"))
