"""A statement file of whatever kind, opened by what it holds and not by how it is called."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from gateways.statement_row import Row
from gateways.statement_sheet import SheetFile
from gateways.statement_text import TextFile
from sales.errors import Misconfigured

MOST_BYTES = 256 << 20
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"%pdf")
_HEAD = 512


class StatementFile(Protocol):
    """What a file of each kind gives: its rows, any number of times, and about how many they are."""

    total: int

    def rows(self) -> Iterator[Row]:
        """Every row from the first one on."""
        ...


def open_statement(path: Path, fits: Callable[[list[Row]], int], sheet: str = "") -> StatementFile:
    """Open a file; `fits` weighs how well first rows look like a statement's. Raises Misconfigured."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
        size = path.stat().st_size
    except OSError as error:
        raise Misconfigured("statement-unreadable", path=str(path), reason=error.strerror or "?") from None
    if size > MOST_BYTES:
        raise Misconfigured("statement-too-big", bound=str(MOST_BYTES >> 20))
    if head.startswith(_ZIP):
        return SheetFile(path, sheet)
    # Portals call a page of HTML, or a file of the old format, .xls; a spreadsheet program turns both into XLSX.
    if head.startswith(_OLD_EXCEL) or head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        raise Misconfigured("statement-other-kind")
    if not head.strip(b"\0 \r\n\t"):
        raise Misconfigured("statement-empty")
    return TextFile(path, fits)
