"""Carries a notice to the shop's door and repeats it as a gateway does."""

from collections.abc import Callable
from functools import partial

from aiohttp import ClientError, ClientSession, ClientTimeout

from gateways.gateway import Request
from sandbox.bank.manners import BY_STATUS, Manners
from sandbox.clock import MovableClock

PATIENCE = ClientTimeout(total=30)
"""Casso gives a door thirty seconds, SePay too."""
UNREACHABLE = 0
NOTHING = b""


async def deliver(
    client: ClientSession,
    url: str,
    notice: Request,
    clock: MovableClock,
    heard: Callable[[int], None],
    manners: Manners = BY_STATUS,
    anew: Callable[[], Request] | None = None,
) -> None:
    """Send until the door's answer is what the gateway wants or the repeats are used up.

    `heard` gets each answer's HTTP status, 0 when nobody answered. `anew` writes the notice again for each repeat.
    """
    for pause in (*manners.repeats, None):
        status, body = await _send(client, url, notice, manners.method)
        heard(status)
        if manners.content(status, body) or pause is None:
            return
        await clock.reach(clock() + pause)
        notice = anew() if anew else notice


async def post(client: ClientSession, url: str, notice: Request) -> int:
    """POST once; answer the HTTP status, 0 when nobody answered."""
    return (await _send(client, url, notice, "POST"))[0]


async def _send(client: ClientSession, url: str, notice: Request, method: str) -> tuple[int, bytes]:
    query, headers, body = list(notice.query), list(notice.headers), notice.body or None
    knock = partial(client.request, timeout=PATIENCE, allow_redirects=False)
    try:
        async with knock(method, url, params=query, headers=headers, data=body) as answer:
            return answer.status, await answer.read()
    except (ClientError, TimeoutError, OSError):
        return UNREACHABLE, NOTHING
