"""A gateway takes money back after its buyer has kept it as credit, or that had paid beside other money."""

from dataclasses import replace

import pytest

from flows.check_books import check_books
from sales.errors import Tell
from sales.money import Money
from sales.people import Peer
from sales.purchase import Order
from sales.transfer import Sighting, Standing
from storage import orders
from storage.schema.goods import grants
from tests.flows.crediting import cancel, free, has, keep, lies, standing, tokens, told, wish, with_credit
from tests.flows.desk import Desk
from tests.flows.many_prices import BY_CARD, order_by, sell_in_all, told_by
from tests.flows.shop import ADMIN, PRICE, Shop

PART = 50_000
LENT = 29_000


@pytest.fixture
def selling(sqlite_shop: Shop) -> Shop:
    sell_in_all(sqlite_shop)
    return sqlite_shop


def void_of(paid: Sighting) -> Sighting:
    return replace(paid, amount=-paid.amount, standing=Standing.REVERSED, ref=f"9{paid.ref}", reverses=paid.ref)


async def findings(shop: Shop) -> list[tuple[str, tuple[str, ...]]]:
    found = await shop.store.read(lambda unit: check_books(unit, shop.premises))
    return [(each.kind, each.about) for each in found]


async def kept_part(shop: Shop) -> tuple[Peer, Order, Sighting]:
    """A part by card of an order that its buyer has cancelled, kept as credit."""
    peer = await shop.meet()
    order = await order_by(shop, BY_CARD, peer)
    part = await told_by(shop, order, amount=PART)
    await shop.settle(part)
    await cancel(shop, peer, order)
    assert await keep(shop, order) == PART
    return peer, order, part


async def test_a_kept_part_is_taken_back_from_the_credit(shop: Shop) -> None:
    sell_in_all(shop)
    peer, _, part = await kept_part(shop)
    await shop.settle(void_of(part))
    assert (await shop.totals(), await free(shop, peer), await findings(shop)) == ({}, {}, [])
    assert (await shop.said("999"))[-1] == "admin-taken-back"


async def test_a_kept_part_that_was_spent_leaves_less_than_nothing_and_the_admins_hear_of_it(selling: Shop) -> None:
    peer, _, part = await kept_part(selling)
    second = await selling.order(peer)
    await selling.settle(void_of(part))
    assert (await has(selling, peer), await free(selling, peer)) == (-PART, {})
    assert (await standing(selling, second)).payment == "open"
    assert await told(selling, ADMIN.external, "admin-credit-negative")
    assert await findings(selling) == []


async def test_a_kept_part_of_an_order_paid_later_leaves_its_goods(selling: Shop) -> None:
    _, order, part = await kept_part(selling)
    await selling.settle(selling.sighting(order.code))
    assert (await standing(selling, order)).payment == "paid"
    await selling.settle(void_of(part))
    assert await selling.totals() == {"received": PRICE, "revenue": PRICE}
    assert [row.state for row in await selling.rows(grants)] == ["granted"]


async def test_after_it_was_taken_back_the_order_is_paid_by_its_price_again(selling: Shop) -> None:
    """In one list: what the next judgement reads must be what the ledger says."""
    _, order, part = await kept_part(selling)
    await selling.settle(void_of(part), selling.sighting(order.code))
    assert (await standing(selling, order)).payment == "paid"
    assert await selling.totals() == {"received": PRICE, "revenue": PRICE}


async def test_a_part_whose_refund_is_called_off_leaves_another_part_where_it_lies(selling: Shop) -> None:
    desk, order = await Desk.open(selling), await order_by(selling, BY_CARD)
    part = await told_by(selling, order, amount=PART)
    await selling.settle(part)
    await desk.owed(order, PART)
    await selling.settle(selling.sighting(order.code, 20_000), void_of(part))
    assert await selling.totals() == {"received": 20_000, "deposit": 20_000}
    assert await findings(selling) == []


