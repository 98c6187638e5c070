"""How the doors say no: short codes for machines, and never a word about what went wrong inside."""

from traceback import extract_tb

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

OURS = ("/webhooks/", "/telegram/", "/health/", "/metrics")
"""Paths that machines call; other rooms put their own errors into words."""

CODES = {
    400: "bad_request",
    401: "forged",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    413: "too_large",
    415: "unsupported_encoding",
    500: "internal",
    503: "busy",
}

_log = structlog.get_logger()


@web.middleware
async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer errors on our own paths as JSON, and a bug anywhere as a bare 500."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if not request.path.startswith(OURS):
            raise
        return _refusal(error.status, error.headers.get("Allow"))
    except Exception as error:
        _log.error("request.failed", route=_route(request), error=type(error).__name__, places=places(error))
        return _refusal(500, None)


def places(error: BaseException) -> list[str]:
    """Where an error came from, without its words or the values around it."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]


def _refusal(status: int, allow: str | None) -> web.Response:
    headers = {"Allow": allow} if allow else None
    return web.json_response({"error": CODES.get(status, "refused")}, status=status, headers=headers)


def _route(request: web.Request) -> str:
    """Name the route by its pattern: a path itself may carry a token."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else ""
