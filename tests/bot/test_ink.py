"""Greys become steps between paper and tone, and the inks do not share colours' places."""

from PIL import Image

from bot.ink import BANNER, BOX, BOXED, PALETTE, PRICE, STEPS, TEXT

INKS = (TEXT, PRICE, BANNER, BOX, BOXED)


def test_the_palette_fits_into_one_byte_and_every_ink_has_its_own_part() -> None:
    assert len(PALETTE) == 3 * STEPS * len(INKS) <= 3 * 256
    assert [ink.first for ink in INKS] == [STEPS * place for place in range(len(INKS))]
    for ink in INKS:
        assert (min(ink.table), max(ink.table)) == (ink.first, ink.first + STEPS - 1)
        assert list(ink.table) == sorted(ink.table)


def test_what_is_laid_goes_from_paper_to_tone() -> None:
    for ink in INKS:
        picture = Image.new("L", (4, 1), 0)
        grey = Image.new("L", (2, 1))
        grey.putdata([0, 255])
        ink.lay(picture, grey, (1, 0))
        picture.putpalette(PALETTE)
        colours = picture.convert("RGB")
        assert colours.getpixel((1, 0)) == ink.paper
        assert colours.getpixel((2, 0)) == ink.tone


def test_boxed_text_stands_on_the_colour_of_the_box() -> None:
    assert BOXED.paper == BOX.tone
    assert BOX.paper == TEXT.paper == PRICE.paper


def test_dark_inks_contrast_with_their_paper() -> None:
    for ink in (TEXT, PRICE, BANNER, BOXED):
        light, dark = sorted((sum(ink.paper), sum(ink.tone)), reverse=True)
        assert light - dark > 3 * 110
