"""Made-up statements: no bank's real layout, only shapes that statements come in."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from gateways.statement import Broken, Line, Passed, Reading, Told
from gateways.statement_columns import Role
from gateways.statement_file import open_statement
from gateways.statement_layout import Header, find_header, fits
from gateways.statement_row import Row
from sales.transfer import Sighting

ACCOUNT = "0000111122223333"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

TWO_COLUMNS = """NGÂN HÀNG MẪU
Số tài khoản: 0000111122223333
Từ ngày 01/11/2026 đến ngày 21/11/2026

STT,Ngày giao dịch,Số tham chiếu,Diễn giải,Ghi nợ,Ghi có,Số dư
,,,Số dư đầu kỳ,,,"1.000.000,00"
1,20/11/2026 09:15:00,FT1,NGUYEN VAN A chuyen tien KX2345678,,"79.000,00","1.079.000,00"
2,20/11/2026 10:00:00,FT2,RF1234567 HOAN TIEN,"50.000,00",,"1.029.000,00"
,,,Tổng cộng,"50.000,00","79.000,00",
Trang 1/1
"""
ENGLISH = """Transaction Date;Time;Amount;Details;Reference No.;Sender name;Sender account;Balance
2026-11-20;09:15:00;+79,000;KX2345678;FT1;NGUYEN VAN A;0987654321;1,079,000
2026-11-20;10:00:00;-50,000;RF1234567 HOAN TIEN;FT2;;;1,029,000
"""


def text_file(folder: Path, text: str, encoding: str = "utf-8", name: str = "statement.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def sheet_file(folder: Path, rows: Sequence[Sequence[Any]], name: str = "statement.xlsx") -> Path:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Statement"
    for row in rows:
        book.active.append(list(row))
    path = folder / name
    book.save(path)
    return path


def rows(*cells: Sequence[Any]) -> list[Row]:
    return [Row(number, tuple(each)) for number, each in enumerate(cells, 1)]


def told(path: Path, account: str = ACCOUNT, now: datetime = NOW) -> list[Told]:
    """Everything the file holds, read as it is recognised."""
    file = open_statement(path, fits)
    header = find_header(list(file.rows())[:60])
    return list(Reading(header, header.columns, account, now).lines(file.rows()))


def sightings(found: Sequence[Told]) -> list[Sighting]:
    return [each.sighting for each in found if isinstance(each, Line)]


def faults(found: Sequence[Told]) -> list[tuple[int, str]]:
    return [(each.number, each.fault) for each in found if isinstance(each, Broken)]


def passed(found: Sequence[Told]) -> list[int]:
    return [each.number for each in found if isinstance(each, Passed)]


def read_rows(header: Sequence[str], columns: dict[Role, int], *cells: Sequence[Any]) -> list[Told]:
    """What rows under such a header say."""
    reading = Reading(Header(1, tuple(header), columns), columns, ACCOUNT, NOW)
    return list(reading.lines(rows(header, *cells)))


def many(count: int, memo: str = "CK") -> Iterator[tuple[str, ...]]:
    """So many lines of some days, each of its own."""
    yield ("Ngày", "Số tiền", "Nội dung", "Số tham chiếu")
    for number in range(count):
        day, hour = 1 + number * 20 // count, number % 24
        yield (f"{day:02}/11/2026 {hour:02}:30:00", "79.000", f"{memo} {number}", f"FT{number}")
