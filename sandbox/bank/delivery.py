"""Carries a notice to the shop's door and repeats it as a gateway does."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from aiohttp import ClientError, ClientSession, ClientTimeout

from gateways.gateway import Request
from sandbox.bank.manners import BY_STATUS, Manners
from sandbox.clock import MovableClock

PATIENCE = ClientTimeout(total=30)
"""Casso gives a door thirty seconds, SePay too."""
UNREACHABLE = 0
NOTHING = b""

Heard = Callable[[int, bytes], None]
"""Gets each answer's HTTP status, 0 when nobody answered, and its body."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Route:
    """To which address a gateway goes, by whose clock and in which manners; while it is `silent`, it stays away."""

    url: str
    clock: MovableClock
    manners: Manners = BY_STATUS
    silent: Callable[[], bool] = _never


async def deliver(
    client: ClientSession,
    route: Route,
    notice: Request,
    heard: Heard,
    anew: Callable[[], Request] | None = None,
) -> None:
    """Send until the door's answer is what the gateway wants, the repeats are used up, or the gateway is silent.

    `anew` writes the notice again for each repeat.
    """
    for pause in (*route.manners.repeats, None):
        if route.silent():
            return
        status, body = await _send(client, route.url, notice, route.manners.method)
        heard(status, body)
        if route.manners.content(status, body) or pause is None:
            return
        await route.clock.reach(route.clock() + pause)
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
