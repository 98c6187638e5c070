"""SePay's bound on how often its user API may be asked."""

from collections import deque
from datetime import datetime, timedelta

from aiohttp import web

from gateways.sepay_api import RETRY_AFTER
from sales.clock import Clock
from sandbox.trouble import Handler

CALLS, WITHIN = 2, timedelta(seconds=1)


class Limit:
    """Counts calls by the street's clock; those that are refused count for nothing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taken: deque[datetime] = deque(maxlen=CALLS)

    def around(self, act: Handler) -> Handler:
        """Answer by `act`, or 429 with the seconds to wait."""

        async def handle(request: web.Request) -> web.StreamResponse:
            now = self._clock()
            if len(self._taken) == CALLS and now - self._taken[0] < WITHIN:
                busy = {"status": 429, "error": "Too many requests"}
                return web.json_response(busy, status=429, headers={RETRY_AFTER: str(WITHIN.seconds)})
            self._taken.append(now)
            return await act(request)

        return handle
