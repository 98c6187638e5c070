"""The sheet that pays many refunds: as .xlsx for a person's spreadsheet, as .csv for a program."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

from flows.list_payable import Payable
from sales.defused import defused

COLUMNS = ("bank", "bin", "account", "holder", "amount", "memo", "refund", "order", "listed")
"""Which columns there are, in this order; locales/ has a heading for each."""

_WIDTHS = (16, 10, 22, 28, 14, 24, 14, 14, 18)

Cell = str | int


def cells(payable: Payable, zone: str) -> tuple[Cell, ...]:
    """One refund as it stands in the sheet: numbers of banks and accounts are text, the amount is đồng."""
    words = (payable.bank, payable.bin, payable.account, payable.holder)
    named = (payable.memo, payable.refund, payable.order)
    listed = f"{payable.listed_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if payable.listed_at else ""
    return (*map(defused, words), payable.amount.minor, *map(defused, named), listed)


def as_csv(headings: Sequence[str], rows: Iterable[Payable], zone: str) -> bytes:
    """UTF-8 with a mark by which spreadsheets know it; all text stands in quotes, times are those of the zone."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(cells(each, zone) for each in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(headings: Sequence[str], rows: Iterable[Payable], zone: str) -> bytes:
    """A workbook of one sheet; times are those of the zone."""
    from openpyxl import Workbook  # noqa: PLC0415 - takes a third of a second, also where nothing is asked for but CSV

    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = "refunds"
    sheet.append(list(headings))
    for place, each in enumerate(rows, start=2):
        for column, value in enumerate(cells(each, zone), start=1):
            cell = sheet.cell(place, column)
            cell.value = value
            if isinstance(value, str):
                # Of digits alone a spreadsheet would make a number, and lose the noughts at its head.
                cell.data_type, cell.number_format = "s", "@"
    for letter, width in zip("ABCDEFGHI", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()
