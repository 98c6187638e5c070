"""Lines of a statement become sightings with names that stay the same in every file."""

# ruff: noqa: DTZ001 - what a sheet says has no zone

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.notice_fields import MEMO_LIMIT, TEXT_LIMIT
from gateways.registry import SOURCES, SPEAKERS, tells_of
from gateways.statement import Line
from gateways.statement_columns import Role
from gateways.statement_name import LineName
from gateways.statement_row import STATEMENT
from sales.transfer import Payer
from tests.gateways.statements import (
    ACCOUNT,
    ENGLISH,
    TWO_COLUMNS,
    faults,
    passed,
    read_rows,
    sheet_file,
    sightings,
    text_file,
    told,
)

COLUMNS = {Role.DATE: 0, Role.AMOUNT: 1, Role.MEMO: 2, Role.REFERENCE: 3}
HEADER = ["Ngày", "Số tiền", "Nội dung", "Số CT"]
PAIR = {Role.DATE: 0, Role.DEBIT: 1, Role.CREDIT: 2}


def refs(*cells: tuple[str, ...]) -> list[str]:
    return [each.ref for each in sightings(read_rows(HEADER, COLUMNS, *cells))]


def test_a_line_says_all_that_a_notice_would(tmp_path: Path) -> None:
    came, went = sightings(told(text_file(tmp_path, ENGLISH)))
    assert (came.source, came.amount, came.currency, came.account) == (STATEMENT, 79_000, "VND", ACCOUNT)
    assert (came.memo, came.reference, came.payer) == ("KX2345678", "FT1", Payer("NGUYEN VAN A", "0987654321"))
    assert came.booked_at == datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
    assert went.amount == -50_000


def test_headings_totals_and_remarks_are_passed_over(tmp_path: Path) -> None:
    found = told(text_file(tmp_path, TWO_COLUMNS))
    assert [each.amount for each in sightings(found)] == [79_000, -50_000]
    assert [each.balance for each in found if isinstance(each, Line)] == [1_079_000, 1_029_000]
    assert (passed(found), faults(found)) == ([6, 9, 10], [])


def test_a_header_that_comes_again_on_the_next_page_is_passed_over() -> None:
    found = read_rows(HEADER, COLUMNS, ("20/11/2026", "5", "x"), tuple(HEADER), ("20/11/2026", "6", "y"))
    assert (len(sightings(found)), passed(found), faults(found)) == (2, [3], [])


def test_debit_and_credit_are_signed_however_they_are_written() -> None:
    found = read_rows(
        ["Ngày", "Nợ", "Có"],
        PAIR,
        ("20/11/2026", "", "5"),
        ("20/11/2026", "6", ""),
        ("20/11/2026", "-7", "0"),
        ("20/11/2026", "", "-8"),
    )
    assert [each.amount for each in sightings(found)] == [5, -6, -7, -8]


def test_a_column_may_say_in_or_out() -> None:
    columns = COLUMNS | {Role.WAY: 4}
    ways = ["C", "Ghi có", "+", "CREDIT", "d", "Ghi Nợ", "-", "DR"]
    found = read_rows([*HEADER, "C/D"], columns, *(("20/11/2026", "5", "x", "", way) for way in ways))
    assert [each.amount for each in sightings(found)] == [5] * 4 + [-5] * 4
    odd = read_rows([*HEADER, "C/D"], columns, ("20/11/2026", "5", "x", "", "?"), ("20/11/2026", "0", "x", "", "?"))
    assert (faults(odd), passed(odd)) == ([(2, "statement-line-way")], [3])


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (("31/02/2026", "5", "x"), "statement-line-date"),
        (("", "5", "x"), "statement-line-date"),
        (("20/11/2026", "1.5", "x"), "statement-line-amount"),
        (("31/02/2026", "1.5", "x"), "statement-line-amount"),
        (("24/11/2026", "5", "x"), "statement-line-future"),
        (("=A1", "5", "x"), "statement-line-formula"),
        (("20/11/2026", "=B1", "x"), "statement-line-formula"),
    ],
)
def test_a_broken_line_is_named_and_the_others_are_read(cells: tuple[str, ...], fault: str) -> None:
    found = read_rows(HEADER, COLUMNS, ("20/11/2026", "1", "a"), cells, ("20/11/2026", "2", "b"))
    assert faults(found) == [(3, fault)]
    assert [each.amount for each in sightings(found)] == [1, 2]


