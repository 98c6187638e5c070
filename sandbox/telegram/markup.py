"""Reads Telegram's HTML (Bot API, "HTML style") into plain text and entities."""

import html
import re
from dataclasses import dataclass

from telegram import MessageEntity

from sandbox.telegram.errors import ApiError, bad_request

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre",
    "blockquote": "blockquote",
}  # fmt: skip
TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<rest>(?:\s[^<>]*)?)>")
ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")


@dataclass(frozen=True, slots=True)
class RichText:
    """Plain text with its entities; offsets and lengths count UTF-16 units, as everywhere in the Bot API."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


@dataclass(frozen=True, slots=True)
class _Opened:
    tag: str
    start: int
    words: int
    attributes: dict[str, str]


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> RichText:
    """Parse; raises 400 "can't parse entities" for unknown, unclosed and crossed tags, as the real server does."""
    parser = _Parser(source)
    parser.run()
    entities = sorted(parser.entities, key=lambda entity: (entity.offset, -entity.length))
    return RichText("".join(parser.plain), tuple(entities))


class _Parser:
    """Walks over the source once, keeping the stack of open tags."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.plain: list[str] = []
        self.length = 0
        self.opened: list[_Opened] = []
        self.entities: list[MessageEntity] = []

    def run(self) -> None:
        at = 0
        while at < len(self.source):
            at = self._tag(at) if self.source[at] == "<" else self._words(at)
        if self.opened:
            raise self._wrong(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].tag}"')

    def _words(self, at: int) -> int:
        end = self.source.find("<", at)
        end = len(self.source) if end < 0 else end
        words = REFERENCE.sub(lambda found: html.unescape(found[0]), self.source[at:end])
        self.plain.append(words)
        self.length += units(words)
        return end

    def _tag(self, at: int) -> int:
        found = TAG.match(self.source, at)
        if found is None:
            raise self._wrong('Unsupported start tag ""', at)
        name = found["name"].lower()
        if found["end"]:
            self._close(name, at)
        else:
            self._open(name, found["rest"], at)
        return found.end()

    def _open(self, name: str, rest: str, at: int) -> None:
        attributes = {key.lower(): html.unescape(a or b or c) for key, a, b, c in ATTRIBUTE.findall(rest)}
        if name not in KINDS:
            raise self._wrong(f'Unsupported start tag "{name}"', at)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._wrong('Tag "span" must have class "tg-spoiler"', at)
        self.opened.append(_Opened(name, self.length, len(self.plain), attributes))

    def _close(self, name: str, at: int) -> None:
        if not self.opened:
            raise self._wrong("Unexpected end tag", at)
        opened = self.opened.pop()
        if opened.tag != name:
            raise self._wrong(f'Unmatched end tag, expected "</{opened.tag}>", found "</{name}>"', at)
        if self.length > opened.start and not (name == "code" and self._inside("pre")):
            self.entities.append(self._entity(opened))
        if name == "code" and self._inside("pre"):
            self.opened[-1].attributes.update(opened.attributes)

    def _inside(self, tag: str) -> bool:
        return bool(self.opened) and self.opened[-1].tag == tag

    def _entity(self, opened: _Opened) -> MessageEntity:
        kind, more = KINDS[opened.tag], opened.attributes
        if kind == "blockquote" and "expandable" in more:
            kind = "expandable_blockquote"
        language = more.get("class", "").removeprefix("language-") if kind == "pre" else ""
        # A link without an address takes its own words for one.
        url = (more.get("href") or "".join(self.plain[opened.words :])) if kind == "text_link" else None
        size = self.length - opened.start
        return MessageEntity(kind, opened.start, size, url=url, language=language or None)

    def _wrong(self, what: str, at: int | None = None) -> ApiError:
        where = "" if at is None else f" at byte offset {len(self.source[:at].encode())}"
        return bad_request(f"can't parse entities: {what}{where}")
