"""Where a notice stands in its request: in the body, as JSON, or in the query of its address."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from gateways.gateway import Request

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Carrier:
    """How tests get at a notice: as the very bytes that travel, and as the fields that they spell.

    `carry(request, text)` is the same request with other bytes under the old proof; `respelt(text)` are other spellings
    of the same fields.
    """

    text: Callable[[Request], bytes]
    carry: Callable[[Request, bytes], Request]
    parse: Callable[[bytes], Document]
    print: Callable[[Document], bytes]
    respelt: Callable[[bytes], list[bytes]]

    def document(self, request: Request) -> Document:
        """The fields of a notice."""
        return self.parse(self.text(request))

    def tampered(self, request: Request, path: tuple[str, ...]) -> Request:
        """Change one value to another of its own type, under the old proof."""
        document = self.document(request)
        place = document
        for name in path[:-1]:
            place = place[name]
        value = place[path[-1]]
        place[path[-1]] = value + 1 if isinstance(value, int) else f"{value}x"
        return self.carry(request, self.print(document))


def leaves(body: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Paths of all values in nested objects."""
    return [
        (name, *path) for name, value in body.items() for path in (leaves(value) if isinstance(value, dict) else [()])
    ]


def _in_the_body(request: Request, text: bytes) -> Request:
    return replace(request, body=text)


def _in_the_query(request: Request, text: bytes) -> Request:
    return replace(request, query=tuple(parse_qsl(text.decode(), keep_blank_values=True)))


def _respelt_json(text: bytes) -> list[bytes]:
    """Other orders of keys, other white space."""
    body = json.loads(text)
    backwards = json.dumps(dict(reversed(body.items())), indent=4, ensure_ascii=True)
    return [each.encode() for each in (backwards, json.dumps(body, sort_keys=True), f"\r\n {backwards}\n")]


def _respelt_query(text: bytes) -> list[bytes]:
    """Other orders of parameters, the other way to write a blank, small letters in escapes."""
    pairs = text.split(b"&")
    small = urlencode(parse_qsl(text.decode(), keep_blank_values=True)).replace("%C3", "%c3").encode()
    return [b"&".join(reversed(pairs)), b"&".join(sorted(pairs)), text.replace(b"+", b"%20"), small]


BODY = Carrier(
    text=lambda request: request.body,
    carry=_in_the_body,
    parse=json.loads,
    print=lambda document: json.dumps(document).encode(),
    respelt=_respelt_json,
)
QUERY = Carrier(
    text=lambda request: urlencode(request.query).encode(),
    carry=_in_the_query,
    parse=lambda text: dict(parse_qsl(text.decode(), keep_blank_values=True)),
    print=lambda document: urlencode(document).encode(),
    respelt=_respelt_query,
)
