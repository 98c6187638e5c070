"""Statements as spreadsheets (XLSX), read row by row; formulas are never believed, and links never followed."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from gateways.statement_row import Cell, Row
from gateways.statement_text import MOST_COLUMNS
from gateways.statement_zip import check_bounds
from sales.errors import Misconfigured

MOST_MISSING = 10_000
"""Rows that a sheet may leave out: each is made up by its reader, and a row may say that it is the billionth."""
LONGEST_TEXT = 32_767
"""Characters that a cell holds in Excel."""
_AT_ONCE = 500


class SheetFile:
    """A statement in XLSX; `rows` may be read any number of times, some rows at a time."""

    def __init__(self, path: Path, sheet: str = "") -> None:
        """Check the file's bounds and find its sheet, the first one unless named; raises Misconfigured."""
        self._path = path
        self.total = check_bounds(path)
        with closing(self._book()) as book:
            names = [each.title for each in book.worksheets]
        if not names or (sheet and sheet not in names):
            raise Misconfigured("statement-no-sheet", sheet=sheet, known=", ".join(names))
        self.sheet = sheet or names[0]

    def rows(self) -> Iterator[Row]:
        """Every row of the sheet that has cells."""
        with closing(self._book()) as book:
            sheet = book[self.sheet]
            sheet.reset_dimensions()  # what a file says of its own size need not be so
            found = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
            number = 0
            while some := _quietly(found):
                for cells in some:
                    number += 1
                    if number > self.total + MOST_MISSING:
                        raise Misconfigured("statement-odd-gap", bound=str(MOST_MISSING))
                    yield _row(number, cells)

    def _book(self) -> Any:
        # Imported here: nobody pays for it who imports no statement, or one in CSV.
        from openpyxl import load_workbook  # noqa: PLC0415

        try:
            with warnings.catch_warnings(action="ignore"):
                return load_workbook(self._path, read_only=True, keep_links=False)
        except Misconfigured:
            raise
        except Exception as error:  # its readers fail in as many ways as files can be broken
            raise Misconfigured("statement-broken-file") from error


def _quietly(rows: Iterator[Any]) -> list[Any]:
    """Some rows more, without the reader's remarks about styles; raises Misconfigured where the file is broken."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return list(islice(rows, _AT_ONCE))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, SyntaxError, BadZipFile, EOFError) as error:
        raise Misconfigured("statement-broken-file") from error


def _row(number: int, values: Sequence[Any]) -> Row:
    if len(values) > MOST_COLUMNS and values[MOST_COLUMNS] is not None:
        return Row(number, fault="statement-line-wide")
    if any(isinstance(each, str) and len(each) > LONGEST_TEXT for each in values):
        return Row(number, fault="statement-line-long")
    return Row(number, tuple(_cell(each) for each in values[:MOST_COLUMNS]))


def _cell(value: Any) -> Cell:
    """A formula comes as its own text, and then is no amount and no date."""
    if isinstance(value, str):
        return value.strip()
    return value if value is None or isinstance(value, int | float | datetime | date | time) else "="
