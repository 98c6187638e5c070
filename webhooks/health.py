"""For whoever watches the process: is it alive, is it ready, what does it count."""

import asyncio
from collections.abc import Mapping
from ipaddress import ip_address

import structlog
from aiohttp import web

from webhooks.doors import DOORS, Doors
from webhooks.metrics import CONTENT_TYPE

FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
"""What proxies add to a request that comes through them, in lower case."""

_log = structlog.get_logger()


async def live(_request: web.Request) -> web.Response:
    """Answer 200 as long as the loop runs."""
    return web.json_response({"live": True})


async def ready(request: web.Request) -> web.Response:
    """Answer 200 when every part works, 503 with the names of those that do not."""
    checks = await _checks(request.app[DOORS])
    good = checks is not None and all(checks.values())
    return web.json_response({"ready": good, "checks": dict(checks or {})}, status=200 if good else 503)


async def metrics(request: web.Request) -> web.Response:
    """Answer the shop's numbers as Prometheus reads them; how much is sold is no matter of the world's (404)."""
    if _from_the_world(request):
        raise web.HTTPNotFound
    doors = request.app[DOORS]
    return web.Response(body=await doors.metrics.text(doors.patience), headers={"Content-Type": CONTENT_TYPE})


def _from_the_world(request: web.Request) -> bool:
    """Whether a proxy says that it passes on somebody's request, or whoever asks has a public address."""
    if not FORWARDED.isdisjoint(name.lower() for name in request.headers):
        return True
    peer = request.transport and request.transport.get_extra_info("peername")
    return isinstance(peer, tuple) and ip_address(peer[0]).is_global


async def _checks(doors: Doors) -> Mapping[str, bool] | None:
    try:
        async with asyncio.timeout(doors.patience):
            return await doors.ready()
    except Exception as error:
        _log.warning("health.unknown", error=type(error).__name__)
        return None


ROUTES = (
    web.get("/health/live", live),
    web.get("/health/ready", ready),
    web.get("/metrics", metrics),
)
