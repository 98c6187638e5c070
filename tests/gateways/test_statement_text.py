"""Statements as text: every encoding and delimiter is found, and no line is lost with another."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateways.statement_layout import fits
from gateways.statement_row import Row
from gateways.statement_text import LONGEST_LINE, MOST_LINES, TextFile
from tests.gateways.statements import ENGLISH, TWO_COLUMNS, sightings, text_file, told


def cut(path: Path) -> list[Row]:
    return list(TextFile(path, fits).rows())


def cells(path: Path) -> list[list[object]]:
    return [list(row.cells) for row in cut(path)]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_every_encoding_of_unicode_is_found(tmp_path: Path, encoding: str, found: str) -> None:
    path = text_file(tmp_path, TWO_COLUMNS, encoding)
    assert TextFile(path, fits).encoding == found
    assert [each.memo for each in sightings(told(path))] == [
        "NGUYEN VAN A chuyen tien KX2345678",
        "RF1234567 HOAN TIEN",
    ]


def test_a_file_of_old_vietnamese_windows_is_read(tmp_path: Path) -> None:
    """Windows-1258 writes most marks behind their letter."""
    text = "Ngày,Số tiền,Nội dung\n20/11/2026,79.000,chuyển khoản\n"
    # What of a letter the table has not by itself is written as letter and mark.
    old = "Ng\u00e0y,S\u00f4\u0301 ti\u00ea\u0300n,N\u00f4\u0323i dung\n"
    old += "20/11/2026,79.000,chuy\u00ea\u0309n kho\u0061\u0309n\n"
    path = text_file(tmp_path, old, "cp1258")
    assert TextFile(path, fits).encoding == "cp1258"
    assert cells(path) == [line.split(",") for line in text.splitlines()]
    assert [each.amount for each in sightings(told(path))] == [79_000]


def test_bytes_that_1258_has_not_are_read_as_1252_and_the_rest_as_they_come(tmp_path: Path) -> None:
    path = text_file(tmp_path, "Date,Amount,Details\n2026-11-20,5,\u0160koda caf\u00e9\n", "cp1252")
    assert TextFile(path, fits).encoding == "cp1252"
    assert sightings(told(path))[0].memo == "\u0160koda caf\u00e9"
    path.write_bytes(b"Date,Amount,Details\n2026-11-20,5,\x81\x8d KX2345678\n")
    assert TextFile(path, fits).encoding == "latin-1"
    assert sightings(told(path))[0].memo == " KX2345678".strip()


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_every_delimiter_is_found(tmp_path: Path, mark: str) -> None:
    path = text_file(tmp_path, mark.join(["Date", "Amount", "Details"]) + f"\n2026-11-20{mark}5{mark}a.b\n")
    assert TextFile(path, fits).delimiter == mark
    assert [(each.amount, each.memo) for each in sightings(told(path))] == [(5, "a.b")]


def test_commas_in_amounts_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    found = sightings(told(text_file(tmp_path, ENGLISH)))
    assert [each.amount for each in found] == [79_000, -50_000]
    assert found[0].payer.account == "0987654321"


def test_a_spreadsheet_may_name_its_delimiter(tmp_path: Path) -> None:
    path = text_file(tmp_path, "sep=|\nDate|Amount|Details\n2026-11-20|5|x,y,z,w\n")
    assert TextFile(path, fits).delimiter == "|"
    assert len(sightings(told(path))) == 1


def test_quotes_hold_delimiters_and_some_lines_and_numbers_stay_those_of_the_file(tmp_path: Path) -> None:
    path = text_file(tmp_path, 'a,"b, ""c""\nd",e\r\nf,5" x,="007"\ng\n')
    assert [(row.number, row.cells) for row in cut(path)] == [
        (1, ("a", 'b, "c"\nd', "e")),
        (3, ("f", '5" x', "007")),
        (4, ("g",)),
    ]


def test_a_quote_that_is_never_closed_costs_its_own_line_alone(tmp_path: Path) -> None:
    lines = [f"2026-11-20,{number},memo" for number in range(1, 60)]
    path = text_file(tmp_path, "\n".join(["Date,Amount,Details", '2026-11-20,7,"open', *lines]))
    found = cut(path)
    assert (found[1].number, found[1].fault) == (2, "statement-line-quote")
    assert [row.cells[1] for row in found[2:]] == [str(number) for number in range(1, 60)]
    assert len(sightings(told(path))) == 59 > MOST_LINES


def test_at_the_end_of_the_file_too(tmp_path: Path) -> None:
    path = text_file(tmp_path, '1,"open\n2,x\n3,y')
    assert [(row.number, row.fault) for row in cut(path)] == [(1, "statement-line-quote"), (2, ""), (3, "")]


def test_a_line_without_end_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    path = text_file(tmp_path, "a,b\n" + "x" * (3 * LONGEST_LINE) + "\nc,d\n")
    assert [(row.number, row.fault) for row in cut(path)] == [(1, ""), (2, "statement-line-long"), (3, "")]


def test_a_line_that_grows_as_it_is_spelt_anew_is_named_and_those_after_it_are_read(tmp_path: Path) -> None:
    """One letter of these is three in the spelling that everything is read in."""
    grows = "\U0001d160" * (LONGEST_LINE - 10)
    path = text_file(tmp_path, f'"b\n{grows}"\nc,d\n"{grows}",e\nf\n')
    found = [(row.number, row.fault) for row in cut(path)]
    assert found == [(number, "statement-line-long" if number in (1, 2, 4) else "") for number in range(1, 6)]


def test_too_many_columns_are_named_and_blank_ones_are_not(tmp_path: Path) -> None:
    path = text_file(tmp_path, "a" + "," * 500 + "\n" + "b," * 500 + "\nc\n")
    assert [row.fault for row in cut(path)] == ["", "statement-line-wide", ""]


def test_reading_takes_no_more_memory_for_a_longer_file(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = text_file(tmp_path, "".join(f"2026-11-20,{number},memo of some length\n" for number in range(count)))
        file = TextFile(path, fits)
        tracemalloc.start()
        assert sum(1 for _ in file.rows()) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few = peak(1_000)
    assert peak(20_000) < few + 100_000


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    st.lists(st.sampled_from(['"', ",", "\n", "\r\n", "\r", "a", "1", ";", "\0", "\ufeff", "=", '"",']), max_size=60)
)
def test_nothing_breaks_the_cutter_and_numbers_only_rise(tmp_path: Path, parts: list[str]) -> None:
    path = text_file(tmp_path, "x" + "".join(parts))
    numbers = [row.number for row in cut(path)]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=300))
def test_no_bytes_break_it(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(body)
    list(TextFile(path, fits).rows())
