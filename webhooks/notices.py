"""The door for gateways: verify, settle, answer in the gateway's own words."""

from datetime import datetime
from urllib.parse import urlencode

import structlog
from aiohttp import web

from gateways import registry
from gateways.gateway import Gateway, Request, Secrets, Verdict
from sales.errors import Forged, Later, Malformed, PartlyMalformed
from sales.settlement import Outcome
from sales.transfer import Sighting
from webhooks.bodies import read_body
from webhooks.doors import DOORS, Doors
from webhooks.refusals import places

BODY_LIMIT = 256 * 1024
"""Bytes of the largest body that is read."""

VERDICTS = {
    Outcome.NEW: Verdict.ACCEPTED,
    Outcome.AGAIN: Verdict.AGAIN,
    Outcome.UNKNOWN: Verdict.UNKNOWN,
    Outcome.WRONG_AMOUNT: Verdict.WRONG_AMOUNT,
}

_log = structlog.get_logger()


async def receive(request: web.Request) -> web.Response:
    """Take one notice.

    404 for a shop or gateway that is not there or has no secret, all alike: a stranger learns nothing.
    """
    doors, shop = request.app[DOORS], request.match_info["shop"]
    gateway = registry.gateway(request.match_info["gateway"])
    secrets = doors.secrets(shop, gateway.name) if gateway else None
    if gateway is None or gateway.method is None or secrets is None or not gateway.opened_by(secrets):
        raise web.HTTPNotFound
    if request.method != gateway.method:
        raise web.HTTPMethodNotAllowed(request.method, [gateway.method])
    verdict = await _judge(doors, shop, gateway, secrets, await _notice(doors, gateway, request))
    doors.metrics.count_notice(gateway.name, verdict.value)
    answer = gateway.acknowledge(verdict)
    return web.json_response(dict(answer.body), status=answer.status)


async def _judge(doors: Doors, shop: str, gateway: Gateway, secrets: Secrets, notice: Request) -> Verdict:
    """Hand over what the notice says; one that says nothing, such as a test call, needs no transaction."""
    log = _log.bind(shop=shop, gateway=gateway.name)
    verdict, sightings = _read(gateway, secrets, notice, doors.clock(), log)
    # One call may tell of thousands: the first one names it well enough.
    log = log.bind(movements=len(sightings), first=sightings[0].ref if sightings else None)
    try:
        outcome = (
            await doors.settle(shop, gateway.name, sightings, _kept(gateway, notice)) if sightings else Outcome.NEW
        )
    except Later as error:
        log.warning("notice.must_come_again", error=type(error).__name__)
        return Verdict.BUSY
    except Exception as error:
        # The gateway repeats what it is told was broken. The error's own words may hold a memo or an address.
        log.error("notice.not_settled", error=type(error).__name__, places=places(error))
        return Verdict.BROKEN
    if verdict is Verdict.ACCEPTED:
        verdict = VERDICTS[outcome]
        log.info("notice.accepted" if sightings else "notice.empty", outcome=outcome.value)
    return verdict


def _kept(gateway: Gateway, notice: Request) -> bytes:
    """What is kept of a notice: the part that was signed, its body or its query."""
    return urlencode(notice.query).encode() if gateway.method == "GET" else notice.body


def _read(
    gateway: Gateway, secrets: Secrets, notice: Request, now: datetime, log: structlog.typing.FilteringBoundLogger
) -> tuple[Verdict, tuple[Sighting, ...]]:
    """What the gateway shall be told if all goes well, and what is to be settled."""
    try:
        return Verdict.ACCEPTED, gateway.read(secrets, notice, now)
    except Forged as error:
        log.warning("notice.forged", reason=str(error))
        return Verdict.FORGED, ()
    except PartlyMalformed as error:
        log.warning("notice.partly_malformed", reason=str(error))
        return Verdict.MALFORMED, error.readable
    except Malformed as error:
        log.warning("notice.malformed", reason=str(error))
        return Verdict.MALFORMED, ()


async def _notice(doors: Doors, gateway: Gateway, request: web.Request) -> Request:
    """Turn the HTTP request into what gateways read."""
    try:
        body = await read_body(request, BODY_LIMIT, doors.patience)
    except web.HTTPRequestEntityTooLarge:
        doors.metrics.count_notice(gateway.name, "too_large")
        raise
    headers = tuple((name.lower(), value) for name, value in request.headers.items())
    return Request(body, headers, tuple(request.query.items()))


# Which method a door takes, its gateway says.
ROUTES = (web.route("*", r"/webhooks/{shop}/{gateway}", receive),)
