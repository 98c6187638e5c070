"""The kinds of body that SePay's webhook may come in, for bodies that somebody has broken."""

import json
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.webhooks.mutations import spoilt

JSON, URLENCODED, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
SPOILT = 0.2


def dressed(text: bytes) -> tuple[bytes, str]:
    """The same nonsense as JSON or as a form, and its Content-Type; the same text is always dressed alike.

    What holds no fields goes as it is, under whatever name. Some forms are broken once more, in their very bytes.
    """
    chance = Random(text)
    kind = chance.choice([JSON, URLENCODED, MULTIPART])
    fields = _fields(text)
    if kind == JSON or fields is None:
        return text, kind
    body = urlencode(fields, errors="replace").encode() if kind == URLENCODED else _multipart(fields)
    return (spoilt(body, chance) if chance.random() < SPOILT else body), kind


def _fields(text: bytes) -> dict[str, str] | None:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return {name: _text(value) for name, value in body.items()} if isinstance(body, dict) else None


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _multipart(fields: dict[str, str]) -> bytes:
    parts = (f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields)
    return f"{''.join(parts)}--x--\r\n".encode("utf-8", "replace")
