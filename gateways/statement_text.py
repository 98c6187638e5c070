"""Statements as text: cut into rows line by line, whatever parts the cells.

A quote that is never closed must not swallow what comes after it: a record may run over some lines, for memos do, and
not over more; then its first line is named as broken, and reading goes on behind it.
"""

import csv
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TextIO
from unicodedata import normalize

from gateways.statement_encoding import encoding_of, lines_of
from gateways.statement_row import Row

DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 65_536
"""Characters of one line; a real one has some hundreds."""
MOST_LINES = 20
"""Lines that one record may run over."""
MOST_COLUMNS = 100
SAMPLE = 60
"""Rows that are looked at to find out how a file is written."""
_UNCLOSED = "unexpected end of data"
_LONG = "statement-line-long"


class TextFile:
    """A statement in CSV or the like; `rows` may be read any number of times, a line at a time."""

    def __init__(self, path: Path, fits: Callable[[list[Row]], int]) -> None:
        """Look at the file once: `fits` weighs how well its first rows look like a statement's, parted by each mark."""
        self._path = path
        with path.open("rb") as stream:
            self.encoding = encoding_of(stream)
            self.total = lines_of(stream)
        self.delimiter = self._named() or max(DELIMITERS, key=lambda mark: fits(self._first(mark)))

    def rows(self) -> Iterator[Row]:
        """Every line of the file as a row."""
        return self._cut(self.delimiter)

    def _cut(self, delimiter: str) -> Generator[Row, None, None]:
        # Letters that an encoding does not know must not lose their line.
        with self._path.open(encoding=self.encoding, errors="replace", newline="") as stream:
            yield from _records(_Lines(stream), delimiter)

    def _first(self, delimiter: str) -> list[Row]:
        with closing(self._cut(delimiter)) as rows:
            return [row for row, _ in zip(rows, range(SAMPLE), strict=False)]

    def _named(self) -> str:
        """The mark that a spreadsheet writes into the first line: sep=;."""
        with closing(self._cut("\0")) as rows:
            first = next(rows, Row(1))
        said = str(first.cell(0) or "").strip()
        return said[4:] if said.lower().startswith("sep=") and said[4:] in DELIMITERS else ""


class _Lines:
    """Lines with their numbers; some can be put back, to be read once more."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._back: deque[tuple[int, str]] = deque()
        self._number = 0

    def take(self) -> tuple[int, str] | None:
        """The next line, cut at the longest; the rest of such a one is passed over."""
        if self._back:
            return self._back.popleft()
        line = self._stream.readline(LONGEST_LINE)
        if not line:
            return None
        self._number += 1
        end = line
        while len(end) == LONGEST_LINE and not end.endswith(("\n", "\r")):
            end = self._stream.readline(LONGEST_LINE)
        return self._number, normalize("NFC", line)

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        """Read these again, in their order."""
        self._back.extendleft(reversed(lines))


def _records(lines: _Lines, delimiter: str) -> Iterator[Row]:
    while (first := lines.take()) is not None:
        number, text = first
        if len(text) >= LONGEST_LINE:
            yield Row(number, fault=_LONG)
            continue
        yield _record(lines, number, text, delimiter)


def _record(lines: _Lines, number: int, text: str, delimiter: str) -> Row:
    more: list[tuple[int, str]] = []
    while _open(text, delimiter):
        following = lines.take() if len(more) < MOST_LINES and len(text) < LONGEST_LINE else None
        if following is None:
            lines.put_back(more)
            return Row(number, fault="statement-line-quote")
        more.append(following)
        text += following[1]
    row = _row(number, text, delimiter)
    if row.fault == _LONG:
        lines.put_back(more)
    return row


def _open(text: str, delimiter: str) -> bool:
    """Whether a quoted cell has begun and not ended."""
    if '"' not in text:
        return False
    try:
        list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return _UNCLOSED in str(error)
    return False


def _row(number: int, text: str, delimiter: str) -> Row:
    try:
        found = next(csv.reader([text], delimiter=delimiter), []) if '"' in text else text.split(delimiter)
    except csv.Error:  # a cell is longer than the reader takes: spelt anew, a line may grow
        return Row(number, fault=_LONG)
    cells = tuple(map(_bare, found))
    wide = any(cells[MOST_COLUMNS:])
    return Row(number, fault="statement-line-wide") if wide else Row(number, cells[:MOST_COLUMNS])


def _bare(cell: str) -> str:
    """Portals write ="0123" so that a spreadsheet keeps the nought."""
    text = cell.strip("\ufeff \t\r\n\0")
    return text[2:-1] if text.startswith('="') and text.endswith('"') and len(text) > 2 else text
