"""Brings updates to the bot's own web door, as the platform does for a bot that has set a webhook."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout
from telegram import Update, WebhookInfo

from sandbox.clock import MovableClock
from sandbox.news import News
from sandbox.telegram.errors import bad_request
from sandbox.telegram.params import Params
from sandbox.telegram.queue import UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
MOST_CONNECTIONS, CONNECTIONS = 100, 40
OWN_NAMES = ("127.0.0.1", "localhost", "::1")
PATIENCE = ClientTimeout(total=60)
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 16, 32, 60))
"""Waits between repeats, in the street's time; the last one goes on. The platform's own are not published."""


@dataclass(frozen=True, slots=True)
class Hook:
    """What setWebhook was told."""

    url: str
    secret: str = field(repr=False)
    connections: int


def read_hook(params: Params) -> Hook:
    """Read the parameters of setWebhook; raises 400, also for any address that is not on this machine."""
    try:
        parts = urlsplit(params.text("url"))
        here = parts.scheme in ("http", "https") and parts.hostname in OWN_NAMES and parts.port != 0
    except ValueError:
        here = False
    if not here:
        raise bad_request("bad webhook: the sandbox delivers to this machine only")
    if not SECRET.fullmatch(params.text("secret_token")):
        raise bad_request("secret token contains unallowed characters")
    connections = min(max(params.whole("max_connections", CONNECTIONS), 1), MOST_CONNECTIONS)
    return Hook(params.text("url"), params.text("secret_token"), connections)


CarryOut = Callable[[dict[str, Any]], Awaitable[None]]
"""Carries out a call of the Bot API that an answer holds ("Making requests when getting updates")."""


class Postman:
    """Brings one update after the other while there is a hook, each until it is answered with 2xx.

    `news` hears of every try. `carry_out` does what an answer asks for.

    The platform brings up to `max_connections` at once; one by one is among the orders it may choose.
    """

    def __init__(self, queue: UpdateQueue, clock: MovableClock, news: News) -> None:
        self.hook: Hook | None = None
        self.carry_out: CarryOut | None = None
        self._queue, self._clock, self._news = queue, clock, news
        self._trouble: tuple[datetime, str] | None = None
        self._round: asyncio.Task[None] | None = None

    async def serve(self, hook: Hook | None) -> None:
        """Bring updates there from now on; None leaves them to getUpdates."""
        before = self._round
        self.hook, self._trouble = hook, None
        self._round = asyncio.create_task(self._bring_all(hook)) if hook else None
        if before is not None:
            before.cancel()
            await asyncio.gather(before, return_exceptions=True)

    def info(self) -> WebhookInfo:
        """Say what getWebhookInfo says; the secret is not among it."""
        at, words = self._trouble or (None, None)
        return WebhookInfo(
            self.hook.url if self.hook else "",
            has_custom_certificate=False,
            pending_update_count=len(self._queue),
            last_error_date=at,
            last_error_message=words,
            max_connections=self.hook.connections if self.hook else None,
            allowed_updates=self._queue.allowed or None,
        )

    async def _bring_all(self, hook: Hook) -> None:
        failures = 0
        async with ClientSession() as client:
            while update := await self._queue.first():
                trouble = await self._bring(client, hook, update)
                if trouble is None:
                    failures = 0
                    self._queue.take(update.update_id)
                    self._news.tell()
                    continue
                self._trouble = (self._clock(), trouble)
                again = self._clock() + PAUSES[min(failures, len(PAUSES) - 1)]
                failures += 1
                self._news.tell()
                await self._clock.reach(again)

    async def _bring(self, client: ClientSession, hook: Hook, update: Update) -> str | None:
        """POST one update; answers what went wrong in the platform's words, None when nothing did."""
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            send = client.post(
                hook.url, json=update.to_dict(), headers=headers, timeout=PATIENCE, allow_redirects=False
            )
            async with send as answer:
                body = await answer.read()
                if not 200 <= answer.status < 300:
                    return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            return "Read timeout expired"
        except (ClientError, OSError):
            return "Connection refused"
        if (call := _call(body)) and self.carry_out:
            await self.carry_out(call)
        return None


def _call(body: bytes) -> dict[str, Any] | None:
    """The call that an answer holds; None for an answer that is only one."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and isinstance(said.get("method"), str) else None
