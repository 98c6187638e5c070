"""A statement settles what no notice has told of, and changes nothing of what is known."""

from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest

from flows import import_statement, statement_tally
from flows.expire_orders import expire_order
from gateways.statement import Broken, Passed
from sales.errors import StoreBusy
from sales.settlement import Meaning
from storage.schema.money import layouts, notices, sightings, transfers
from storage.schema.work import events
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.shop import ADMIN, PRICE, Shop, open_shop
from tests.flows.statements import Bank

DAY = timedelta(days=1)


@pytest.fixture
def bank(sqlite_shop: Shop, clock: FrozenClock) -> Bank:
    return Bank(sqlite_shop, clock.now)


async def transfer_count(bank: Bank) -> int:
    return len(await bank.shop.rows(transfers))


async def test_a_lost_notice_is_made_up_for_on_both_databases(shop: Shop, clock: FrozenClock) -> None:
    bank, order = Bank(shop, clock.now), await shop.order()
    taken = await bank.take(bank.line(order.code, reference="FT1"), bank.line("nobody", -5_000), bank.line("x", 7))
    assert taken.new == {Meaning.EXACT: 1, Meaning.OUT: 1, Meaning.UNMATCHED: 1}
    assert (taken.lines, taken.came, taken.went, taken.waiting) == (3, PRICE + 7, 5_000, 1)
    assert await shop.totals() == {"received": PRICE + 7, "revenue": PRICE, "unplaced": 7}
    story = await shop.story(order)
    assert [each["state"] for each in story["grants"]] == ["granted"]
    again = await bank.take(bank.line(order.code, reference="FT1"), bank.line("nobody", -5_000), bank.line("x", 7))
    assert (again.known, again.new, len(await shop.rows(transfers))) == (3, {}, 3)


@pytest.mark.parametrize("timed", [True, False])
async def test_what_a_notice_has_told_of_is_recognised(bank: Bank, timed: bool) -> None:
    order = await bank.shop.order()
    await bank.notice(order.code, reference="FT1")
    await bank.notice("no code", 5_000)
    taken = await bank.take(
        bank.line(order.code, reference="FT1", timed=timed), bank.line("no code", 5_000, timed=timed)
    )
    assert (taken.again, taken.new, await transfer_count(bank)) == (2, {}, 2)
    assert [row.told_by for row in await bank.shop.rows(transfers)] == ["casso statement"] * 2


async def test_and_the_other_way_round(bank: Bank) -> None:
    order = await bank.shop.order()
    await bank.take(bank.line(order.code, timed=False))
    await bank.notice(order.code)
    assert (await transfer_count(bank), await bank.shop.meanings()) == (1, ["exact"])


async def test_a_statement_of_last_month_is_still_recognised(bank: Bank, clock: FrozenClock) -> None:
    order = await bank.shop.order()
    await bank.notice(order.code, reference="FT1")
    await bank.notice("no code", 5_000)
    lines = [bank.line(order.code, reference="FT1", timed=False), bank.line("no code", 5_000)]
    clock.move(35 * DAY)
    taken = await bank.take(*lines, now=clock.now)
    assert (taken.again, taken.new, await transfer_count(bank)) == (2, {}, 2)
    assert await bank.shop.totals() == {"received": PRICE + 5_000, "revenue": PRICE, "unplaced": 5_000}


async def test_a_second_equal_payment_stays_second(bank: Bank) -> None:
    order = await bank.shop.order()
    await bank.notice(order.code)
    taken = await bank.take(bank.line(order.code), bank.line(order.code))
    assert (taken.again, taken.new) == (1, {Meaning.SECOND: 1})
    assert await bank.shop.totals() == {"received": 2 * PRICE, "revenue": PRICE, "credit": PRICE}


async def test_an_overlapping_statement_brings_only_what_is_new(bank: Bank) -> None:
    lines = [bank.line(f"memo {number}", 1_000 + number, ago=number * DAY, timed=False) for number in range(6)]
    await bank.take(*lines[:4])
    taken = await bank.take(*lines[2:], lines[3], name="other.csv")
    assert (taken.known, taken.new) == (2, {Meaning.UNMATCHED: 3})
    assert await transfer_count(bank) == 7


