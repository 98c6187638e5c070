"""One reply, two bodies; what people typed stays text in both."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.channels.letter import Letter, write
from flows.channel import Address
from flows.messages import Choice, Reply, Say
from locales import Texts

READER = Address("nguyen.van.a@example.com", "vi", "Asia/Ho_Chi_Minh")
HOSTILE = '<script>alert("x")</script>{$y}{{ 7*7 }}&amp;'


class Page(HTMLParser):
    """All addresses and visible words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "background"}]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def letter(reply: Reply, language: str = "vi", texts: Texts | None = None, *, pictured: bool = False) -> Letter:
    reader = Address(READER.to, language, READER.zone)
    return write(reply, reader, texts or Texts(), "Tiệm Khóa", pictured=pictured)


@pytest.fixture
def marked(tmp_path: Path) -> Texts:
    """Sentences with all the light markup, line breaks and a copied thing without a noun."""
    (tmp_path / "vi.ftl").write_text(
        "email-subject = Từ { $shop }\nemail-footer = Hết\n"
        "goods = <b>Đơn</b> <i>của</i> { $name }:\n    <code>{ $key }</code>\n"
        "title = Đơn <b>{ $name }</b>\ncopy-it = Chép\nopen = Mở & đọc\n",
        encoding="utf-8",
    )
    return Texts(tmp_path)


def test_light_markup_is_shown_and_values_stay_text(marked: Texts) -> None:
    reply = Reply(lines=(Say("goods", {"name": HOSTILE, "key": "A<B"}),), title=Say("title", {"name": "x<y"}))
    written = letter(reply, texts=marked)
    page = Page(written.html)
    assert {"b", "i", "code", "br"} <= set(page.tags)
    assert "script" not in page.tags
    assert HOSTILE in "".join(page.words)
    assert written.text.startswith(f"Đơn của {HOSTILE}:\nA<B\n\n")
    assert written.subject == "Đơn x<y"
    assert page.words.count("Đơn x<y") == 2, "in the title and at the head"


def test_copies_become_boxes_links_become_links_tokens_vanish(marked: Texts) -> None:
    link = "https://example.com/a?b=1&c=2"
    rows = (
        (Choice(Say("copy-it"), copy=HOSTILE), Choice(Say("goods", {"name": "n", "key": "k"}), token="t")),
        (Choice(Say("open"), url=link),),
    )
    written = letter(Reply(choices=rows), texts=marked)
    page = Page(written.html)
    assert page.addresses == [link, link], "the button, and the address below it for programs that hide buttons"
    assert HOSTILE in page.words
    assert "Mở & đọc" in page.words
    assert "script" not in page.tags
    assert f"Chép:\n    {HOSTILE}\n\nMở & đọc:\n    {link}\n" in written.text
    assert "Đơn" not in written.text


def test_a_copied_thing_stands_under_its_noun() -> None:
    rows = ((Choice(Say("copy-key"), copy="ABCD"),),)
    assert "Mã kích hoạt:\n    ABCD" in letter(Reply(choices=rows)).text
    english = letter(Reply(choices=rows), "en")
    assert "Licence key:\n    ABCD" in english.text
    assert "Licence key" in Page(english.html).words


def test_the_letter_says_its_language() -> None:
    assert (letter(Reply(), "en-GB").language, letter(Reply(), "km").language) == ("en", "vi")
    assert '<html lang="en">' in letter(Reply(), "en").html


def test_without_a_title_the_shop_speaks() -> None:
    assert letter(Reply()).subject == "Tin nhắn từ Tiệm Khóa"
    assert letter(Reply(), "en").subject == "A message from Tiệm Khóa"


def test_nothing_is_loaded_from_outside() -> None:
    plain_page, pictured = Page(letter(Reply()).html), Page(letter(Reply(), pictured=True).html)
    assert plain_page.addresses == []
    assert pictured.addresses == ["cid:picture"]
    assert not {"link", "script", "iframe", "form"} & set(pictured.tags)
    assert "url(" not in letter(Reply()).html


def test_the_text_ends_with_the_footer_behind_a_signature_mark() -> None:
    text = letter(Reply(lines=(Say("duration-lifetime"),))).text
    assert text.startswith("Trọn đời\n\n-- \nThư này được Tiệm Khóa gửi tự động.")
