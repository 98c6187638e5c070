"""Looking at the street, hearing of changes, moving the clock, switching faults, reading letters."""

import json
from datetime import timedelta

from aiohttp import web

from sales.errors import Tell
from sandbox.api.body import Body, number_in, posting, whole, yes
from sandbox.api.state import View, letter_state
from sandbox.clock import MovableClock
from sandbox.mailbox import Letter, Mailbox
from sandbox.news import News
from sandbox.payos.faults import ApiFaults
from sandbox.telegram.exchange import Exchange

LONGEST_MOVE = 400 * 24 * 3600
HEARTBEAT = 15.0
"""Seconds of silence after which a line is sent, so that a page that has gone is noticed."""
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


class Controls:
    """The page's hands on everything that is neither phone nor bank."""

    def __init__(
        self, view: View, clock: MovableClock, exchange: Exchange, mailbox: Mailbox, payos: ApiFaults, news: News
    ) -> None:
        self._view, self._clock, self._exchange = view, clock, exchange
        self._mailbox, self._payos, self._news = mailbox, payos, news

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /api."""
        return [
            web.get("/api/state", self._state, allow_head=False),
            web.get("/api/events", self._events, allow_head=False),
            posting("/api/clock", self._move),
            posting("/api/faults", self._switch),
            web.get("/api/mail/{letter}", self._letter),
            web.get("/api/mail/{letter}/html", self._html),
        ]

    async def _state(self, _: web.Request) -> web.Response:
        return web.json_response(self._view.state())

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Send the state now and after every change, as Server-Sent Events."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        try:
            while not self._news.closed:
                version = self._news.version
                await stream.write(f"data: {json.dumps(self._view.state())}\n\n".encode())
                while not await self._news.within(version, HEARTBEAT):
                    await stream.write(b": still here\n\n")
        except ConnectionError:
            pass
        return stream

    async def _move(self, _: web.Request, body: Body) -> Body:
        seconds = whole(body, "seconds")
        if not 0 < seconds <= LONGEST_MOVE:
            raise Tell("sandbox-error-clock")
        try:
            self._clock.move(timedelta(seconds=seconds))
        except OverflowError:
            raise Tell("sandbox-error-clock") from None
        self._news.tell()
        return {"now": self._clock().isoformat()}

    async def _switch(self, _: web.Request, body: Body) -> Body:
        """Switch the faults that are named, leave the others."""
        chat, payos = self._exchange.faults, self._payos
        chat.down = yes(body, "chat_down", chat.down)
        chat.limit_next = yes(body, "limit_next", chat.limit_next)
        chat.pay_twice = yes(body, "pay_twice", chat.pay_twice)
        payos.down = yes(body, "payos_down", payos.down)
        payos.limit_next = yes(body, "payos_limit_next", payos.limit_next)
        payos.slow = yes(body, "payos_slow", payos.slow)
        if "mail_down" in body:
            await (self._mailbox.stop() if yes(body, "mail_down") else self._mailbox.start())
        self._news.tell()
        return {}

    async def _letter(self, request: web.Request) -> web.Response:
        letter = self._find(request)
        return web.json_response(letter_state(letter) | {"text": letter.text})

    async def _html(self, request: web.Request) -> web.Response:
        """Serve a letter's HTML for a frame that runs no script and loads nothing."""
        own = {"Content-Security-Policy": LETTER_POLICY, "X-Frame-Options": "SAMEORIGIN"}
        return web.Response(text=self._find(request).html, content_type="text/html", charset="utf-8", headers=own)

    def _find(self, request: web.Request) -> Letter:
        letter = self._mailbox.letter(number_in(request, "letter"))
        if letter is None:
            raise web.HTTPNotFound
        return letter
