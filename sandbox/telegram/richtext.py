"""Turns a call's text parameters into what a chat shows: parsed, trimmed, measured, links spotted."""

import re
from collections.abc import Iterable

from telegram import MessageEntity

from sandbox.telegram.errors import bad_request
from sandbox.telegram.markup import RichText, parse_html, units
from sandbox.telegram.params import Params

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
VERBATIM = ("code", "pre", "text_link", "url", "email", "bot_command")
SPOTTED = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,32}\b)"
)


def read_text(params: Params) -> RichText:
    """Read `text` of a message; raises 400 when it is empty or longer than 4096 characters after parsing."""
    rich = _read(params, "text", "entities")
    if not rich.text:
        raise bad_request("message text is empty")
    if len(rich.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return rich


def read_caption(params: Params) -> RichText:
    """Read `caption`, which may be empty; raises 400 beyond 1024 characters after parsing."""
    rich = _read(params, "caption", "caption_entities")
    if len(rich.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return rich


def spotted(rich: RichText) -> RichText:
    """Add the entities that Telegram finds by itself: addresses and commands outside of verbatim text."""
    taken = [(e.offset, e.offset + e.length) for e in rich.entities if e.type in VERBATIM]
    found = [_entity_of(match, rich.text) for match in SPOTTED.finditer(rich.text)]
    free = [e for e in found if all(e.offset + e.length <= start or end <= e.offset for start, end in taken)]
    return RichText(rich.text, tuple(sorted((*rich.entities, *free), key=lambda e: (e.offset, -e.length))))


def _entity_of(match: re.Match[str], text: str) -> MessageEntity:
    return MessageEntity(match.lastgroup or "url", units(text[: match.start()]), units(match[0]))


def _read(params: Params, name: str, entities_name: str) -> RichText:
    mode = params.text("parse_mode").lower()
    if mode == "html":
        rich = parse_html(params.text(name))
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        rich = RichText(params.text(name), _given(params.nested(entities_name)))
    return spotted(_trimmed(rich))


def _given(data: object) -> tuple[MessageEntity, ...]:
    if data is None:
        return ()
    try:
        return tuple(MessageEntity.de_list(data, None))  # type: ignore[arg-type]
    except (TypeError, ValueError, AttributeError, KeyError):
        raise bad_request("can't parse entities: an array of MessageEntity is expected") from None


def _trimmed(rich: RichText) -> RichText:
    """Cut white space at both ends, as the platform does, and shift the entities along."""
    lead = units(rich.text) - units(rich.text.lstrip())
    text = rich.text.strip()
    return RichText(text, tuple(_shifted(rich.entities, lead, units(text))))


def _shifted(entities: Iterable[MessageEntity], lead: int, length: int) -> Iterable[MessageEntity]:
    for entity in entities:
        start = max(entity.offset - lead, 0)
        end = min(entity.offset + entity.length - lead, length)
        if end > start:
            yield MessageEntity.de_json(entity.to_dict() | {"offset": start, "length": end - start})
