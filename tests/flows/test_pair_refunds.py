"""Money of refunds that several sources tell of: it counts once, with the code or without, and swallows no payment."""

from datetime import timedelta

import pytest

from flows.check_books import check_books
from flows.review_money import not_ours
from sales.refund import Refund, State
from storage.reviews import Kind
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.shop import ADMIN, PRICE, Shop
from tests.flows.statements import Bank
from tests.flows.test_hear_refunds import back, out, payable, waiting
from tests.flows.test_pairing import by_payos, link_of

CARELESS = "CHUYEN TIEN"
"""What a source says that leaves the memo out."""


async def moved(shop: Shop) -> int:
    """How many movements the shop believes to have seen."""
    return len((await shop.books())["transfers"])


async def sound(shop: Shop) -> bool:
    return not await shop.store.read(lambda unit: check_books(unit, shop.premises))


async def gone(shop: Shop, minor: int | None = None) -> tuple[Desk, Refund]:
    """A refund that a bank has told to have gone."""
    desk, _, refund = await payable(shop, minor)
    await shop.settle(out(shop, refund))
    return desk, refund


@pytest.mark.parametrize("reference", ["", "FT1"])
async def test_the_second_source_names_the_refund_that_went_out(shop: Shop, reference: str) -> None:
    desk, order, refund = await payable(shop)
    await shop.settle(shop.sighting(CARELESS, -50_000, reference=reference))
    assert (await desk.look(refund)).payable
    await shop.settle(out(shop, refund, source="sepay", reference=reference))
    settled = await desk.look(refund)
    assert (settled.state, await moved(shop), settled.settled_by) == (State.SETTLED, 2, 2)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE - 50_000, "refund_paid": 50_000}
    assert "admin-refund-unfit" not in await shop.said(ADMIN.external)
    assert (await desk.events(order))[-1] == ("refund.settled", "sepay")
    await shop.settle(out(shop, refund, source="sepay-api"))
    assert (await moved(shop), await shop.meanings()) == (2, ["exact", "out"])


async def test_the_second_source_names_the_refund_that_came_back(shop: Shop) -> None:
    desk, refund = await gone(shop, 50_000)
    await shop.settle(shop.sighting(CARELESS, 50_000))
    assert (await shop.totals())["unplaced"] == 50_000
    await shop.settle(back(shop, refund, source="sepay"))
    assert ((await desk.look(refund)).state, await moved(shop)) == (State.RETURNED, 3)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE - 50_000, "refund_owed": 50_000}
    assert [each.kind for each in await waiting(shop)] == [Kind.REFUND], "the money waits for nobody any more"
    await shop.settle(back(shop, refund, source="sepay-api"))
    assert (await moved(shop), (await shop.totals())["received"]) == (3, PRICE)
    assert await sound(shop)


async def test_both_in_one_list(sqlite_shop: Shop) -> None:
    desk, _, refund = await payable(sqlite_shop)
    careless = sqlite_shop.sighting(CARELESS, -50_000)
    await sqlite_shop.settle(careless, out(sqlite_shop, refund, source="sepay"), out(sqlite_shop, refund))
    assert ((await desk.look(refund)).state, await moved(sqlite_shop)) == (State.SETTLED, 3)
    assert (await sqlite_shop.said(ADMIN.external)).count("admin-refund-unfit") == 1, "it went twice"


async def test_a_bounce_is_no_word_about_a_payment_of_another_order(sqlite_shop: Shop) -> None:
    desk, refund = await gone(sqlite_shop)
    other = await sqlite_shop.order()
    await sqlite_shop.settle(sqlite_shop.sighting(other.code))
    await sqlite_shop.settle(back(sqlite_shop, refund, source="sepay"))
    assert (await desk.look(refund)).state is State.RETURNED
    await sqlite_shop.settle(back(sqlite_shop, refund))
    await sqlite_shop.settle(sqlite_shop.sighting(other.code, source="sepay"))
    assert (await moved(sqlite_shop), (await sqlite_shop.totals())["received"]) == (4, 2 * PRICE)
    assert [each.kind for each in await waiting(sqlite_shop)] == [Kind.REFUND]
    assert await sound(sqlite_shop)


async def test_nor_is_it_one_about_the_payment_that_was_given_back(sqlite_shop: Shop, clock: FrozenClock) -> None:
    desk, refund = await gone(sqlite_shop)
    clock.move(timedelta(hours=20))
    await sqlite_shop.settle(back(sqlite_shop, refund, source="sepay"))
    assert ((await desk.look(refund)).state, await moved(sqlite_shop)) == (State.RETURNED, 3)


async def test_two_refunds_of_one_amount_are_two(sqlite_shop: Shop) -> None:
    desk, _, first = await payable(sqlite_shop, None)
    second = await desk.confirm_as_buyer(await desk.propose(await desk.owed(await desk.paid())))
    await sqlite_shop.settle(out(sqlite_shop, first))
    await sqlite_shop.settle(out(sqlite_shop, second, source="sepay"))
    assert [(await desk.look(each)).state for each in (first, second)] == [State.SETTLED] * 2
    await sqlite_shop.settle(back(sqlite_shop, first), back(sqlite_shop, second, source="sepay"))
    assert [(await desk.look(each)).state for each in (first, second)] == [State.RETURNED] * 2


