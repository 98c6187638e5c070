"""Vietnamese stands whole, and every line fits its width."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bot.lettering import Weight, drawable, fit, font, has_glyph
from locales import Texts, plain

PANGRAMS = (
    "Do bạch kim rất quý nên sẽ dùng để lắp vô xương. Tâm tưởng tôi tỏ tình tới Tú từ tháng tư.",
    "Ấ ầ ẩ ẫ ậ ắ ằ ẳ ẵ ặ ế ề ể ễ ệ ố ồ ổ ỗ ộ ớ ờ ở ỡ ợ ứ ừ ử ữ ự ỳ ý ỷ ỹ ỵ đ Đ Ơ Ư Ă Â Ê Ô",
    "1.990.000 ₫ · 199,000 ₫ – 30 ngày — “Trọn đời” ‘x’ … € $9.50 (50 %) a@b.vn #1 & + = / \\ _ * ! ? ; :",
)
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def glyph(weight: Weight, character: str) -> bytes:
    return bytes(font(weight, 40).getmask(character))


def test_all_vietnamese_letters_have_their_glyphs() -> None:
    letters = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]
    for weight in Weight:
        missing = glyph(weight, "\U0010ffff")
        pictures = {glyph(weight, letter) for low in letters for letter in (low, low.upper())}
        assert len(pictures) == 2 * len(letters), "each letter looks like no other"
        assert missing not in pictures


@pytest.mark.parametrize("weight", list(Weight))
def test_no_box_in_ordinary_text(weight: Weight) -> None:
    missing = glyph(weight, "\U0010ffff")
    for character in set("".join(PANGRAMS)) - {" "}:
        assert glyph(weight, character) != missing, character


def test_card_labels_need_no_replacement() -> None:
    texts = Texts()
    for language in texts.languages():
        for label in ("title", "amount", "memo", "keep", "bank", "account", "holder"):
            said = plain(texts.say(language, f"card-{label}"))
            assert drawable(said) == said


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("a\nb\t c\u00a0₫", "a b c ₫"),
        ("ǘ", "u"),
        ("A😀漢B", "AB"),
        ("\u200b\u202ex", "x"),
        ("", ""),
    ],
)
def test_drawable_composes_and_leaves_out(text: str, drawn: str) -> None:
    assert drawable(text) == drawn


@given(st.text(max_size=30))
def test_drawable_never_leaves_a_box(text: str) -> None:
    assert all(has_glyph(character) for character in drawable(text))


@given(
    st.text(alphabet="AWịỹ ₫ 1", max_size=120),
    st.integers(80, 400),
    st.integers(1, 3),
)
def test_every_line_fits(text: str, width: int, rows: int) -> None:
    block = fit(text, width, Weight.BOLD, 30, 16, rows)
    assert 1 <= max(len(block.lines), 1) <= rows
    assert 16 <= block.size <= 30
    for line in block.lines:
        assert font(block.weight, block.size).getlength(line) <= width


def test_short_text_is_large_and_longer_text_shrinks_before_it_wraps() -> None:
    assert fit("ACB", 200, Weight.BOLD, 30, 16, rows=2).size == 30
    shrunk = fit("Ngân hàng Á Châu", 200, Weight.BOLD, 30, 16, rows=2)
    assert 16 < shrunk.size < 30
    assert len(shrunk.lines) == 1


def test_wrapping_keeps_words_and_loses_nothing_that_fits() -> None:
    text = "Ngân hàng Ngoại thương Việt Nam"
    block = fit(text, 200, Weight.BOLD, 30, 16, rows=2)
    assert len(block.lines) == 2
    assert " ".join(block.lines) == text


def test_a_line_breaks_exactly_where_a_word_ends() -> None:
    width = font(Weight.BOLD, 16).getlength("Ngân hàng")
    assert fit("Ngân hàng Ngân hàng", width, Weight.BOLD, 16, 16, rows=2).lines == ("Ngân hàng", "Ngân hàng")


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    block = fit("CÔNG TY " * 40, 200, Weight.BOLD, 30, 16, rows=2)
    assert len(block.lines) == 2
    assert block.lines[-1].endswith("…")


@pytest.mark.parametrize(("side", "low", "high"), [("l", 100, 200), ("m", 50, 150), ("r", 0, 100)])
def test_a_block_is_drawn_beside_around_or_before_its_point(side: str, low: int, high: int) -> None:
    image = Image.new("L", (200, 60))
    fit("HHH", 90, Weight.BOLD, 20, 20).draw(ImageDraw.Draw(image), (100, 30), side)
    left, top, right, bottom = image.getbbox() or (0, 0, 0, 0)
    assert low - 1 <= left < right <= high + 1
    assert abs((top + bottom) / 2 - 30) <= 1.5, "capitals stand in the middle"
