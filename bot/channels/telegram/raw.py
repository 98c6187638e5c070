"""Updates as they come off the wire, before any library has read them; a web door needs no more than this."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """One update to be kept: its id, the chat whose order it must keep, and its JSON in ASCII."""

    event: str
    lane: str
    body: str


Keep = Callable[[list[RawUpdate]], Awaitable[None]]
"""Stores updates durably before it returns; the same update may come again."""


def raw_update(data: object) -> RawUpdate | None:
    """Take an update apart as far as the inbox needs; None when it has no id to be kept under."""
    if not isinstance(data, dict) or type(data.get("update_id")) is not int:
        return None
    event = str(data["update_id"])
    # Pure ASCII: half a surrogate pair or a NUL stays an escape, which every database takes.
    return RawUpdate(event, _lane(data) or event, json.dumps(data, separators=(",", ":")))


def _lane(update: dict[str, Any]) -> str | None:
    """Find the id of the chat; in a private chat it equals the id of the person."""
    for thing in update.values():
        for path in (("chat",), ("message", "chat"), ("from",)):
            number = _at(thing, *path, "id")
            if isinstance(number, int):
                return str(number)
    return None


def _at(thing: object, *path: str) -> object:
    for name in path:
        thing = thing.get(name) if isinstance(thing, dict) else None
    return thing
