"""Bounds of a spreadsheet file, checked before anything unpacks it into memory.

An XLSX is a ZIP of XML. A few kilobytes may claim gigabytes, one cell may hold them all, and a row may have a hundred
million of them; so every part is read through once in small pieces, and no reader that builds trees sees it before.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as BrokenStream  # noqa: N812 - an error, whatever zlib calls it

from sales.errors import Misconfigured

MOST_PARTS = 1000
MOST_BYTES = 512 << 20
"""Of all parts unpacked: a hundred thousand lines have some sixty megabytes."""
SMALL = 1 << 20
"""A part of up to so many bytes may be as it likes: styles and the like, which are read as a whole."""
LONGEST_CELL = 1 << 20
"""Bytes between two tags: Excel takes 32,767 characters in a cell."""
MOST_TAGS = 200_000
"""Tags without the end of a row or of a shared text: merged cells are listed behind all rows."""
_ENDS = (b"</row>", b"</si>", b":row>", b":si>")
_CHUNK = 1 << 18
_OVERLAP = 8


def check_bounds(path: Path) -> int:
    """Read the whole file through; answers how many rows its largest sheet has. Raises Misconfigured."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise Misconfigured("statement-too-big", bound=str(MOST_BYTES >> 20))
            return max((_rows_in(archive, part) for part in parts), default=0)
    except (BadZipFile, BrokenStream, EOFError, NotImplementedError, RuntimeError, OSError):
        raise Misconfigured("statement-broken-file") from None


def _rows_in(archive: ZipFile, part: ZipInfo) -> int:
    """How many rows a part has; raises Misconfigured for one that no spreadsheet program has written."""
    rows, gap, tags, tail = 0, 0, 0, b""
    for chunk in _pieces(archive, part):
        seen = tail + chunk
        if b"<!DOCTYPE" in seen:
            raise Misconfigured("statement-odd-file", part=part.filename)
        ended = max(seen.rfind(end) for end in _ENDS)
        rows += chunk.count(b"<row") + chunk.count(b":row ")
        gap = gap + len(chunk) if b"<" not in chunk else len(chunk) - chunk.rfind(b"<")
        tags = tags + chunk.count(b"<") if ended < 0 else seen.count(b"<", ended)
        if part.file_size > SMALL and (gap > LONGEST_CELL or tags > MOST_TAGS):
            raise Misconfigured("statement-odd-file", part=part.filename)
        tail = chunk[-_OVERLAP:]
    return rows


def _pieces(archive: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        yield from iter(partial(stream.read, _CHUNK), b"")
