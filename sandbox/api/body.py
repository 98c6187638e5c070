"""Reads the page's JSON and answers what went wrong as the id of a sentence."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiohttp import web

from sales.errors import Tell

T = TypeVar("T")
Body = dict[str, Any]
Act = Callable[[web.Request, Body], Awaitable[Body]]


def posting(path: str, act: Act) -> web.RouteDef:
    """Route POSTs of JSON objects to `act`; a Tell becomes 400 with `{"error": id}`.

    A body that is not sent as application/json is refused with 403: a foreign page's form could send it.
    """

    async def handle(request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return web.json_response({"error": "application/json is expected"}, status=403)
        try:
            return web.json_response(await act(request, await _object(request)))
        except Tell as trouble:
            return web.json_response({"error": trouble.message}, status=400)

    return web.post(path, handle)


def text(body: Body, name: str) -> str:
    """Take a text."""
    return _of_type(body, name, str)


def whole(body: Body, name: str) -> int:
    """Take a whole number of at most 64 bits."""
    number = _of_type(body, name, int)
    if isinstance(number, bool) or abs(number) >= 2**63:
        raise Tell("sandbox-error-request")
    return number


def yes(body: Body, name: str, otherwise: bool | None = None) -> bool:
    """Take a yes or no; `otherwise` stands for one that is not there."""
    return _of_type(body, name, bool) if otherwise is None or name in body else otherwise


def number_in(request: web.Request, name: str) -> int:
    """Take a number from the address; 404 when it is none."""
    digits = request.match_info[name]
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise web.HTTPNotFound
    return int(digits)


def _of_type(body: Body, name: str, kind: type[T]) -> T:
    value = body.get(name)
    if not isinstance(value, kind):
        raise Tell("sandbox-error-request")
    return value


async def _object(request: web.Request) -> Body:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Tell("sandbox-error-request")
    return body
