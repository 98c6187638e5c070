"""The same money seen by Casso and by payOS counts once, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from flows.notice import Notice
from flows.refund_order import ask_refund, confirm_refund
from flows.settle_payments import settle_payments
from sales.purchase import Order
from sales.transfer import Sighting
from storage.schema.money import sightings, transfers
from storage.schema.orders import attempts
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.shop import ACCOUNT, ADMIN, PRICE, Shop

VIRTUAL = "V3CAS0001"


def by_payos(shop: Shop, number: int | None, link: str = "link", **changes: Any) -> Sighting:
    ref = f"{link}:FT{next(shop.refs)}"
    told = {"source": "payos", "ref": ref, "number": number, "link": link, "reference": ref} | changes
    return shop.sighting("CS1 nothing", **told)


async def link_of(shop: Shop, order: Order, link: str = "link", account: str = VIRTUAL) -> int:
    """Make the order's attempt a payment link on a virtual account; answers its number."""
    mine = attempts.c.order_id == order.id
    row = {"gateway": "payos", "link_id": link, "account": account}
    written = update(attempts).where(mine).values(row).returning(attempts.c.number)
    return await shop.store.write(lambda unit: int(unit.conn.execute(written).scalar_one()))


async def told_by_two(shop: Shop, order: Order) -> tuple[Sighting, Sighting]:
    """Pay the order by a link; Casso tells of it, and then payOS."""
    link = by_payos(shop, await link_of(shop, order))
    bank = shop.sighting(order.code, reference="FT1")
    await shop.settle(bank)
    await shop.settle(link)
    return bank, link


async def give_back(shop: Shop, order: Order) -> None:
    seller = await shop.meet(ADMIN.external)

    def ask_and_confirm(unit: Unit) -> None:
        asked = ask_refund(unit, shop.premises, seller, order.code, None, "")
        confirm_refund(unit, shop.premises, seller, asked.refund.id)

    await shop.store.write(ask_and_confirm)


async def counted(shop: Shop) -> tuple[int, int]:
    return len(await shop.rows(transfers)), len(await shop.rows(sightings))


@pytest.mark.parametrize("payos_first", [True, False])
async def test_both_sources_tell_and_it_counts_once(shop: Shop, payos_first: bool) -> None:
    order = await shop.order()
    told = [by_payos(shop, await link_of(shop, order)), shop.sighting(order.code)]
    for sighting in told if payos_first else told[::-1]:
        assert await shop.settle(sighting) == 1
    assert await counted(shop) == (1, 2)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}
    story = await shop.story(order)
    assert [each["decision"] for each in story["transfers"]] == ["exact"]
    assert [each["kind"] for each in story["events"]] == ["order.placed", "money.exact", "money.seen_again"]