async def test_equal_prices_with_a_date_alone_find_each_their_own_notice(bank: Bank) -> None:
    """The notice of the first was lost; the line of a stranger must not take the notice of the second."""
    lost, told = await bank.shop.order(), await bank.shop.order()
    await bank.notice(told.code)
    stranger, other = bank.line("no code", timed=False, ago=DAY), bank.line(lost.code, timed=False, ago=DAY)
    taken = await bank.take(stranger, other, bank.line(told.code, timed=False))
    assert (taken.again, taken.new) == (1, {Meaning.UNMATCHED: 1, Meaning.EXACT: 1})
    assert await bank.shop.totals() == {"received": 3 * PRICE, "revenue": 2 * PRICE, "unplaced": PRICE}


async def test_the_time_of_day_of_a_line_counts(bank: Bank, clock: FrozenClock) -> None:
    """Whoever paid within the watch has paid in time, although the price has changed and nobody told us."""
    order = await bank.shop.order()
    line = bank.line(order.code)
    clock.move(3 * DAY)
    await bank.shop.store.write(lambda unit: expire_order(unit, bank.shop.premises, order.id))
    taken = await bank.take(line, now=clock.now)
    assert taken.new == {Meaning.EXACT: 1}
    assert (await bank.shop.story(order))["order"]["payment"] == "paid"


@pytest.mark.parametrize(("timed", "days"), [(False, 3), (True, 35)])
async def test_a_date_alone_and_a_line_of_long_ago_are_late(
    bank: Bank, clock: FrozenClock, timed: bool, days: int
) -> None:
    order = await bank.shop.order()
    line = bank.line(order.code, timed=timed)
    clock.move(days * DAY)
    taken = await bank.take(line, now=clock.now)
    assert taken.new == {Meaning.LATE: 1}
    assert taken.waiting == (days > 30)


async def test_parts_of_a_payment_add_up_across_batches(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_tally, "BATCH", 1)
    order = await bank.shop.order()
    await bank.notice("no code", 5_000)
    lines = [bank.line(order.code, 50_000), bank.line(order.code, PRICE - 50_000, reference="2")]
    taken = await bank.take(*lines, bank.line("no code", 5_000), bank.line("no code", 5_000))
    assert taken.new == {Meaning.SHORT: 1, Meaning.EXACT: 1, Meaning.UNMATCHED: 1}
    assert taken.again == 1


async def test_money_that_went_out_with_the_code_of_a_refund_closes_it(bank: Bank) -> None:
    desk = await Desk.open(bank.shop)
    refund = await desk.confirm_as_admin(await desk.owed(await desk.paid()))
    taken = await bank.take(bank.line(refund.memo, -refund.amount.minor))
    assert taken.new == {Meaning.OUT: 1}
    assert str((await desk.look(refund)).state) == "settled"
    assert await bank.shop.totals() == {"received": PRICE, "refund_paid": PRICE}


async def test_an_import_that_broke_off_goes_on_where_it_was(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_tally, "BATCH", 2)
    lines = [bank.line(f"memo {number}", 1_000) for number in range(7)]
    written, at = bank.shop.store.write, iter(range(100))

    async def fail_at_the_fourth(work: object) -> object:
        if next(at) == 3:
            raise StoreBusy("down")
        return await written(work)  # type: ignore[arg-type]

    monkeypatch.setattr(bank.shop.store, "write", fail_at_the_fourth)
    with pytest.raises(StoreBusy):
        await bank.take_only(bank.told(lines, bank.now))
    assert await transfer_count(bank) == 4
    monkeypatch.undo()
    taken = await bank.take(*lines)
    assert (taken.known, taken.new, await transfer_count(bank)) == (4, {Meaning.UNMATCHED: 3}, 7)


