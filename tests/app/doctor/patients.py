"""A shop for the doctor to look at, with the servers around it played on loopback."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, web

from app.doctor.finding import Finding, Mark, Patient
from app.settings import Settings
from app.words import said
from sales.clock import Clock, utc_now
from webhooks.server import build_runner

KEY = "A" * 43
"""32 bytes of zero, in base64."""

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def patient(
    clock: Clock = utc_now, mail_to: str = "", tls: ssl.SSLContext | None = None, **changes: Any
) -> AsyncIterator[Patient]:
    """A shop with these settings, and a session to look at it."""
    async with ClientSession() as session:
        yield Patient(Settings(**changes), session, clock, mail_to, tls)


@asynccontextmanager
async def serving(answer: Answering, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server that gives this answer to everything; answers its address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = build_runner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def always(status: int = 200, json: Any = None, **headers: str) -> Answering:
    async def answer(_request: web.Request) -> web.Response:
        return web.json_response(json, status=status, headers=headers)

    return answer


def told(found: list[Finding]) -> list[tuple[Mark, str]]:
    """Marks and ids; every sentence can be said."""
    assert all(said(each.message, each.values).strip() for each in found)
    return [(each.mark, each.message) for each in found]


NOWHERE = "http://127.0.0.1:1"
"""An address where nobody listens."""
