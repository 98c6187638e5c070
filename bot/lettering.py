"""Setting text: the bundled Noto Sans, and lines that always fit.

Pillow's own font has no Vietnamese letters, so two subsets (Latin, Vietnamese, ₫) are bundled.
"""

import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

from PIL import ImageDraw, ImageFont

_FOLDER = Path(__file__).parent / "fonts"
_NO_CHARACTER = "\U0010ffff"
"""A code point no font draws: its picture is the box that stands for a missing letter."""


class Weight(Enum):
    """The two faces, by file name."""

    REGULAR = "NotoSans-Regular.ttf"
    BOLD = "NotoSans-Bold.ttf"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size (pixels per em), ready to be drawn."""

    lines: tuple[str, ...]
    weight: Weight
    size: int

    def draw(self, pen: ImageDraw.ImageDraw, at: tuple[float, float], side: str, grey: int = 255) -> None:
        """Draw the lines around the height `at[1]`; `side` is l, m or r: where `at[0]` lies on each line."""
        pitch = self.size * 1.2
        top = at[1] - pitch * (len(self.lines) - 1) / 2
        for row, line in enumerate(self.lines):
            # Centred on capitals, not on the line's box: accents above must not push a word down.
            baseline = top + row * pitch + self.size * 0.36
            pen.text((at[0], baseline), line, fill=grey, font=font(self.weight, self.size), anchor=f"{side}s")


@lru_cache(maxsize=64)
def font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """Load a face at `size` pixels per em."""
    return ImageFont.truetype(_FOLDER / weight.value, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1024)
def has_glyph(character: str) -> bool:
    """Whether the bundled faces draw this character as itself."""
    face = font(Weight.REGULAR, 16)
    return bytes(face.getmask(character)) != bytes(face.getmask(_NO_CHARACTER))


def drawable(text: str) -> str:
    """Turn text into one line the faces can draw: composed letters, single spaces, nothing that would be a box.

    A letter without a glyph loses its marks (`ǘ` becomes `u`); what still has none is left out.
    """
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(filter(has_glyph, (letter if has_glyph(letter) else _bare(letter) for letter in line)))


def _bare(letter: str) -> str:
    return unicodedata.normalize("NFKD", letter)[0]


def fit(text: str, width: float, weight: Weight, largest: int, smallest: int, rows: int = 1) -> Block:
    """Set text within `width` pixels: as large as it can stand in one line, else wrapped at the smallest size.

    What does not fit into `rows` lines either ends in an ellipsis.
    """
    line = drawable(text)
    for size in range(largest, smallest - 1, -1):
        if font(weight, size).getlength(line) <= width:
            return Block((line,), weight, size)
    return Block(_wrap(line, width, font(weight, smallest), rows), weight, smallest)


def _wrap(line: str, width: float, face: ImageFont.FreeTypeFont, rows: int) -> tuple[str, ...]:
    lines: list[str] = []
    while line and len(lines) < rows - 1:
        end = len(_head(line, width, face))
        # At the last space if there is one, and through the word if it alone is too long.
        space = line.rfind(" ", 0, end + 1)
        cut = space if space > 0 and end < len(line) else end
        lines.append(line[:cut])
        line = line[cut:].lstrip()
    if line:
        whole = face.getlength(line) <= width
        lines.append(line if whole else _head(line, width - face.getlength("…"), face).rstrip() + "…")
    return tuple(lines)


def _head(line: str, width: float, face: ImageFont.FreeTypeFont) -> str:
    """Take the longest beginning that fits; at least one letter, so that wrapping ends."""
    end = len(line)
    while end > 1 and face.getlength(line[:end]) > width:
        end -= 1
    return line[:end]
