"""One part of a spreadsheet file, looked at as bytes in small pieces: whether a spreadsheet program has written it.

What reads it afterwards keeps every element until the end of its row or shared text, and what lies beside those for
ever; so beside them nothing may lie, and each is bounded. A tag is known by its <, which XML has nowhere else.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

SMALL = 1 << 20
"""A part of up to so many bytes may be as it likes: styles and the like, which are read as a whole."""
LONGEST_CELL = 1 << 17
"""Bytes between two tags: Excel takes 32,767 characters in a cell."""
MOST_TAGS = 200_000
"""Tags without the end of a row or of a shared text: merged cells are listed behind all rows."""

_PREFIX = rb"(?:[^\s<>/:]{1,100}:)?"
_ROW, _TEXT = (re.compile(b"<" + _PREFIX + name + rb"(?=[\s/>])") for name in (b"row", b"si"))
_END = re.compile(b"</" + _PREFIX + rb"(?:row|si)\s*>")
_LAST = re.compile(_END.pattern + rb"\s*(?!\s|<" + _PREFIX + rb"(?:row|si)[\s/>])")
"""The end of a row that none follows: a part has one such."""
_CELLS = (b"<c ", b"<c>", b"<c/", b":c ", b":c>", b":c/")
_OTHER_CODES = (BOM_UTF16_LE, BOM_UTF16_BE, b"<\0", b"\0<")
"""How XML begins in encodings that nobody writes these parts in."""


@dataclass(slots=True)
class Part:
    """What was seen of a part so far; `size` is how many bytes it says it has."""

    size: int
    rows: int = 0
    texts: int = 0
    cells: int = 0
    _last: int = 0
    _loose: int = 0
    _gap: int = 0
    _rest: bytes = b""
    _begun: bool = False

    def take(self, piece: bytes) -> bool:
        """Read on; False once it is what no spreadsheet program has written."""
        if not self._begun:
            if piece.startswith(_OTHER_CODES):
                return False
            piece = piece.removeprefix(BOM_UTF8)
        seen = self._rest + piece
        sound = self._sound(seen, piece)
        self._begun = True
        # A tag is counted once it is whole, and so is the one behind it.
        cut = max(seen.rfind(b"<", 0, max(seen.rfind(b"<"), 0)), 0)
        self._count(seen, cut)
        self._rest = seen[cut:]
        return sound and (self.size <= SMALL or self._bounded())

    def end(self) -> bool:
        """The part has ended here."""
        self._count(self._rest, len(self._rest))
        return self.size <= SMALL or self._bounded()

    def _sound(self, seen: bytes, piece: bytes) -> bool:
        """No type of its own, and in a large part nothing that could hide tags; and no text without end."""
        head = piece.find(b"<")
        longest = self._gap + (len(piece) if head < 0 else head)
        self._gap = longest if head < 0 else len(piece) - piece.rfind(b"<")
        if self.size <= SMALL:
            return b"<!DOCTYPE" not in seen
        return b"<!" not in seen and seen.find(b"<?", 0 if self._begun else 1) < 0 and longest <= LONGEST_CELL

    def _count(self, seen: bytes, cut: int) -> None:
        """Count the tags that begin before `cut`."""
        self.rows += len(_ROW.findall(seen, 0, cut))
        self.texts += len(_TEXT.findall(seen, 0, cut))
        self.cells += sum(seen.count(each, 0, cut) for each in _CELLS)
        self._last += sum(found.start() < cut for found in _LAST.finditer(seen))
        ended = _last_end(seen, cut)
        self._loose = seen.count(b"<", max(ended, 0), cut) + (self._loose if ended < 0 else 0)

    def _bounded(self) -> bool:
        return self._loose <= MOST_TAGS and self._last <= 1 and not (self.rows and self.texts)


def _last_end(seen: bytes, cut: int) -> int:
    """Where the last end of a row or a shared text begins; -1 without one."""
    ended = -1
    for found in _END.finditer(seen, 0, cut):
        ended = found.start()
    return ended
