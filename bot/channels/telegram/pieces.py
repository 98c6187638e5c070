"""Cuts light markup into messages that Telegram takes, at borders a reader would choose."""

import re
from itertools import accumulate

from locales.texts import plain

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
"""Bot API, sendMessage and sendPhoto: characters after the markup has been read."""

_TAG = re.compile(r"<(/?)(b|i|code)>")
_ATOM = re.compile(r"</?(?:b|i|code)>|&(?:\w+|#\d+);|.", re.DOTALL)
_BORDERS = ("\n\n", "\n", " ")


def length(markup: str) -> int:
    """Characters a reader sees, in UTF-16 units: the way of counting that is never too low."""
    return len(plain(markup).encode("utf-16-le")) // 2


def split(markup: str, first: int = TEXT_LIMIT) -> list[str]:
    """Cut into pieces of at most `first` and then 4096 characters, each with its tags closed."""
    pieces, limit, rest = [], first, markup.strip()
    while length(rest) > limit:
        piece, rest = _cut(rest, limit)
        pieces.append(piece)
        limit = TEXT_LIMIT
    return [piece for piece in [*pieces, rest] if plain(piece).strip()]


def _cut(markup: str, limit: int) -> tuple[str, str]:
    """Cut after the last paragraph, else line, else word, else character that fits."""
    at = _border(markup, _fitting(markup, limit))
    opened = _opened(markup[:at])
    closing = "".join(f"</{tag}>" for tag in reversed(opened))
    opening = "".join(f"<{tag}>" for tag in opened)
    return markup[:at].rstrip() + closing, opening + markup[at:].lstrip()


def _border(markup: str, end: int) -> int:
    for border in _BORDERS:
        at = markup.rfind(border, 0, end + len(border))
        if at > 0:
            return at
    return end


def _fitting(markup: str, limit: int) -> int:
    """Where the longest beginning ends that fits, never inside a tag or an entity."""
    atoms = _ATOM.findall(markup)
    seen = accumulate(length(atom) for atom in atoms)
    count = sum(1 for units in seen if units <= limit)
    return sum(len(atom) for atom in atoms[:count])


def _opened(markup: str) -> list[str]:
    """Tags that are open at the end, outermost first."""
    opened: list[str] = []
    for end, tag in _TAG.findall(markup):
        if end and tag in opened:
            opened.remove(tag)
        elif not end:
            opened.append(tag)
    return opened
