"""Spreadsheets of some kilobytes that would fill the memory, or take minutes: refused for little of either."""

import tracemalloc
from pathlib import Path
from time import process_time

import pytest

from gateways import statement_zip
from gateways.statement_part import LONGEST_CELL, MOST_TAGS, Part
from gateways.statement_sheet import MOST_MISSING, SheetFile
from tests.gateways.test_statement_sheet import SHEET, in_rows, refusal, rewritten, simple

NAMES = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = "xl/sharedStrings.xml"
OVERRIDE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sharedStrings+xml"/></Types>'
)


def with_texts(folder: Path, body: bytes, cells: int = 0) -> Path:
    """A sheet whose file shares such texts, and which has so many hundred cells more."""
    path = rewritten(simple(folder), "[Content_Types].xml", lambda old: old.replace(b"</Types>", OVERRIDE))
    path = rewritten(path, STRINGS, lambda _: b'<?xml version="1.0"?><sst ' + NAMES + b">" + body + b"</sst>")
    return rewritten(path, SHEET, in_rows((b"<row>" + b"<c/>" * 100 + b"</row>") * cells))


def refused_cheaply(path: Path) -> str:
    """Why, without ten megabytes or five seconds spent."""
    assert path.stat().st_size < 150_000
    tracemalloc.start()
    begun = process_time()
    why = refusal(path)
    spent, (_, most) = process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (most < 10_000_000, spent < 5) == (True, True)
    return why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(b"<si></si>" * 300_000, "statement-odd-texts", id="that no cell shows"),
        pytest.param(b"<si></si>" * 500_100, "statement-too-big", id="too many"),
        pytest.param((b"<si><t>" + b"x" * 120_000 + b"</t></si>") * 600, "statement-too-big", id="too large"),
        pytest.param((b"<si><t>" + b"x" * 900_000 + b"</t></si>") * 3, "statement-odd-file", id="cells"),
        pytest.param((b"<si></si>" + b"<x/>" * 150_000) * 10, "statement-odd-file", id="beside them"),
        pytest.param(b"<si></si><row></row>" * 60_000, "statement-odd-file", id="rows among them"),
    ],
)
def test_shared_texts_are_bounded(tmp_path: Path, body: bytes, why: str) -> None:
    assert refused_cheaply(with_texts(tmp_path, body)) == why


def test_texts_that_cells_show_are_read(tmp_path: Path) -> None:
    path = with_texts(tmp_path, b"<si><t>a</t></si>" * 5_000, cells=40)
    assert sum(1 for _ in SheetFile(path).rows()) == 42


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(b'<row r="3">' + b"<c/><si></si>" * 300_000 + b"</row>", id="ends of texts in a row"),
        pytest.param((b"<row></row>" + b"<x/>" * 150_000) * 10, id="beside rows"),
        pytest.param((b"<row></row>" + b"<x>row></x>" * 60_000) * 10, id="words that look like an end"),
        pytest.param(
            (b"<q><row></row></q>" + b"<x/>" * 150_000) * 10,
            id="rows in something else",
        ),
        pytest.param(b"<row><c><is><t><![CDATA[" + b"</row><row " * 300_000 + b"]]></t></is></c></row>", id="CDATA"),
        pytest.param(b"<!--" + b"</row><row " * 300_000 + b"-->", id="comment"),
        pytest.param(b"<?x " + b"</row><row " * 300_000 + b"?>", id="instruction"),
    ],
)
def test_nothing_hides_what_a_row_costs(tmp_path: Path, more: bytes) -> None:
    assert refused_cheaply(rewritten(simple(tmp_path), SHEET, in_rows(more))) == "statement-odd-file"


@pytest.mark.parametrize("code", ["utf-16", "utf-16-le", "utf-16-be"])
def test_another_encoding_hides_nothing_either(tmp_path: Path, code: str) -> None:
    path = rewritten(simple(tmp_path), SHEET, lambda body: body.decode().encode(code))
    assert refusal(path) == "statement-odd-file"
    path = rewritten(simple(tmp_path), SHEET, lambda body: b" " * 70_000 + b"<!DOCTYPE x>" + body)
    assert refusal(path) == "statement-odd-file"


@pytest.mark.parametrize("number", [b"99999999999", b"1048576", b"10005"])
def test_a_gap_between_rows_is_refused_at_once(tmp_path: Path, number: bytes) -> None:
    row = b'<row r="' + number + b'"><c><v>1</v></c></row>'
    assert refused_cheaply(rewritten(simple(tmp_path), SHEET, in_rows(row))) == "statement-odd-gap"
    near = rewritten(simple(tmp_path), SHEET, in_rows(row.replace(number, b"%d" % MOST_MISSING)))
    assert sum(1 for _ in SheetFile(near).rows()) == MOST_MISSING


def test_rows_are_counted_even_when_they_share_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_zip, "MOST_ROWS", 50_000)
    assert refusal(rewritten(simple(tmp_path), SHEET, in_rows(b'<row r="1"/>' * 60_000))) == "statement-too-big"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_however_a_part_is_cut_the_same_is_seen(size: int) -> None:
    body = (
        b"<?xml?><s:sheet>" + b'<s:row r="1">\n<s:c r="A1"/><c ></c></s:row >\n<rowBreaks/>' * 3 + b"<row/></s:sheet>"
    )
    part = Part(len(body))
    assert all(part.take(body[place : place + size]) for place in range(0, len(body), size))
    assert part.end()
    assert (part.rows, part.cells, part.texts) == (4, 6, 0)


@pytest.mark.parametrize(("longest", "sound"), [(LONGEST_CELL - 10, True), (LONGEST_CELL + 1, False)])
@pytest.mark.parametrize("size", [999, 65_536])
def test_what_stands_between_two_tags_is_measured_across_pieces(longest: int, sound: bool, size: int) -> None:
    body = b"<row><c>" + b"x" * longest + b"</c></row>"
    part = Part(2 << 20)
    assert all(part.take(body[place : place + size]) for place in range(0, len(body), size)) is sound


def test_many_tags_behind_the_last_row_are_merged_cells() -> None:
    body = b"<sheetData><row></row></sheetData>" + b"<mergeCell/>" * (MOST_TAGS - 10)
    for more, sound in ((b"", True), (b"<mergeCell/>" * 20, False)):
        part = Part(2 << 20)
        assert (part.take(body + more) and part.end()) is sound