async def test_both_in_one_list(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    assert await shop.settle(shop.sighting(order.code), by_payos(shop, number)) == 2
    assert await counted(shop) == (1, 2)
    assert await shop.meanings() == ["exact"]


async def test_two_genuine_equal_transfers_stay_two(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    for sighting in [by_payos(shop, number), by_payos(shop, number), shop.sighting(order.code)]:
        await shop.settle(sighting)
    await shop.settle(shop.sighting(order.code))
    assert await counted(shop) == (2, 4)
    assert await shop.meanings() == ["exact", "second"]
    assert await shop.totals() == {"received": 2 * PRICE, "revenue": PRICE, "credit": PRICE}


async def test_money_on_the_virtual_account_is_money_on_ours(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    await shop.settle(by_payos(shop, number, account=VIRTUAL))
    await shop.settle(shop.sighting(order.code, account="", virtual_account=VIRTUAL))
    assert await counted(shop) == (1, 2)
    assert {row.bank_account_id is not None for row in await shop.rows(transfers)} == {True}


async def test_a_link_without_an_account_of_ours_pays_by_its_number_alone(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order, account="V9")
    await shop.store.write(lambda unit: unit.conn.execute(update(attempts).values(bank_account_id=None)) and None)
    await shop.settle(by_payos(shop, number, account="somewhere"))
    assert await shop.meanings() == ["exact"]


async def test_a_number_of_another_link_names_nothing(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    await shop.settle(by_payos(shop, number, link="not ours"))
    await shop.settle(by_payos(shop, number + 1_000))
    assert await shop.meanings() == ["unmatched", "unmatched"]


async def test_money_nobody_could_place_pays_when_the_other_source_names_its_order(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    await shop.settle(shop.sighting("the memo was lost"))
    assert await shop.totals() == {"received": PRICE, "unplaced": PRICE}
    await shop.settle(by_payos(shop, number))
    assert await counted(shop) == (1, 2)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}
    assert (await shop.story(order))["order"]["payment"] == "paid"
    assert [each["state"] for each in (await shop.story(order))["grants"]] == ["granted"]


async def test_that_works_inside_one_list_too(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    await shop.settle(shop.sighting("lost"), by_payos(shop, number))
    assert await counted(shop) == (1, 2)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}


async def test_a_third_word_about_placed_money_changes_nothing(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    notice = by_payos(shop, number)
    await shop.settle(shop.sighting(order.code), notice)
    assert await shop.settle(notice) == 0
    assert await counted(shop) == (1, 2)


@pytest.mark.parametrize("payos_first", [True, False])
async def test_one_payment_never_pays_two_orders_whatever_its_memo_says(shop: Shop, payos_first: bool) -> None:
    """The buyer pays the second order's link and writes the first one's code into the memo."""
    first, second = await shop.order(), await shop.order()
    told = [by_payos(shop, await link_of(shop, second)), shop.sighting(first.code)]
    for sighting in told if payos_first else told[::-1]:
        await shop.settle(sighting)
    assert await shop.meanings() == ["exact", "ambiguous"]
    assert await shop.totals() == {"received": 2 * PRICE, "revenue": PRICE, "unplaced": PRICE}
    states = [(await shop.story(order))["order"]["payment"] for order in (first, second)]
    assert sorted(states) == ["open", "paid"]


async def test_two_buyers_who_pay_the_same_at_once_both_get_their_goods(shop: Shop) -> None:
    """One by hand, one by link: the second word about the link's money heals the doubt."""
    by_hand, by_link = await shop.order(), await shop.order()
    number = await link_of(shop, by_link)
    await shop.settle(shop.sighting(by_hand.code))
    await shop.settle(by_payos(shop, number))
    assert await shop.meanings() == ["exact", "ambiguous"]
    await shop.settle(shop.sighting(by_link.code))
    assert await shop.meanings() == ["exact", "exact"]
    assert await counted(shop) == (2, 3)
    assert await shop.totals() == {"received": 2 * PRICE, "revenue": 2 * PRICE}
    assert "admin-placed" in await shop.said(ADMIN.external)


async def test_what_is_in_doubt_is_told_to_buyer_and_admins_and_holds_its_order(shop: Shop) -> None:
    peer = await shop.meet()
    by_hand, by_link = await shop.order(), await shop.order(peer)
    await shop.settle(shop.sighting(by_hand.code), by_payos(shop, await link_of(shop, by_link)))
    assert "money-ambiguous" in await shop.said(peer.external)
    assert "admin-ambiguous" in await shop.said(ADMIN.external)
    # A third payment, of a third order, is not taken for the one in doubt.
    third = await shop.order()
    await shop.settle(shop.sighting(third.code))
    assert await shop.meanings() == ["exact", "ambiguous", "ambiguous"]
    await shop.settle(shop.sighting(by_link.code), by_payos(shop, await link_of(shop, third, "third"), "third"))
    assert await shop.meanings() == ["exact", "exact", "exact"]
    assert await shop.totals() == {"received": 3 * PRICE, "revenue": 3 * PRICE}


async def test_money_a_person_gives_back_is_not_decided_anew(shop: Shop) -> None:
    by_hand, by_link = await shop.order(), await shop.order()
    await shop.settle(shop.sighting(by_hand.code), by_payos(shop, await link_of(shop, by_link)))
    await give_back(shop, by_link)
    await shop.settle(shop.sighting(by_link.code))
    assert await shop.meanings() == ["exact", "ambiguous"]
    assert (await shop.story(by_link))["order"]["payment"] != "paid"
    assert await shop.totals() == {"received": 2 * PRICE, "revenue": PRICE, "refund_owed": PRICE}


async def test_a_deposit_is_not_made_from_nothing(shop: Shop) -> None:
    cheap, dear = await shop.order(), await shop.order(plan=1)
    await shop.settle(by_payos(shop, await link_of(shop, cheap)), shop.sighting(dear.code))
    assert await shop.totals() == {"received": 2 * PRICE, "revenue": PRICE, "unplaced": PRICE}


async def test_a_link_number_of_another_gateway_is_not_ours(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    await shop.store.write(
        lambda unit: unit.conn.execute(update(attempts).values(gateway="casso", link_id=None)) and None
    )
    await shop.settle(by_payos(shop, number))
    assert await shop.meanings() == ["unmatched"]


async def test_money_on_our_channel_is_ours_whatever_account_it_names(shop: Shop) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting(order.code, source="payos", number=999, link="lost", account="somewhere"))
    assert await shop.meanings() == ["exact"]


async def test_a_word_that_comes_weeks_late_is_no_second_payment(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    number, booked = await link_of(shop, order), clock.now
    await shop.settle(by_payos(shop, number, booked_at=booked))
    clock.now += timedelta(days=20)
    await shop.settle(shop.sighting(order.code, booked_at=booked))
    assert await shop.meanings() == ["exact"]


async def test_two_payments_of_one_order_days_apart_are_two(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    await shop.settle(by_payos(shop, number, booked_at=clock.now))
    clock.now += timedelta(hours=60)
    await shop.settle(shop.sighting(order.code, booked_at=clock.now))
    assert await shop.meanings() == ["exact", "second"]


async def test_after_days_equal_money_is_new_money(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    await shop.settle(by_payos(shop, number))
    clock.now += timedelta(days=4)
    await shop.settle(shop.sighting(order.code))
    assert await shop.meanings() == ["exact", "second"]


async def test_a_short_part_by_link_counts_once_and_asks_for_the_rest(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    await shop.settle(by_payos(shop, number, amount=50_000))
    await shop.settle(shop.sighting(order.code, 50_000))
    assert await shop.totals() == {"received": 50_000, "deposit": 50_000}


async def test_money_on_a_foreign_account_is_not_paired(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    await shop.settle(by_payos(shop, number), shop.sighting(order.code, account="9999"))
    assert await shop.meanings() == ["exact", "foreign_account"]


async def test_a_notice_body_is_kept_for_each_source(shop: Shop) -> None:
    order = await shop.order()
    number = await link_of(shop, order)
    told = [Notice("payos", "p", (by_payos(shop, number),)), Notice("casso", "c", (shop.sighting(order.code),))]
    for notice in told:
        await shop.store.write(lambda unit, notice=notice: settle_payments(unit, shop.premises, [notice]))  # type: ignore[misc]
    kept = {row.source: row.notice_id for row in await shop.rows(sightings)}
    assert set(kept) == {"payos", "casso"}
    assert len(set(kept.values())) == 2
    assert {row.account for row in await shop.rows(transfers)} == {ACCOUNT}
