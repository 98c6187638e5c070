"""The door for Telegram's updates: check the secret, keep the update, answer only when it is on the disk.

What is not answered 200 Telegram brings again (Bot API, setWebhook). What it asks before it takes money is answered by
the HTTP answer itself (Bot API, "Making requests when getting updates").
"""

import json
from hmac import compare_digest

import structlog
from aiohttp import web

from sales.errors import Malformed, StoreBusy
from webhooks.bodies import read_body
from webhooks.doors import DOORS

HEADER = "X-Telegram-Bot-Api-Secret-Token"
BODY_LIMIT = 512 * 1024
"""Bytes of the largest update that is read: many times what a message and the one it answers can hold."""

_log = structlog.get_logger()


async def receive(request: web.Request) -> web.Response:
    """Take one update; 404 for a shop that is not there or takes no updates here, all alike."""
    doors, shop = request.app[DOORS], request.match_info["shop"]
    ear = doors.telegram(shop)
    if ear is None or not ear.secret:
        raise web.HTTPNotFound
    if not _knows(request, ear.secret):
        _log.warning("update.forged", shop=shop)
        raise web.HTTPUnauthorized
    body = await read_body(request, BODY_LIMIT, doors.patience)
    try:
        told = await ear.keep(_parsed(body))
    except Malformed as error:
        _log.warning("update.malformed", shop=shop, reason=str(error))
        raise web.HTTPBadRequest from None
    except StoreBusy as error:
        _log.warning("update.must_come_again", shop=shop, error=type(error).__name__)
        raise web.HTTPServiceUnavailable from None
    return web.Response() if told is None else web.json_response(told)


def _knows(request: web.Request, secret: str) -> bool:
    """Whether the secret came, once; as bytes, since compare_digest takes no text beyond ASCII."""
    given = request.headers.getall(HEADER, [])
    return len(given) == 1 and compare_digest(given[0].encode("utf-8", "surrogateescape"), secret.encode())


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        # The cause would carry what somebody wrote into whatever prints it.
        raise Malformed("not JSON") from None


ROUTES = (web.post(r"/telegram/{shop}", receive),)