@pytest.mark.parametrize("expense_first", [True, False])
async def test_a_statement_of_dates_closes_the_refund_in_whatever_order(
    sqlite_shop: Shop, clock: FrozenClock, expense_first: bool
) -> None:
    desk, _, refund = await payable(sqlite_shop)
    bank = Bank(sqlite_shop, clock.now)
    await bank.notice("TIEN DIEN", -50_000)
    memos = ("TIEN DIEN", refund.memo)[:: 1 if expense_first else -1]
    tally = await bank.take(*(bank.line(memo, -50_000, timed=False) for memo in memos))
    assert ((await desk.look(refund)).state, tally.again, sum(tally.new.values())) == (State.SETTLED, 1, 1)


async def test_a_refund_that_casso_told_of_is_not_the_expense_of_a_statement(
    sqlite_shop: Shop, clock: FrozenClock
) -> None:
    _, _, refund = await payable(sqlite_shop)
    bank = Bank(sqlite_shop, clock.now)
    await bank.notice(refund.memo, -50_000)
    lines = [bank.line(memo, -50_000, timed=False) for memo in ("TIEN DIEN", refund.memo)]
    tally = await bank.take(*lines)
    assert (tally.again, sum(tally.new.values())) == (1, 1)
    assert "admin-refund-unfit" not in await sqlite_shop.said(ADMIN.external)


async def test_a_code_that_only_the_second_source_gives_and_that_ends_nothing_is_told(sqlite_shop: Shop) -> None:
    desk = await Desk.open(sqlite_shop)
    owed = await desk.owed(await desk.paid(), 50_000)
    await sqlite_shop.settle(sqlite_shop.sighting(CARELESS, -50_000))
    await sqlite_shop.settle(out(sqlite_shop, owed, source="sepay"))
    assert (await desk.look(owed)).state is State.APPROVED
    assert (await sqlite_shop.said(ADMIN.external)).count("admin-refund-unfit") == 1


async def test_money_that_a_person_has_decided_is_not_decided_anew(sqlite_shop: Shop) -> None:
    desk, refund = await gone(sqlite_shop, 50_000)
    await sqlite_shop.settle(sqlite_shop.sighting(CARELESS, 50_000))
    (review,) = await waiting(sqlite_shop)
    premises = sqlite_shop.premises
    await sqlite_shop.store.write(lambda unit: not_ours(unit, premises, desk.admin, review.id))
    await sqlite_shop.settle(back(sqlite_shop, refund, source="sepay"))
    assert (await desk.look(refund)).state is State.SETTLED


async def test_what_came_before_the_refund_went_is_not_its_bounce_when_a_second_source_tells_of_it(
    sqlite_shop: Shop,
) -> None:
    desk, _, refund = await payable(sqlite_shop)
    await sqlite_shop.settle(back(sqlite_shop, refund))
    await desk.close(refund)
    await sqlite_shop.settle(back(sqlite_shop, refund, source="sepay"))
    assert ((await desk.look(refund)).state, await moved(sqlite_shop)) == (State.SENT, 2)
    assert (await sqlite_shop.totals())["unplaced"] == 50_000


@pytest.mark.parametrize("link_first", [True, False])
async def test_who_pays_a_link_with_the_code_of_a_refund_in_the_memo_gets_no_second_one(
    sqlite_shop: Shop, clock: FrozenClock, link_first: bool
) -> None:
    """Casso sees the code, payOS the order: of the two words one waits for a person."""
    desk, refund = await gone(sqlite_shop)
    clock.move(timedelta(days=5))
    order = await sqlite_shop.order()
    link = by_payos(sqlite_shop, await link_of(sqlite_shop, order))
    bank = sqlite_shop.sighting(refund.memo)
    for told in (link, bank) if link_first else (bank, link):
        await sqlite_shop.settle(told)
    paid = (await sqlite_shop.story(order))["order"]["payment"] == "paid"
    reopened = (await desk.look(refund)).state is State.RETURNED
    assert (paid, reopened) == (link_first, not link_first)
    assert Kind.MONEY in {each.kind for each in await waiting(sqlite_shop)}
    await sqlite_shop.settle(sqlite_shop.sighting(refund.memo, source="sepay"))
    assert (await sqlite_shop.totals()).get("refund_owed", 0) == (0 if link_first else PRICE)


async def test_a_bounce_beside_a_link_payment_is_known_once_both_have_told(sqlite_shop: Shop) -> None:
    desk, refund = await gone(sqlite_shop)
    order = await sqlite_shop.order()
    await sqlite_shop.settle(by_payos(sqlite_shop, await link_of(sqlite_shop, order)))
    await sqlite_shop.settle(back(sqlite_shop, refund))
    assert (await desk.look(refund)).state is State.SETTLED
    await sqlite_shop.settle(sqlite_shop.sighting(order.code))
    await sqlite_shop.settle(back(sqlite_shop, refund, source="sepay"))
    assert ((await desk.look(refund)).state, await moved(sqlite_shop)) == (State.RETURNED, 4)
    assert (await sqlite_shop.totals())["received"] == 2 * PRICE


@pytest.mark.parametrize("code", ["made up", "another amount"])
async def test_a_code_that_can_be_no_bounce_does_not_part_a_link_from_its_money(sqlite_shop: Shop, code: str) -> None:
    _, refund = await gone(sqlite_shop, 50_000)
    order = await sqlite_shop.order()
    memo = refund.memo if code == "another amount" else "RF2222222"
    await sqlite_shop.settle(sqlite_shop.sighting(memo))
    await sqlite_shop.settle(by_payos(sqlite_shop, await link_of(sqlite_shop, order)))
    assert (await sqlite_shop.story(order))["order"]["payment"] == "paid"
    assert (await sqlite_shop.totals())["received"] == 2 * PRICE
