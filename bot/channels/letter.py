"""A reply as a letter: subject, HTML and the same in plain text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from flows.channel import Address
from flows.messages import Choice, Reply, Say
from locales import Texts, plain

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# Mail programs drop style sheets, so the one tag that needs a look carries it along.
_CODE = '<code style="font-family:ui-monospace,Menlo,Consolas,monospace;font-weight:600;overflow-wrap:anywhere">'


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent; `language` is the one it was written in."""

    subject: str
    html: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class _Item:
    """Something to copy or to open, under its name."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Says everything of one letter to one reader."""

    texts: Texts
    language: str
    zone: str

    def markup(self, say: Say) -> str:
        return self.texts.say(self.language, say.id, say.values, self.zone)

    def line(self, say: Say) -> str:
        return plain(self.markup(say))

    def caption(self, choice: Choice) -> str:
        """Name the thing that is copied: the button's own words ("copy …") make no sense on paper."""
        noun = f"{choice.label.id}.noun"
        return self.line(Say(noun, choice.label.values) if self.texts.knows(noun) else choice.label)


def write(reply: Reply, address: Address, texts: Texts, shop: str, *, pictured: bool = False) -> Letter:
    """Write `reply` for its reader; `shop` stands at the head, `pictured` leaves room for the picture.

    What would come back to us when pressed (`token`) is left out: a letter cannot be pressed.
    """
    speaker = _Speaker(texts, texts.match(address.language), address.zone)
    choices = [choice for row in reply.choices for choice in row]
    copies = [_Item(speaker.caption(choice), choice.copy) for choice in choices if choice.copy]
    links = [_Item(speaker.line(choice.label), choice.url) for choice in choices if choice.url]
    subject = _one_line(speaker.line(reply.title or Say("email-subject", {"shop": shop})))
    footer = speaker.line(Say("email-footer", {"shop": shop}))
    html = _PAGES.get_template("letter.html").render(
        language=speaker.language,
        shop=shop,
        subject=subject,
        lines=[_paragraph(speaker.markup(line)) for line in reply.lines],
        pictured=pictured,
        copies=copies,
        links=links,
        footer=footer,
    )
    text = "\n\n".join(_blocks([speaker.line(line) for line in reply.lines], (*copies, *links), footer))
    return Letter(subject, html, text + "\n", speaker.language)


def _paragraph(markup: str) -> Markup:
    """Let the light markup through: its values were escaped when the sentence was said."""
    return Markup(markup.replace("<code>", _CODE).replace("\n", "<br>\n"))  # noqa: S704


def _blocks(lines: Iterable[str], items: Iterable[_Item], footer: str) -> Iterator[str]:
    yield from lines
    for item in items:
        yield f"{item.label}:\n    {item.value}"
    yield f"-- \n{footer}"


def _one_line(text: str) -> str:
    """Keep a subject to one printable line: whatever a name holds, it cannot begin a header of its own."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
