import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.pieces import length, split
from locales.texts import plain


def test_a_short_text_stays_whole() -> None:
    assert split("  <b>Chào</b>\n\nbạn \n") == ["<b>Chào</b>\n\nbạn"]


@pytest.mark.parametrize("markup", ["", " \n ", "<b> </b>"])
def test_nothing_to_say_is_no_piece(markup: str) -> None:
    assert split(markup) == []


def test_the_length_is_what_a_reader_sees_in_utf16() -> None:
    assert length("<b>a</b>&amp;<code>₫</code>") == 3
    assert length("🇻🇳") == 4


@pytest.mark.parametrize(("border", "filler"), [("\n\n", "a\nb c"), ("\n", "a b c"), (" ", "abcde")])
def test_the_cut_is_made_at_the_largest_border(border: str, filler: str) -> None:
    first, second = (filler * 600)[:2500], (filler * 600)[:2500]
    assert split(first + border + second) == [first, second]


def test_as_many_paragraphs_as_fit_stay_together() -> None:
    paragraphs = ["x" * 1000] * 6
    assert split("\n\n".join(paragraphs)) == ["\n\n".join(paragraphs[:4]), "\n\n".join(paragraphs[4:])]


def test_exactly_the_limit_fits() -> None:
    assert split("x" * 4096) == ["x" * 4096]
    assert split("x" * 4097) == ["x" * 4096, "x"]
    assert split("a" * 4095 + " b") == ["a" * 4095, "b"]


def test_a_paragraph_that_just_fits_stays_whole() -> None:
    assert split("a b" + "c" * 4093 + "\n\nd") == ["a b" + "c" * 4093, "d"]


def test_the_first_limit_is_for_the_first_piece_only() -> None:
    assert [len(piece) for piece in split("x" * 6000, first=1024)] == [1024, 4096, 880]


def test_tags_are_closed_and_opened_again_over_a_cut() -> None:
    first, second = split("<b><i>" + "a" * 4000 + "\n\n" + "b" * 4000 + "</i></b>")
    assert first == "<b><i>" + "a" * 4000 + "</i></b>"
    assert second == "<b><i>" + "b" * 4000 + "</i></b>"


def test_neither_a_tag_nor_an_entity_is_cut() -> None:
    assert split("x" * 4095 + "&amp;&amp;<b>y</b>") == ["x" * 4095 + "&amp;", "&amp;<b>y</b>"]


words = st.lists(
    st.sampled_from(["từ", " ", "\n", "\n\n", "&lt;", "<b>đậm</b>", "<code>KXAB12</code>", "🎉"]), min_size=1
)


@given(words, st.integers(1, 12))
def test_no_character_is_lost_and_no_piece_is_too_long(parts: list[str], first: int) -> None:
    markup = "".join(parts)
    pieces = split(markup, first=max(first, 2))
    assert "".join("".join(plain(piece) for piece in pieces).split()) == "".join(plain(markup).split())
    assert all(piece.count("<b>") == piece.count("</b>") for piece in pieces)
    assert not pieces or length(pieces[0]) <= max(first, 2)
