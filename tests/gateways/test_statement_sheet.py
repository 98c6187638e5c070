"""Statements as spreadsheets: read as they are, and hostile ones refused before they cost anything."""

# ruff: noqa: DTZ001 - what a sheet says has no zone

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from gateways import statement_zip
from gateways.statement_file import open_statement
from gateways.statement_layout import fits
from gateways.statement_sheet import LONGEST_TEXT, SheetFile
from sales.errors import Misconfigured
from tests.gateways.statements import faults, many, passed, sheet_file, sightings, told

HEADER = ["Ngày giao dịch", "Số tiền", "Nội dung", "Số tham chiếu"]
SHEET = "xl/worksheets/sheet1.xml"


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same file with one part changed."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return path


def simple(folder: Path) -> Path:
    return sheet_file(folder, [HEADER, ["20/11/2026", 79_000, "KX2345678", "FT1"]])


def in_rows(more: bytes) -> Callable[[bytes], bytes]:
    return lambda body: body.replace(b"</sheetData>", more + b"</sheetData>")


def refusal(path: Path) -> str:
    with pytest.raises(Misconfigured) as caught:
        list(open_statement(path, fits).rows())
    return caught.value.message


def test_numbers_moments_and_texts_of_a_sheet_are_read(tmp_path: Path) -> None:
    path = sheet_file(
        tmp_path,
        [
            ["NGÂN HÀNG MẪU"],
            [],
            HEADER,
            [datetime(2026, 11, 20, 9, 15), 79_000, " KX2345678 ", 123456789012],
            [46346.5, -50_000.0, None, "FT2"],
            ["20/11/2026 10:00:00", "1.234.567,00", "dòng\nhai", 7.0],
            [None, "=SUM(B4:B6)", "Tổng cộng", None],
        ],
    )
    found = told(path)
    assert [(each.amount, each.memo, each.reference) for each in sightings(found)] == [
        (79_000, "KX2345678", "123456789012"),
        (-50_000, "", "FT2"),
        (1_234_567, "dòng hai", "7"),
    ]
    assert [each.booked_at for each in sightings(found)][:2] == [
        datetime(2026, 11, 20, 2, 15, tzinfo=UTC),
        datetime(2026, 11, 20, 5, 0, tzinfo=UTC),
    ]
    assert (passed(found), faults(found)) == ([7], [])


def test_a_formula_is_no_amount_and_its_line_is_named(tmp_path: Path) -> None:
    path = sheet_file(
        tmp_path, [HEADER, ["20/11/2026", "=1+1", "x", "y"], ["=TODAY()", 5, "x", "y"], ["20/11/2026", 6]]
    )
    found = told(path)
    assert faults(found) == [(2, "statement-line-formula"), (3, "statement-line-formula")]
    assert [each.amount for each in sightings(found)] == [6]


def test_a_sheet_is_found_by_name(tmp_path: Path) -> None:
    path = simple(tmp_path)
    assert SheetFile(path, "Statement").sheet == SheetFile(path).sheet == "Statement"
    with pytest.raises(Misconfigured) as caught:
        SheetFile(path, "other")
    assert caught.value.values == {"sheet": "other", "known": "Statement"}


def test_rows_without_a_dimension_and_with_gaps_keep_their_numbers(tmp_path: Path) -> None:
    row = b'<row r="9"><c r="A9" t="inlineStr"><is><t>20/11/2026</t></is></c><c r="B9"><v>5</v></c></row>'
    path = rewritten(simple(tmp_path), SHEET, in_rows(row))
    path = rewritten(path, SHEET, lambda body: body.replace(b'ref="A1:D2"', b'ref="A1:A1"'))
    assert [row.number for row in SheetFile(path).rows()] == list(range(1, 10))
    assert [each.amount for each in sightings(told(path))] == [79_000, 5]


def test_how_many_rows_there_are_is_known_before(tmp_path: Path) -> None:
    assert SheetFile(sheet_file(tmp_path, list(many(300)))).total == 301