async def test_a_line_that_cannot_be_settled_keeps_no_other_back(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    settle = import_statement.settle_payments

    def stumble(unit: object, premises: object, told: list[object]) -> object:
        if any("bad" in each.memo for notice in told for each in notice.sightings):  # type: ignore[attr-defined]
            raise RuntimeError("a bug")
        return settle(unit, premises, told)  # type: ignore[arg-type]

    monkeypatch.setattr(import_statement, "settle_payments", stumble)
    lines = [bank.line("good", 1), bank.line("bad", 2), bank.line("fine", 3)]
    taken = await bank.take_only(bank.told(lines, bank.now))
    assert taken.named == [Broken(3, "statement-line-unsettled")]
    assert (taken.new, [row.amount for row in await bank.shop.rows(transfers)]) == ({Meaning.UNMATCHED: 2}, [1, 3])


async def test_foreseeing_writes_nothing(bank: Bank) -> None:
    order = await bank.shop.order()
    before = [await bank.shop.rows(table) for table in (transfers, sightings, notices, layouts, events)]
    foreseen = await bank.foresee(bank.line(order.code), bank.line("x", 5))
    assert foreseen.new == {Meaning.EXACT: 1, Meaning.UNMATCHED: 1}
    assert [await bank.shop.rows(table) for table in (transfers, sightings, notices, layouts, events)] == before


async def test_what_is_kept_of_the_file_is_small_and_names_it(bank: Bank) -> None:
    await bank.take(*(bank.line(f"memo {number} {'x' * 200}", 1_000) for number in range(300)))
    [kept] = await bank.shop.rows(notices)
    assert kept.gateway == "statement"
    assert '"statement.csv"' in kept.body
    assert len(kept.body) < 400
    [layout] = await bank.shop.rows(layouts)
    assert (layout.bank, layout.header, layout.columns) == ("Bank A", "ngay|so tien", {"date": 0, "amount": 1})
    [event] = [row for row in await bank.shop.rows(events) if row.kind == "statement.imported"]
    assert event.detail["new"] == 300
    assert "amount" not in str(event.detail)


async def test_the_admins_hear_of_it_once_and_not_of_every_stranger(bank: Bank) -> None:
    await bank.take(*(bank.line(f"memo {number}", 1_000) for number in range(20)))
    assert await bank.shop.said(ADMIN.external) == ["admin-statement"]
    await bank.take(bank.line("memo 1", 1_000))
    assert await bank.shop.said(ADMIN.external) == ["admin-statement"]


async def test_lines_of_another_shops_account_are_nobodys(bank: Bank) -> None:
    other = await open_shop(bank.shop.store, slug="other")
    order = await bank.shop.order()
    told = [
        replace(each, sighting=replace(each.sighting, account="999"))
        for each in bank.told([bank.line(order.code)], bank.now)
    ]  # type: ignore[union-attr,type-var,arg-type]
    taken = await bank.take_only(iter(told))
    assert taken.new == {Meaning.FOREIGN_ACCOUNT: 1}
    assert [row.shop_id for row in await other.rows(transfers)] == [bank.shop.premises.shop.id]


def test_batches_are_bounded_in_lines_and_in_time(bank: Bank) -> None:
    tally = statement_tally.Tally()
    lines = [bank.line("x", 1, ago=number * 10 * DAY) for number in range(7)] + [bank.line("y", 1)] * 1_200
    cut = list(statement_tally.batches(bank.told(lines, bank.now), tally, None))
    assert [len(batch) for batch in cut] == [4, 3, 500, 500, 200]
    assert (tally.lines, len(tally.shown)) == (1_207, statement_tally.FIRST_LINES)


def test_earlier_days_are_passed_over_and_lines_are_taken_as_they_are_read(bank: Bank) -> None:
    tally = statement_tally.Tally()
    lines = [bank.line("x", 1, ago=2 * DAY), bank.line("y", 2)]
    told = iter([*bank.told(lines, bank.now), Passed(9), Broken(10, "statement-line-date")])
    [[line]] = statement_tally.batches(told, tally, bank.now - DAY)
    assert line.sighting.amount == 2
    assert (tally.older, tally.passed, tally.broken, tally.named[0].number) == (1, 1, 1, 10)
    endless = statement_tally.batches(iter(lambda: line, None), statement_tally.Tally(), None)
    assert [len(batch) for batch in islice(endless, 2)] == [500, 500]


@pytest.mark.parametrize(
    ("amounts", "balances", "sound"),
    [
        ([5, -2, 7], [105, 103, 110], True),
        ([7, -2, 5], [110, 103, 105], True),  # the newest line first
        ([5, 2, 7], [105, 103, 110], False),
        ([5, 2, 7], [None, None, None], True),
    ],
)
def test_balances_tell_whether_amounts_are_read_rightly(
    bank: Bank, amounts: list[int], balances: list[int | None], sound: bool
) -> None:
    tally = statement_tally.Tally()
    told = bank.told([bank.line("x", amount) for amount in amounts], bank.now)
    for each, balance in zip(told, balances, strict=True):
        tally.read(replace(each, balance=balance))  # type: ignore[type-var]
    assert tally.balanced is sound
