"""A line that is read otherwise than before is still the same money, and a second payment is still a second."""

from datetime import timedelta

import pytest

from flows import statement_tally
from gateways.statement import Reading
from gateways.statement_columns import Role
from gateways.statement_layout import Header
from gateways.statement_row import Row
from sales.settlement import Meaning
from storage.schema.money import transfers
from tests.clock import FrozenClock
from tests.flows.shop import ACCOUNT, PRICE, Shop
from tests.flows.statements import TEXTS, Bank, Cells

HOUR = timedelta(hours=1)


@pytest.fixture
def bank(sqlite_shop: Shop, clock: FrozenClock) -> Bank:
    return Bank(sqlite_shop, clock.now)


def bare(line: Cells) -> Cells:
    """The same line as it is read without the column of references."""
    return (*line[:3], "")


async def moved(bank: Bank) -> int:
    return len(await bank.shop.rows(transfers))


async def test_a_file_read_without_its_references_brings_nothing_on_both_databases(
    shop: Shop, clock: FrozenClock
) -> None:
    bank, order = Bank(shop, clock.now), await shop.order()
    line = bank.line(order.code, reference="FT1")
    await bank.take(line)
    columns = {Role.DATE: 0, Role.AMOUNT: 1, Role.MEMO: 2}
    reading = Reading(Header(1, TEXTS, columns), columns, ACCOUNT, clock.now)
    taken = await bank.take_only(reading.lines([Row(1, TEXTS), Row(2, line)]), "same.csv")
    assert (taken.known, taken.otherwise, taken.new) == (1, 1, {})
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}
    assert await shop.meanings() == ["exact"]


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("reference", ["", "FT1"])
async def test_with_a_time_or_with_a_date_alone_it_is_the_same(bank: Bank, first: int, reference: str) -> None:
    order = await bank.shop.order()
    forms = [bank.line(order.code, reference=reference, timed=timed) for timed in (True, False)]
    await bank.take(forms[first])
    taken = await bank.take(forms[1 - first])
    assert (taken.known, taken.otherwise, await moved(bank)) == (1, 1, 1)


async def test_so_is_a_reference_from_another_column_where_the_second_agrees(bank: Bank) -> None:
    await bank.take(bank.line("x", 5_000, "FT1"))
    taken = await bank.take(bank.line("x", 5_000, "0042"))
    assert (taken.otherwise, await moved(bank)) == (1, 1)


async def test_what_a_notice_told_of_first_is_recognised_too(bank: Bank) -> None:
    order = await bank.shop.order()
    await bank.notice(order.code, reference="FT1")
    line = bank.line(order.code, reference="FT1")
    await bank.take(line)
    taken = await bank.take(bare(line))
    assert (taken.otherwise, taken.again, await bank.shop.meanings()) == (1, 0, ["exact"])


async def test_two_payments_within_one_second_stay_two_whichever_way_they_are_read(bank: Bank) -> None:
    order = await bank.shop.order()
    both = [bank.line(order.code, reference=name) for name in ("FT1", "FT2")]
    taken = await bank.take(*both)
    assert taken.new == {Meaning.EXACT: 1, Meaning.SECOND: 1}
    again = await bank.take(*map(bare, both), name="bare.csv")
    assert (again.otherwise, again.new, await moved(bank)) == (2, {}, 2)


async def test_of_two_in_a_file_the_one_nobody_told_of_is_news(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_tally, "BATCH", 1)
    order = await bank.shop.order()
    await bank.take(bank.line(order.code, reference="FT1"))
    line = bank.line(order.code)
    taken = await bank.take(line, line)
    assert (taken.otherwise, taken.new) == (1, {Meaning.SECOND: 1})
    assert (await bank.take(line, line)).new == {}


async def test_a_later_payment_of_that_day_is_told_apart_by_time_or_reference(bank: Bank) -> None:
    order = await bank.shop.order()
    await bank.take(bank.line(order.code, reference="FT1", ago=HOUR), bank.line("x", 5_000, ago=HOUR))
    later = await bank.take(bank.line(order.code, reference="FT2"), bank.line("x", 5_000))
    assert (later.otherwise, later.new) == (0, {Meaning.SECOND: 1, Meaning.UNMATCHED: 1})
    dated = await bank.take(bank.line(order.code, reference="FT3", timed=False))
    assert dated.new == {Meaning.SECOND: 1}


async def test_another_day_amount_or_memo_is_another_line(bank: Bank) -> None:
    await bank.take(bank.line("x", 5_000, "FT1"))
    others = bank.line("x", 5_001), bank.line("y", 5_000), bank.line("x", 5_000, ago=timedelta(days=1))
    taken = await bank.take(*others)
    assert (taken.otherwise, await moved(bank)) == (0, 4)


async def test_the_line_that_agrees_best_is_taken_first(bank: Bank) -> None:
    """Or the one with its reference would find nothing left, and be news."""
    early, late = bank.line("x", 5_000, "FT1", ago=HOUR, timed=False), bank.line("x", 5_000, "FT2", timed=False)
    await bank.take(early, late)
    taken = await bank.take(bank.line("x", 5_000, "FT2"), bank.line("x", 5_000))
    assert (taken.otherwise, taken.new) == (2, {})


async def test_an_import_that_broke_off_takes_none_of_its_own_lines_for_others(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [bank.line("x", 5_000, timed=False) for _ in range(4)]
    await bank.take(*lines[:2])
    monkeypatch.setattr(statement_tally, "BATCH", 1)
    taken = await bank.take(*lines)
    assert (taken.known, taken.otherwise, taken.new) == (2, 0, {Meaning.UNMATCHED: 2})
