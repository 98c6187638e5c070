"""Has Telegram bring updates to a web door, and sees to it that it goes on doing so.

At the end the webhook stays set: what people do meanwhile waits at Telegram, for a day, and comes with the next
start. Who polls instead removes it first (poller.py).
"""

import asyncio
import random
from collections.abc import Callable, Sequence

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError

from bot.channels.telegram.failures import said
from bot.channels.telegram.listener import Listener, Sleep
from sales.clock import Clock, utc_now
from sales.errors import Misconfigured

AT_ONCE = 20
"""Updates that Telegram may bring at the same time: they share commits, and none waits for another's."""

LOOK_AGAIN = 300.0
"""Seconds until we look whether the webhook is still ours: another program with this token may take it away."""

log = structlog.get_logger(__name__)


class WebhookKeeper(Listener):
    """Asks for the given kinds of updates; `failing` tells whether Telegram would not set the webhook lately."""

    def __init__(
        self,
        bot: Bot,
        kinds: Sequence[str],
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(bot, kinds, sleep, chance)
        self.failing = False
        # Telegram goes on telling of the last delivery that failed: one from before the start is no news.
        self._trouble = int(clock().timestamp())

    async def run(self, url: str, secret: str) -> None:
        """Set the webhook to `url`, guarded by `secret`, and keep it so until cancelled.

        Raises Misconfigured when Telegram refuses the token.
        """
        look = self._set
        while True:
            seconds = LOOK_AGAIN
            try:
                await look(url, secret)
            except TelegramUnauthorizedError:
                raise Misconfigured("telegram-token-refused") from None
            except TelegramAPIError as error:
                self.failing = True
                seconds = self._backoff.fail(error)
                log.error("telegram.webhook_not_set", reason=said(error), seconds=round(seconds, 1))
            else:
                self.failing, look = False, self._look
                self._backoff.succeed()
            await self._sleep(seconds)

    async def _set(self, url: str, secret: str) -> None:
        """Set it whatever is there already: which secret that has, Telegram does not tell."""
        await self._bot.set_webhook(url, secret_token=secret, allowed_updates=self._kinds, max_connections=AT_ONCE)
        log.info("telegram.webhook_set", url=url)

    async def _look(self, url: str, secret: str) -> None:
        info = await self._bot.get_webhook_info()
        if info.url != url:
            log.error("telegram.webhook_gone", hint="another program uses this token")
            await self._set(url, secret)
            return
        failed = int(info.last_error_date.timestamp()) if info.last_error_date else 0
        if failed > self._trouble:
            self._trouble = failed
            log.error("telegram.webhook_fails", reason=info.last_error_message, waiting=info.pending_update_count)
