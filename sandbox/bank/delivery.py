"""Carries a notice to the shop's door and repeats it as a gateway does."""

from collections.abc import Callable
from datetime import timedelta

from aiohttp import ClientError, ClientSession, ClientTimeout

from gateways.gateway import Request
from sandbox.clock import MovableClock

PATIENCE = ClientTimeout(total=30)
"""Casso gives a door thirty seconds."""
REPEATS = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 3, 5, 8, 13, 21, 34))
"""Casso's spacing is Fibonacci's over a day; here in seconds of the street's clock, so that one can watch."""
UNREACHABLE = 0


async def deliver(
    client: ClientSession, url: str, notice: Request, clock: MovableClock, heard: Callable[[int], None]
) -> None:
    """POST until the door answers below 500 or the repeats are used up.

    `heard` gets each answer's HTTP status, 0 when nobody answered.
    """
    for pause in (*REPEATS, None):
        status = await post(client, url, notice)
        heard(status)
        if pause is None or 0 < status < 500:
            return
        await clock.reach(clock() + pause)


async def post(client: ClientSession, url: str, notice: Request) -> int:
    """POST once; answer the HTTP status, 0 when nobody answered."""
    query, headers = list(notice.query), list(notice.headers)
    send = client.post(url, params=query, headers=headers, data=notice.body, timeout=PATIENCE, allow_redirects=False)
    try:
        async with send as answer:
            await answer.read()
            return answer.status
    except (ClientError, TimeoutError, OSError):
        return UNREACHABLE
