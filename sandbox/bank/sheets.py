"""Writes a statement as the files that a bank's web page offers: CSV and XLSX, with a head above the table."""

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO

from sandbox.bank.statement import Line

Cell = str | int
Rows = Iterator[Sequence[Cell]]
MARK = "\ufeff"
"""By which spreadsheets know that a text is UTF-8."""


def as_csv(head: Sequence[Sequence[str]], columns: Sequence[str], lines: Sequence[Line]) -> bytes:
    """Write it as text, amounts in groups of three as banks print them."""
    paper = StringIO()
    writer = csv.writer(paper)
    writer.writerows(head)
    writer.writerow(columns)
    writer.writerows([f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in _rows(lines))
    return (MARK + paper.getvalue()).encode("utf-8", "replace")


def as_xlsx(head: Sequence[Sequence[str]], columns: Sequence[str], lines: Sequence[Line]) -> bytes:
    """Write it as a workbook, amounts as numbers; a memo that looks like a formula stays a text."""
    # Imported here: the library is large, and most streets never show a statement.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (*head, columns, *_rows(lines)):
        cells = [WriteOnlyCell(sheet, _printable(value)) for value in row]
        for cell, value in zip(cells, row, strict=True):
            cell.data_type = "n" if isinstance(value, int) else "s"
        sheet.append(cells)
    paper = BytesIO()
    book.save(paper)
    return paper.getvalue()


def _rows(lines: Sequence[Line]) -> Rows:
    for each in lines:
        money: tuple[Cell, ...] = (each.debit or "", each.credit or "", each.balance)
        yield f"{each.at:%d/%m/%Y %H:%M:%S}", each.reference, *money, each.memo, each.account, each.name


def _printable(value: Cell) -> Cell:
    """A workbook is XML, which has no place for control codes and halves of emoji."""
    if isinstance(value, int):
        return value
    return "".join(each for each in value if each.isprintable() or each == " ")
