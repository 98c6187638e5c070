"""Telegram's HTML, as its documentation describes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telegram.errors import ApiError
from sandbox.telegram.markup import parse_html, units
from sandbox.telegram.params import Params
from sandbox.telegram.richtext import read_caption, read_text


def parsed(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    rich = parse_html(source)
    return rich.text, [(str(e.type), e.offset, e.length) for e in rich.entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
        ("<i>a</i><em>b</em>", "ab", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>a</s><del>b</del>", "ab", [("strikethrough", 0, 1), ("strikethrough", 1, 1)]),
        ('<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', "ab", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("<b>x<i>y</i></b>", "xy", [("bold", 0, 2), ("italic", 1, 1)]),
        ("🔑<code>é</code>", "🔑é", [("code", 2, 1)]),
        ("a &lt;b&gt; &amp; &quot;c&quot; &#33; &nbsp;", 'a <b> & "c" ! &nbsp;', []),
        ("<b></b>x", "x", []),
        ("<PRE>a</PRE>", "a", [("pre", 0, 1)]),
    ],
)
def test_tags_become_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert parsed(source) == (text, entities)


def test_links_keep_their_address_and_code_its_language() -> None:
    link, bare = parse_html('<a href="https://e.com/?a=1&amp;b=2">x</a> <a>https://e.com</a>').entities
    assert (link.url, bare.url) == ("https://e.com/?a=1&b=2", "https://e.com")
    (code,) = parse_html('<pre><code class="language-python">x</code></pre>').entities
    assert (code.type, code.language) == ("pre", "python")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag, expected "</i>", found "</b>" at byte offset 7'),
        ("đ</b>", "Unexpected end tag at byte offset 2"),
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b", 'Unsupported start tag "" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_markup_is_refused_with_its_place(source: str, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"
    assert caught.value.code == 400


@given(st.text(alphabet="<>/bicodea &;=\"'đ🔑\n-"))
def test_whatever_comes_is_parsed_or_refused(source: str) -> None:
    try:
        rich = parse_html(source)
    except ApiError:
        return
    length = units(rich.text)
    assert all(e.offset >= 0 and e.length > 0 and e.offset + e.length <= length for e in rich.entities)


def read(**values: str) -> tuple[str, list[tuple[str, int, int]]]:
    rich = read_text(Params(values))
    return rich.text, [(str(e.type), e.offset, e.length) for e in rich.entities]


def test_white_space_around_is_cut_and_entities_move_along() -> None:
    assert read(text=" \n<b> x </b>y <i> </i>", parse_mode="HTML") == ("x y", [("bold", 0, 2)])


def test_given_entities_are_taken() -> None:
    assert read(text="xy", entities='[{"type":"bold","offset":1,"length":1}]') == ("xy", [("bold", 1, 1)])


def test_commands_links_and_addresses_are_spotted_but_not_in_code() -> None:
    text, entities = read(text="gõ /help hoặc https://e.com/a, a.b@e.com; <code>/no x@y.z</code>", parse_mode="html")
    assert [(kind, text[at : at + size]) for kind, at, size in entities] == [
        ("bot_command", "/help"),
        ("url", "https://e.com/a"),
        ("email", "a.b@e.com"),
        ("code", "/no x@y.z"),
    ]


def test_captions_may_be_empty_but_not_longer_than_1024() -> None:
    assert read_caption(Params()).text == ""
    assert len(read_caption(Params({"caption": "x" * 1024})).text) == 1024
    with pytest.raises(ApiError, match="message caption is too long"):
        read_caption(Params({"caption": "x" * 1025}))
