"""Where a gateway's page sends the buyer back to, with its words on the payment behind the address.

The page only shows: a buyer may keep, repeat or never open it, so that money is settled by the notice alone. Words that
are not signed are not believed, and none of them is repeated.
"""

from aiohttp import web

from gateways import registry
from gateways.gateway import Gateway, Request
from sales.errors import Later, Refuse
from sales.transfer import Sighting, Standing
from webhooks.back import show
from webhooks.doors import DOORS, Doors
from webhooks.language import browser_language

NO_WORD = "back"
"""The page that says nothing of the payment."""
WORDS = {Standing.ARRIVED: "return-paid", Standing.HELD: "return-held", Standing.FAILED: "return-failed"}


async def come_back(request: web.Request) -> web.Response:
    """Say what the gateway says, in the buyer's language; to whoever brings no word of its own, what `/back` says.

    404 for a gateway that sends nobody back.
    """
    doors, shop = request.app[DOORS], request.match_info["shop"]
    gateway = registry.gateway(request.match_info["gateway"])
    if gateway is None or gateway.returned is None:
        raise web.HTTPNotFound
    seen = _word(doors, shop, gateway, tuple(request.query.items()))
    language = await _language(doors, shop, gateway, seen) or browser_language(request, doors.texts)
    answer = show(doors.texts, language, _said(gateway, seen))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _word(doors: Doors, shop: str, gateway: Gateway, query: tuple[tuple[str, str], ...]) -> Sighting | None:
    secrets = doors.secrets(shop, gateway.name)
    if secrets is None or gateway.returned is None:
        return None
    try:
        return next(iter(gateway.returned(secrets, Request(b"", query=query), doors.clock())), None)
    except Refuse:
        return None


def _said(gateway: Gateway, seen: Sighting | None) -> str:
    if seen is None:
        return NO_WORD
    cancelled = seen.standing is Standing.FAILED and seen.reason in gateway.cancelled
    return "return-cancelled" if cancelled else WORDS.get(seen.standing, NO_WORD)


async def _language(doors: Doors, shop: str, gateway: Gateway, seen: Sighting | None) -> str | None:
    """The buyer's own; a database that is busy is no reason to show nothing."""
    if seen is None or seen.number is None:
        return None
    try:
        return await doors.language_of(shop, gateway.name, seen.number)
    except Later:
        return None


ROUTES = (web.get(r"/return/{shop}/{gateway}", come_back),)
