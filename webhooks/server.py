"""The web application of the house; app/ gives it host and port, and may add rooms to it."""

import logging

from aiohttp import web, web_response

from webhooks import back, checkout, health, notices, returns, telegram
from webhooks.doors import DOORS, Doors
from webhooks.refusals import OURS, refuse

NAME = "chotdon"
LINGER = 1.0
"""Seconds that the rest of a refused body is thrown away, so that its sender gets to hear the answer."""

IDLE = 75.0
"""Seconds a connection may stay open without a whole request: a little longer than nginx keeps its own (60).

aiohttp's hour lets anybody hold every connection the process may have by sending half a header on each.
"""


def build_app(doors: Doors) -> web.Application:
    """Build the application with the doors for gateways, updates and health, and the page buyers come back to."""
    # Answers to broken HTTP pass no hook of an application; this name is all they are made with.
    web_response.SERVER_SOFTWARE = NAME  # type: ignore[attr-defined]
    app = web.Application(middlewares=[refuse])
    app[DOORS] = doors
    app.add_routes([*notices.ROUTES, *telegram.ROUTES, *health.ROUTES, *back.ROUTES, *checkout.ROUTES, *returns.ROUTES])
    app.on_response_prepare.append(_guard)
    return app


def build_runner(app: web.Application, shutdown_timeout: float = 10.0, idle: float = IDLE) -> web.AppRunner:
    """Build what serves `app`: sites are added to it with web.TCPSite.

    Bodies stay as they came: unpacking one would go on behind a refusal.
    """
    logger = logging.getLogger(f"{NAME}.http")
    logger.addFilter(_without_excerpt)
    return web.AppRunner(
        app,
        access_log=None,
        logger=logger,
        auto_decompress=False,
        keepalive_timeout=idle,
        lingering_time=LINGER,
        shutdown_timeout=shutdown_timeout,
    )


async def _guard(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if request.path.startswith(OURS):
        response.headers["Cache-Control"] = "no-store"


def _without_excerpt(record: logging.LogRecord) -> bool:
    """Drop the cause: aiohttp's complaint about broken HTTP quotes the header, signature and all."""
    record.exc_info = None
    return True
