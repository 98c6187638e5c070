"""Inks of a picture with 256 colours: soft letter edges without the weight of a true-colour image.

An ink is a ramp of colours from its paper to its full tone. What is drawn in grey (0 paper, 255 full tone)
is laid onto the picture through the ink: each grey becomes a step of the ramp. A PNG of such a picture is
a third of the size of a true-colour one and is written in a quarter of the time.
"""

from dataclasses import dataclass, field
from itertools import chain

from PIL import Image

Colour = tuple[int, int, int]

STEPS = 48
_WHITE, _NIGHT, _TEAL = (255, 255, 255), (17, 24, 39), (15, 92, 92)
_HONEY, _UMBER = (255, 240, 200), (66, 42, 4)


@dataclass(frozen=True, slots=True)
class Ink:
    """One ramp: `first` is the index of its paper in the palette, `table` maps grey to index."""

    first: int
    paper: Colour
    tone: Colour
    table: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        table = tuple(self.first + (grey * (STEPS - 1) + 127) // 255 for grey in range(256))
        object.__setattr__(self, "table", table)

    def lay(self, picture: Image.Image, grey: Image.Image, at: tuple[int, int]) -> None:
        """Lay a grey drawing onto the picture of palette indices, its upper left corner `at` (pixels)."""
        picture.paste(grey.point(self.table), at)

    def ramp(self) -> list[Colour]:
        """Colours of all steps, paper first."""
        return [_between(self.paper, self.tone, step) for step in range(STEPS)]


def _between(paper: Colour, tone: Colour, step: int) -> Colour:
    red, green, blue = (low + (high - low) * step // (STEPS - 1) for low, high in zip(paper, tone, strict=True))
    return red, green, blue


TEXT = Ink(0 * STEPS, _WHITE, _NIGHT)
PRICE = Ink(1 * STEPS, _WHITE, _TEAL)
BANNER = Ink(2 * STEPS, _TEAL, _WHITE)
BOX = Ink(3 * STEPS, _WHITE, _HONEY)
BOXED = Ink(4 * STEPS, _HONEY, _UMBER)

PALETTE = bytes(chain.from_iterable(chain.from_iterable(ink.ramp() for ink in (TEXT, PRICE, BANNER, BOX, BOXED))))
"""Red, green and blue of every index, as Pillow's `putpalette` takes them."""