def test_a_cell_beyond_the_last_column_and_one_too_long_break_their_lines_alone(tmp_path: Path) -> None:
    wide = ["20/11/2026", 5] + [None] * 98 + ["x"]
    path = sheet_file(tmp_path, [HEADER, wide, ["20/11/2026", 6, "a" * LONGEST_TEXT]])
    row = b'<row r="4"><c r="A4" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c></row>"
    found = told(rewritten(path, SHEET, in_rows(row)))
    assert faults(found) == [(2, "statement-line-wide"), (4, "statement-line-long")]
    assert len(sightings(found)) == 1


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(
            b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"x" * (2 << 20) + b"</t></is></c></row>", id="cell"
        ),
        pytest.param(b'<row r="3">' + b"<c/>" * 300_000 + b"</row>", id="row"),
        pytest.param(b"<x>" * 400_000, id="nested"),
        pytest.param(b'<row r="3"><c a="' + b"y" * (2 << 20) + b'"/></row>', id="attribute"),
    ],
)
def test_a_cell_or_a_row_without_end_is_refused_before_it_is_unpacked(tmp_path: Path, more: bytes) -> None:
    path = rewritten(simple(tmp_path), SHEET, in_rows(more))
    tracemalloc.start()
    assert refusal(path) == "statement-odd-file"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000


def test_a_bomb_is_refused_by_what_it_claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_zip, "MOST_BYTES", 1_000_000)
    bomb = rewritten(simple(tmp_path), "xl/media/image1.png", lambda _: b"\0" * 2_000_000)
    assert bomb.stat().st_size < 20_000
    assert refusal(bomb) == "statement-too-big"


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    path = simple(tmp_path)
    with ZipFile(path, "a") as archive:
        for number in range(1_100):
            archive.writestr(f"x{number}", b"")
    assert refusal(path) == "statement-odd-parts"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_refused(tmp_path: Path, part: str) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    path = rewritten(simple(tmp_path), part, lambda body: laughs + body)
    assert refusal(path) == "statement-odd-file"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"])
def test_a_broken_part_is_told_plainly(tmp_path: Path, part: str) -> None:
    path = rewritten(simple(tmp_path), part, lambda body: body[: len(body) // 2])
    assert refusal(path) in ("statement-broken-file", "statement-no-sheet")


def test_a_cut_file_and_one_with_a_password_are_told_plainly(tmp_path: Path) -> None:
    path = simple(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(path) == "statement-broken-file"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert refusal(path) == "statement-other-kind"


def test_links_to_other_files_are_not_followed(tmp_path: Path) -> None:
    path = rewritten(simple(tmp_path), "xl/externalLinks/externalLink1.xml", lambda _: b"<externalLink/>")
    relation = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'
    )
    path = rewritten(path, "xl/_rels/workbook.xml.rels", lambda body: body.replace(b"</Relationships>", relation))
    assert len(sightings(told(path))) == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "statement-empty"),
        (b" \r\n\0", "statement-empty"),
        (b"<html><table>", "statement-other-kind"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?>", "statement-other-kind"),
        (b"%PDF-1.7", "statement-other-kind"),
        (b"PK\x03\x04 not a zip", "statement-broken-file"),
    ],
)
def test_other_kinds_are_told_by_what_they_hold(tmp_path: Path, body: bytes, message: str) -> None:
    path = tmp_path / "statement.xls"
    path.write_bytes(body)
    assert refusal(path) == message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv") == "statement-unreadable"
    assert refusal(tmp_path) == "statement-unreadable"


def test_rows_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    """What stays of a row that was read is small: the whole sheet in memory would be many times as much."""
    path = sheet_file(tmp_path, list(many(6_000, "a memo that is somewhat longer than others are" * 3)))
    file = SheetFile(path)
    tracemalloc.start()
    assert sum(1 for _ in file.rows()) == 6_001
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8_000_000
