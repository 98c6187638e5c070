"""The door for gateways: verify, settle, answer in the gateway's own words."""

import asyncio

import structlog
from aiohttp import web

from gateways import registry
from gateways.gateway import Gateway, Request, Secrets, Verdict
from sales.errors import Forged, Later, Malformed
from sales.transfer import Sighting
from webhooks.doors import DOORS, Doors
from webhooks.refusals import places

BODY_LIMIT = 256 * 1024
"""Bytes of the largest body that is read."""

_log = structlog.get_logger()


async def receive(request: web.Request) -> web.Response:
    """Take one notice.

    404 for a shop or gateway that is not there or has no secret, all alike: a stranger learns nothing.
    """
    doors, shop = request.app[DOORS], request.match_info["shop"]
    gateway = registry.gateway(request.match_info["gateway"])
    secrets = doors.secrets(shop, gateway.name) if gateway else None
    if gateway is None or secrets is None or not gateway.opened_by(secrets):
        raise web.HTTPNotFound
    verdict = await _judge(doors, shop, gateway, secrets, await _notice(doors, gateway, request))
    doors.metrics.count_notice(gateway.name, verdict.value)
    answer = gateway.acknowledge(verdict)
    return web.json_response(dict(answer.body), status=answer.status)


async def _judge(doors: Doors, shop: str, gateway: Gateway, secrets: Secrets, notice: Request) -> Verdict:
    log = _log.bind(shop=shop, gateway=gateway.name)
    try:
        sightings = gateway.read(secrets, notice, doors.clock())
    except Forged as error:
        log.warning("notice forged", reason=str(error))
        return Verdict.FORGED
    except Malformed as error:
        log.warning("notice malformed", reason=str(error))
        return Verdict.MALFORMED
    log = log.bind(notices=[sighting.ref for sighting in sightings])
    try:
        return await _settle(doors, shop, gateway, sightings, notice.body, log)
    except Exception as error:
        # The gateway repeats what is not 200. The error's own words may hold a memo or an address.
        log.error("notice failed", error=type(error).__name__, places=places(error))
        doors.metrics.count_notice(gateway.name, "failed")
        raise web.HTTPInternalServerError from None


async def _settle(
    doors: Doors,
    shop: str,
    gateway: Gateway,
    sightings: tuple[Sighting, ...],
    body: bytes,
    log: structlog.typing.FilteringBoundLogger,
) -> Verdict:
    """Hand over what the notice says; one that says nothing, such as a test call, needs no transaction."""
    try:
        if sightings:
            await doors.settle(shop, gateway.name, sightings, body)
    except Later as error:
        log.warning("notice must come again", error=type(error).__name__)
        return Verdict.BUSY
    log.info("notice accepted")
    return Verdict.ACCEPTED


async def _notice(doors: Doors, gateway: Gateway, request: web.Request) -> Request:
    """Turn the HTTP request into what gateways read; packed bodies, which could unpack to anything, are refused."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise web.HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(doors.patience):
            body = await _body(request)
    except web.HTTPRequestEntityTooLarge:
        doors.metrics.count_notice(gateway.name, "too_large")
        raise
    except TimeoutError:
        # A slow sender, or one whose chunks broke off the rule: aiohttp leaves the reader of such a body waiting.
        raise web.HTTPRequestTimeout from None
    except (ConnectionError, web.RequestPayloadError):
        # Chunks that aiohttp's parser in Python could not read, or a sender that hung up half way.
        raise web.HTTPBadRequest from None
    headers = tuple((name.lower(), value) for name, value in request.headers.items())
    return Request(body, headers, tuple(request.query.items()))


async def _body(request: web.Request) -> bytes:
    """Read to the end, or to the limit: a body sent in chunks does not say its length beforehand."""
    body = bytearray()
    if (request.content_length or 0) <= BODY_LIMIT:
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > BODY_LIMIT:
                break
        else:
            return bytes(body)
    raise web.HTTPRequestEntityTooLarge(BODY_LIMIT)


ROUTES = (web.post(r"/webhooks/{shop}/{gateway}", receive),)
