"""What flows say and hear, without a sentence: ids, values and buttons, for any mouth.

A `Reply` is kept as JSON in the outbox until a channel shows it; `pack` and `unpack` are that form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sales.money import Money
from sales.transfer import Sighting

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

Value = str | int | Money | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence by its id in locales/, and the values that fill it."""

    id: str
    values: Mapping[str, Value] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press: exactly one of `token` (comes back to us), `copy` (to the clipboard), `url`."""

    label: Say
    token: str | None = None
    copy: str | None = field(default=None, repr=False)
    url: str | None = None


Rows = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to one person.

    `title`: what stands above it where a mouth has such a place (the subject of an e-mail).
    `card`: id of the payment attempt whose QR card is shown above the text.
    `refund`: mark of the refund whose QR card is shown above the text.
    `page`: id of the payment attempt that is paid on a page, which a button of this message opens.
    `invoice`: id of the payment attempt that is paid in the chat itself, by an invoice in place of the text.
    `replace`: the channel's id of an earlier message that this one takes the place of (with `card`
    or `refund` set, that message is the card itself: its picture stays, its caption and buttons change; with
    `invoice` set it is the invoice itself, which goes).
    `toast`: the channel's id of a press to be answered; then `lines` are a short note, or empty.
    """

    lines: tuple[Say, ...] = ()
    choices: Rows = ()
    title: Say | None = None
    card: int | None = None
    replace: str | None = None
    toast: str | None = None
    refund: str | None = None
    page: int | None = None
    invoice: int | None = None

    @property
    def pictured(self) -> bool:
        """Whether its message carries a card."""
        return self.card is not None or self.refund is not None


@dataclass(frozen=True, slots=True)
class Incoming:
    """What one person did: typed `text`, pressed `token`, or `paid` in the chat itself.

    `event` is the channel's own id of it, unique per channel. `name` and `handle` are as in sales.people.Peer,
    `language` is what their app speaks. `message` is the channel's id of the message a pressed button hangs on,
    `press` the id under which the press must be answered.
    """

    channel: str
    peer: str
    event: str
    text: str = ""
    token: str = ""
    name: str = ""
    language: str = ""
    handle: str = ""
    message: str | None = None
    press: str | None = None
    paid: Sighting | None = None


def pack(reply: Reply) -> dict[str, Any]:
    """Turn a reply into JSON's own types; moments are kept to the millisecond, as everywhere in the store."""
    return {
        "lines": [_pack_say(line) for line in reply.lines],
        "choices": [[_pack_choice(choice) for choice in row] for row in reply.choices],
        "title": reply.title and _pack_say(reply.title),
        "card": reply.card,
        "replace": reply.replace,
        "toast": reply.toast,
        "refund": reply.refund,
        "page": reply.page,
        "invoice": reply.invoice,
    }


def unpack(data: Mapping[str, Any]) -> Reply:
    """Read back what `pack` wrote."""
    return Reply(
        lines=tuple(_unpack_say(line) for line in data["lines"]),
        choices=tuple(tuple(_unpack_choice(choice) for choice in row) for row in data["choices"]),
        title=data["title"] and _unpack_say(data["title"]),
        card=data["card"],
        replace=data["replace"],
        toast=data["toast"],
        # Replies that an earlier version has kept know of neither.
        refund=data.get("refund"),
        page=data.get("page"),
        invoice=data.get("invoice"),
    )


def _pack_say(say: Say) -> dict[str, Any]:
    return {"id": say.id, "values": {name: _pack_value(value) for name, value in say.values.items()}}


def _unpack_say(data: Mapping[str, Any]) -> Say:
    return Say(data["id"], {name: _unpack_value(value) for name, value in data["values"].items()})


def _pack_choice(choice: Choice) -> dict[str, Any]:
    return {"label": _pack_say(choice.label), "token": choice.token, "copy": choice.copy, "url": choice.url}


def _unpack_choice(data: Mapping[str, Any]) -> Choice:
    return Choice(_unpack_say(data["label"]), data["token"], data["copy"], data["url"])


def _pack_value(value: Value) -> Any:
    if isinstance(value, Money):
        return {"money": [value.minor, value.currency]}
    if isinstance(value, datetime):
        return {"time": (value - _EPOCH) // _MILLISECOND}
    if isinstance(value, timedelta):
        return {"span": value // _MILLISECOND}
    return value


def _unpack_value(data: Any) -> Value:
    if isinstance(data, dict) and "money" in data:
        return Money(*data["money"])
    if isinstance(data, dict) and "span" in data:
        return int(data["span"]) * _MILLISECOND
    if isinstance(data, dict):
        return _EPOCH + int(data["time"]) * _MILLISECOND
    return data if data is None or isinstance(data, int) else str(data)
