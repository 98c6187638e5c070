"""In which encoding a text file is written: found, never asked.

Statements come from portals of many ages: UTF-8 with a mark or without, UTF-16 ("Unicode text" of a spreadsheet), and
the old Windows tables. Windows-1258 is Vietnam's; where a byte is none of its own it is 1252.
"""

import codecs
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

CHUNK = 1 << 20
SAMPLE = 4096
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GUESSES = ("utf-8", "cp1258", "cp1252")
LAST = "latin-1"
"""Knows every byte: what is no other encoding loses some letters, and no line."""


def encoding_of(stream: BinaryIO) -> str:
    """Name the encoding of a file that stands at its start; it is read as a whole, a piece at a time."""
    head = stream.read(SAMPLE)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if head.count(0) > len(head) // 4:  # every other byte of Latin letters in UTF-16
        return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
    return next((name for name in _GUESSES if _fits(stream, name)), LAST)


def lines_of(stream: BinaryIO) -> int:
    """How many lines a file has, at least as its line feeds tell: for a progress bar."""
    stream.seek(0)
    return 1 + sum(chunk.count(b"\n") for chunk in iter(partial(stream.read, CHUNK), b""))


def _fits(stream: BinaryIO, name: str) -> bool:
    stream.seek(0)
    decode: Callable[..., str] = codecs.getincrementaldecoder(name)().decode
    try:
        for chunk in iter(partial(stream.read, CHUNK), b""):
            decode(chunk)
        decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