async def lent(shop: Shop) -> tuple[Peer, Order, Sighting]:
    """An order paid by credit and, for the rest, by card."""
    peer, _ = await with_credit(shop, LENT)
    order = await order_by(shop, BY_CARD, peer)
    paid = await told_by(shop, order)
    await shop.settle(paid)
    return peer, order, paid


async def test_credit_that_paid_beside_it_is_the_buyers_again(selling: Shop) -> None:
    peer, order, paid = await lent(selling)
    assert paid.amount == PRICE - LENT
    await selling.settle(void_of(paid))
    assert (await lies(selling, peer), await free(selling, peer)) == ({order.code: LENT}, {"VND": LENT})
    assert await selling.totals() == {"received": PRICE + LENT, "revenue": PRICE, "credit": LENT}
    (reply,) = await told(selling, peer.external, "rest-is-credit")
    assert tokens(reply) == [f"credit-keep:{order.code}:VND", f"credit-back:{order.code}:VND"]
    assert await told(selling, ADMIN.external, "admin-rest-is-credit")
    assert [each["kind"] for each in (await selling.story(order))["events"]].count("credit.returned") == 1
    assert await findings(selling) == []
    again = await selling.order(peer)
    assert (await selling.story(again))["order"]["deposited"] == LENT


@pytest.mark.parametrize("together", [False, True])
async def test_two_parts_are_taken_back_one_after_the_other(selling: Shop, together: bool) -> None:
    order = await order_by(selling, BY_CARD)
    part = await told_by(selling, order, amount=PART)
    rest = await told_by(selling, order, amount=PRICE - PART)
    await selling.settle(part, rest)
    for voids in [(void_of(part), void_of(rest))] if together else [(void_of(part),), (void_of(rest),)]:
        await selling.settle(*voids)
    assert (await selling.totals(), await findings(selling)) == ({}, [])
    assert [row.state for row in await selling.rows(grants)] == ["revoked"]


async def test_what_is_being_given_back_of_it_does_not_become_credit_too(selling: Shop) -> None:
    _, order, paid = await lent(selling)
    desk = await Desk.open(selling)
    await desk.owed(order, LENT)
    await selling.settle(void_of(paid))
    found = await selling.store.read(lambda unit: orders.by_id(unit, selling.premises.shop.id, order.id))
    assert found.payment == "paid"
    assert await selling.totals() == {"received": PRICE + LENT, "revenue": PRICE, "refund_owed": LENT}
    assert await findings(selling) == []


async def test_credit_that_makes_up_for_what_was_taken_back_elsewhere_cannot_be_wished_for(selling: Shop) -> None:
    """21.000 of the first order's surplus were spent on the second, which is paid 30.000 too much."""
    peer = await selling.meet()
    first = await order_by(selling, BY_CARD, peer)
    paid = await told_by(selling, first, amount=PRICE + 21_000)
    await selling.settle(paid)
    second = await selling.order(peer)
    await selling.settle(void_of(paid), selling.sighting(second.code, PRICE - 21_000 + 30_000))
    assert await lies(selling, peer) == {first.code: -21_000, second.code: 30_000}
    with pytest.raises(Tell, match="refund-too-much") as refused:
        await wish(selling, peer, second, 30_000)
    assert refused.value.values["most"] == Money(9_000)
    await wish(selling, peer, second, 9_000)
    with pytest.raises(Tell, match="refund-wished-already"):
        await wish(selling, peer, second, 1)


async def test_a_part_that_was_sent_back_already_is_the_buyer_s_debt_and_no_negative_part(selling: Shop) -> None:
    desk, order = await Desk.open(selling), await order_by(selling, BY_CARD)
    part = await told_by(selling, order, amount=PART)
    await selling.settle(part)
    await desk.close(await desk.confirm_as_admin(await desk.owed(order, PART)))
    await selling.settle(void_of(part))
    assert await selling.totals() == {"credit": -PART, "refund_paid": PART}
    assert await told(selling, ADMIN.external, "admin-credit-negative")
    assert await findings(selling) == []
