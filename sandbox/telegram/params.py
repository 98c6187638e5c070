"""Reads the parameters of a call, however a client chose to send them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.telegram.errors import ApiError, bad_request

UPLOAD_LIMIT = 10 * 1024 * 1024
"""Largest photo in bytes (Bot API, "Sending files")."""
BODY_LIMIT = UPLOAD_LIMIT + 1024 * 1024
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Params:
    """Every parameter as text, as the real server sees it: nested values are JSON in text. Uploads by part name."""

    values: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Read a text; empty when absent."""
        return self.values.get(name, "")

    def whole(self, name: str, default: int = 0) -> int:
        """Read a whole number of at most 64 bits; raises 400 for anything else."""
        try:
            number = int(self.values.get(name) or default)
        except ValueError:
            raise bad_request(f"{name} must be an integer") from None
        if abs(number) >= 2**63:
            raise bad_request(f"{name} is out of range")
        return number

    def flag(self, name: str) -> bool:
        """Read a yes or no; absent is no."""
        return self.text(name).lower() in ("true", "1", "yes")

    def nested(self, name: str) -> Any:
        """Read a JSON value; None when absent, 400 when it is not JSON."""
        if not self.text(name):
            return None
        return parse_json(self.text(name))

    def upload(self, name: str) -> bytes | None:
        """Read an uploaded file, either in the part of that name or where `attach://part` points."""
        part = self.text(name).removeprefix("attach://") if self.text(name).startswith("attach://") else name
        return self.files.get(part)


async def read_params(request: web.Request) -> Params:
    """Read query and body (JSON, form or multipart); raises ApiError 400 or 413."""
    values = dict(request.query)
    if request.method == "GET" or not request.can_read_body:
        return Params(values)
    roomy = request.clone(client_max_size=BODY_LIMIT)
    try:
        return await _from_body(roomy, values)
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None


async def _from_body(request: web.Request, values: dict[str, str]) -> Params:
    if request.content_type in FORMS:
        return await _from_form(request, values)
    body = parse_json((await request.read()).decode(errors="replace"))
    if not isinstance(body, dict):
        raise bad_request("object expected as request body")
    return from_object(body, values)


async def _from_form(request: web.Request, values: dict[str, str]) -> Params:
    files: dict[str, bytes] = {}
    try:
        form = await request.post()
    except ValueError:
        raise bad_request("can't parse the form") from None
    for name, value in form.items():
        if isinstance(value, web.FileField):
            with value.file as file:
                files[name] = file.read()
        else:
            values[name] = value if isinstance(value, str) else bytes(value).decode(errors="replace")
    return Params(values, files)


def from_object(body: Mapping[str, Any], beside: Mapping[str, str] | None = None) -> Params:
    """Take the parameters out of a JSON object, over those that stand `beside` it."""
    return Params({**(beside or {}), **{name: _as_text(value) for name, value in body.items() if value is not None}})


def parse_json(text: str) -> Any:
    """Read JSON from a stranger; raises 400 for what is none, deep nesting included."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise bad_request("can't parse JSON object") from None


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
