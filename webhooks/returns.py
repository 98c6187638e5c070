"""Where VNPay's page sends the buyer back to, with the words of its notice behind the address.

The page only shows: a buyer may keep, repeat or never open it, so that money is settled by the notice alone. Words that
are not signed are not believed, and none of them is repeated.
"""

from aiohttp import web

from gateways.gateway import Request
from gateways.vnpay import VNPAY
from gateways.vnpay_notice import CANCELLED
from sales.errors import Later, Refuse
from sales.transfer import Sighting, Standing
from webhooks.back import show
from webhooks.doors import DOORS, Doors
from webhooks.language import browser_language

NO_WORD = "back"
"""The page that says nothing of the payment."""
WORDS = {Standing.ARRIVED: "return-paid", Standing.HELD: "return-held", Standing.FAILED: "return-failed"}


async def come_back(request: web.Request) -> web.Response:
    """Say what VNPay says, in the buyer's language; to whoever brings no word of VNPay's, what `/back` says."""
    doors, shop = request.app[DOORS], request.match_info["shop"]
    seen = _word(doors, shop, tuple(request.query.items()))
    language = await _language(doors, shop, seen) or browser_language(request, doors.texts)
    answer = show(doors.texts, language, _said(seen))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _word(doors: Doors, shop: str, query: tuple[tuple[str, str], ...]) -> Sighting | None:
    secrets = doors.secrets(shop, VNPAY.name)
    try:
        return VNPAY.read(secrets, Request(b"", query=query), doors.clock())[0] if secrets else None
    except Refuse:
        return None


def _said(seen: Sighting | None) -> str:
    if seen is None:
        return NO_WORD
    cancelled = seen.standing is Standing.FAILED and seen.reason == CANCELLED
    return "return-cancelled" if cancelled else WORDS.get(seen.standing, NO_WORD)


async def _language(doors: Doors, shop: str, seen: Sighting | None) -> str | None:
    """The buyer's own; a database that is busy is no reason to show nothing."""
    if seen is None or seen.number is None:
        return None
    try:
        return await doors.language_of(shop, VNPAY.name, seen.number)
    except Later:
        return None


ROUTES = (web.get(r"/return/{shop}/vnpay", come_back),)