def test_money_in_and_out_at_once_is_no_movement() -> None:
    assert faults(read_rows(["Ngày", "Nợ", "Có"], PAIR, ("20/11/2026", "5", "6"))) == [(2, "statement-line-both")]


def test_what_strangers_wrote_is_cut_and_made_visible() -> None:
    memo = "a\u202eb\x00c" + "x" * 2 * MEMO_LIMIT
    [line] = sightings(read_rows(HEADER, COLUMNS, ("20/11/2026", "5", memo, "R" * 1000)))
    assert (len(line.memo), line.memo[:4], len(line.reference)) == (MEMO_LIMIT, "abcx", TEXT_LIMIT)


def test_the_same_line_has_the_same_name_in_another_file_or_order(tmp_path: Path) -> None:
    first = {each.reference: each.ref for each in sightings(told(text_file(tmp_path, TWO_COLUMNS)))}
    assert len(set(first.values())) == 2
    rows = [
        ["Nội dung", "Số tiền", "Ngày", "Mã GD"],
        ["RF1234567  HOÀN TIỀN", -50_000, datetime(2026, 11, 20), "FT2"],
        ["Nguyen Van A chuyen tien KX2345678", "79000", "20/11/2026", "FT1"],
    ]
    other = {each.reference: LineName.read(each.ref) for each in sightings(told(sheet_file(tmp_path, rows)))}
    assert {each: replace(name, time=LineName.read(first[each]).time) for each, name in other.items()} == {
        each: LineName.read(name) for each, name in first.items()
    }
    timed = [
        rows[0],
        *([*row[:2], f"20/11/2026 {at}", row[3]] for row, at in zip(rows[1:], ("10:00", "9:15"), strict=True)),
    ]
    assert {each.reference: each.ref for each in sightings(told(sheet_file(tmp_path, timed)))} == first


def test_another_account_day_amount_memo_or_reference_is_another_line() -> None:
    line = ("20/11/2026", "5", "x", "FT1")
    others = [("19/11/2026", "5", "x", "FT1"), ("20/11/2026", "6", "x", "FT1"), ("20/11/2026", "5", "y", "FT1")]
    assert len(set(refs(line, *others, ("20/11/2026", "5", "x", "FT2")))) == 5


def test_where_there_is_no_reference_the_time_of_day_tells_lines_apart() -> None:
    lines = [("20/11/2026 09:00", "5", "x", ""), ("20/11/2026 10:00", "5", "x", "")]
    assert refs(*lines) == refs(*lines[::-1])[::-1]
    assert refs(lines[1])[0] == refs(*lines)[1]


def test_two_equal_lines_of_a_day_are_two_and_keep_their_names_in_a_longer_file() -> None:
    line = ("20/11/2026", "5", "x", "")
    one, two = refs(line, line)
    assert one != two
    assert refs(line) == [one]
    assert refs(("19/11/2026", "5", "x", ""), line, line) == [refs(("19/11/2026", "5", "x", ""))[0], one, two]


@given(st.lists(st.tuples(st.sampled_from(["19", "20"]), st.sampled_from("56"), st.sampled_from("xy")), max_size=20))
def test_names_never_clash_and_a_file_repeats_them(lines: list[tuple[str, str, str]]) -> None:
    cells = [(f"{day}/11/2026", amount, memo, "") for day, amount, memo in lines]
    named = refs(*cells)
    assert len(set(named)) == len(named)
    assert refs(*cells) == named
    assert set(refs(*cells[::-1])) == set(named)
    assert refs(*cells[: len(cells) // 2]) == named[: len(cells) // 2]


def test_a_statement_is_one_more_watcher_of_the_account() -> None:
    assert SPEAKERS[STATEMENT] == STATEMENT
    assert STATEMENT in SOURCES
    assert tells_of(STATEMENT) == (STATEMENT,)


def test_banks_may_date_a_little_ahead() -> None:
    [line] = sightings(read_rows(HEADER, COLUMNS, ("23/11/2026", "5", "x", "")))
    assert replace(line, ref="").booked_at == datetime(2026, 11, 21, 17, tzinfo=UTC) + timedelta(days=1)
