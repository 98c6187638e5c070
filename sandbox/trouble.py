"""What goes wrong on demand with the APIs that the street plays, one trouble for each of them at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum

from aiohttp import web

from sandbox.news import News
from sandbox.silence import SOURCES

APIS = (*SOURCES, "bakong")
"""All that can be asked, by the names of their gateways; Bakong sends no notices."""
HANG = 90.0
"""Seconds after which even an API that hangs gives up."""
RETRY_AFTER = 20
"""Seconds that a busy API asks to be left alone."""
PAGE = "<!doctype html><html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Trouble(StrEnum):
    """DOWN: 503. BUSY: 429. HTML: a page with 200. HANG: no answer. WRONG: a true-looking answer that is not true."""

    NONE = "none"
    DOWN = "down"
    BUSY = "busy"
    HTML = "html"
    HANG = "hang"
    WRONG = "wrong"


class Troubles:
    """Which API has which trouble."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._now = dict.fromkeys(APIS, Trouble.NONE)

    def of(self, name: str) -> Trouble:
        """What is wrong with that API now."""
        return self._now[name]

    def switch(self, name: str, trouble: Trouble) -> None:
        """Give an API a trouble, or take it away; raises KeyError for one the street does not know."""
        if name not in self._now:
            raise KeyError(name)
        self._now[name] = trouble

    def state(self) -> dict[str, str]:
        """Say of every API what is wrong with it."""
        return {name: trouble.value for name, trouble in self._now.items()}

    def around(self, name: str, act: Handler, lie: Handler, retry_after: str = "Retry-After") -> Handler:
        """Answer by `act` while all is well, by `lie` while it is WRONG; `retry_after` is the header of a busy API."""

        async def handle(request: web.Request) -> web.StreamResponse:
            match self.of(name):
                case Trouble.DOWN:
                    return web.json_response({"error": 503}, status=503)
                case Trouble.BUSY:
                    return web.json_response({"error": 429}, status=429, headers={retry_after: str(RETRY_AFTER)})
                case Trouble.HTML:
                    return web.Response(text=PAGE, content_type="text/html")
                case Trouble.HANG:
                    await self._hang(name)
                    return web.json_response({"error": 504}, status=504)
                case Trouble.WRONG:
                    return await lie(request)
            return await act(request)

        return handle

    async def _hang(self, name: str) -> None:
        """Hold an answer back for as long as the API hangs, and not beyond the end of the street."""
        try:
            async with asyncio.timeout(HANG):
                while self.of(name) is Trouble.HANG and not self._news.closed:
                    await self._news.after(self._news.version)
        except TimeoutError:
            return
