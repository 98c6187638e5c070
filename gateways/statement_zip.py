"""Bounds of a spreadsheet file, checked before anything unpacks it into memory.

An XLSX is a ZIP of XML. A few kilobytes may claim gigabytes, one cell may hold them all, and a row may have a hundred
million of them; so every part is read through once in small pieces, and no reader that builds trees sees it before.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as BrokenStream  # noqa: N812 - an error, whatever zlib calls it

from gateways.statement_part import Part
from sales.errors import Misconfigured

MOST_PARTS = 1000
MOST_BYTES = 512 << 20
"""Of all parts unpacked: a hundred thousand lines have some sixty megabytes."""
MOST_TEXT_BYTES = 32 << 20
"""Of a part with shared texts, which are all kept in memory."""
MOST_TEXTS = 500_000
"""Shared texts, each of which costs more time than its bytes."""
SPARE_TEXTS = 1_000
"""Shared texts that no cell shows: a program writes none."""
MOST_ROWS = 1_048_576
"""Rows that a sheet has in Excel."""
_CHUNK = 1 << 16


def check_bounds(path: Path) -> int:
    """Read the whole file through; answers how many rows its largest sheet has. Raises Misconfigured."""
    try:
        with ZipFile(path) as archive:
            listed = archive.infolist()
            if len(listed) > MOST_PARTS:
                raise Misconfigured("statement-odd-parts", bound=str(MOST_PARTS))
            if sum(each.file_size for each in listed) > MOST_BYTES:
                raise Misconfigured("statement-too-big", bound=str(MOST_BYTES >> 20))
            found = [_seen(archive, each) for each in listed]
    except (BadZipFile, BrokenStream, EOFError, NotImplementedError, RuntimeError, OSError):
        raise Misconfigured("statement-broken-file") from None
    _check_texts(found)
    return max((part.rows for part in found), default=0)


def _seen(archive: ZipFile, info: ZipInfo) -> Part:
    """Look at a part; raises Misconfigured for one that no spreadsheet program has written."""
    part = Part(info.file_size)
    for place, piece in enumerate(_pieces(archive, info)):
        if place == 0 and not _is_xml(piece):
            return part
        if not part.take(piece):
            raise Misconfigured("statement-odd-file", part=info.filename)
        _check_size(part)
    if not part.end():
        raise Misconfigured("statement-odd-file", part=info.filename)
    return part


def _check_size(part: Part) -> None:
    """Stop at what would be read for minutes, or fill the memory."""
    if part.rows > MOST_ROWS:
        raise Misconfigured("statement-too-big", bound=str(MOST_ROWS))
    if part.texts > MOST_TEXTS:
        raise Misconfigured("statement-too-big", bound=str(MOST_TEXTS))
    if part.texts and part.size > MOST_TEXT_BYTES:
        raise Misconfigured("statement-too-big", bound=str(MOST_TEXT_BYTES >> 20))


def _check_texts(found: Sequence[Part]) -> None:
    if sum(part.texts for part in found) > sum(part.cells for part in found) + SPARE_TEXTS:
        raise Misconfigured("statement-odd-texts")


def _is_xml(piece: bytes) -> bool:
    """Whether a reader of XML would take what begins so; pictures it would not."""
    begun = piece.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return not begun or begun.startswith(b"<")


def _pieces(archive: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as stream:
        yield from iter(partial(stream.read, _CHUNK), b"")
