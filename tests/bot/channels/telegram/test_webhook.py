import asyncio
import json
from collections.abc import Awaitable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.room import TelegramRoom
from bot.channels.telegram.webhook import LOOK_AGAIN, WebhookKeeper
from sales.errors import Misconfigured
from tests.bot.channels.telegram.bot_api import Answer, BotApi, refusal
from tests.bot.channels.telegram.test_poller import OFFLINE, Waits
from tests.clock import FrozenClock

START = datetime.fromtimestamp(1_790_000_000, UTC)
URL, SECRET = "https://shop.example/telegram/main", "a_Secret-1"


def keeper(room: TelegramRoom, waits: Waits) -> WebhookKeeper:
    return WebhookKeeper(room.bot, room.feeder.kinds, sleep=waits, chance=lambda: 1.0, clock=FrozenClock(START))


async def run_until(keeping: WebhookKeeper, done: Awaitable[object]) -> None:
    task, waiting = asyncio.ensure_future(keeping.run(URL, SECRET)), asyncio.ensure_future(done)
    await asyncio.wait({task, waiting}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await asyncio.gather(waiting, return_exceptions=True)


def info(url: str = URL, **more: object) -> Answer:
    result = {"url": url, "has_custom_certificate": False, "pending_update_count": 3} | more
    return Answer(200, json.dumps({"ok": True, "result": result}))


async def test_it_is_set_with_secret_and_kinds_and_then_only_looked_at(room: TelegramRoom, api: BotApi) -> None:
    api.script("getWebhookInfo", *[info()] * 5)
    waits = Waits()
    await run_until(keeper(room, waits), api.until("getWebhookInfo", 3))
    [call] = api.asked("setWebhook")
    assert (call.fields["url"], call.fields["secret_token"]) == (URL, SECRET)
    kinds = ["callback_query", "message", "my_chat_member", "pre_checkout_query"]
    assert json.loads(call.fields["allowed_updates"]) == kinds
    assert 1 <= int(call.fields["max_connections"]) <= 100
    assert call.fields.get("drop_pending_updates") in (None, "false")
    assert waits.seconds[0] == LOOK_AGAIN
    assert api.asked("deleteWebhook") == []


async def test_a_failure_is_told_and_tried_again(room: TelegramRoom, api: BotApi) -> None:
    api.script("setWebhook", OFFLINE, refusal(400, "Bad Request: bad webhook: Failed to resolve host"))
    api.script("getWebhookInfo", *[info()] * 5)
    waits, states = Waits(), []
    keeping = keeper(room, waits)

    async def noting(seconds: float) -> None:
        states.append(keeping.failing)
        await waits(seconds)

    keeping._sleep = noting
    assert not keeping.failing
    with capture_logs() as logs:
        await run_until(keeping, api.until("getWebhookInfo"))
    assert (states[:3], waits.seconds[:3]) == ([True, True, False], [1.0, 2.0, LOOK_AGAIN])
    assert [log["event"] for log in logs[:3]] == ["telegram.webhook_not_set"] * 2 + ["telegram.webhook_set"]
    assert "Failed to resolve host" in logs[1]["reason"]
    assert SECRET not in repr(logs)


async def test_429_is_obeyed(room: TelegramRoom, api: BotApi) -> None:
    api.script("setWebhook", refusal(429, "Too Many Requests: retry after 41", retry_after=41))
    waits = Waits()
    await run_until(keeper(room, waits), api.until("setWebhook", 2))
    assert waits.seconds[0] == 41


async def test_one_that_was_taken_away_is_set_again(room: TelegramRoom, api: BotApi) -> None:
    api.script("getWebhookInfo", info(), info(url=""), *[info()] * 5)
    with capture_logs() as logs:
        await run_until(keeper(room, Waits()), api.until("getWebhookInfo", 3))
    assert len(api.asked("setWebhook")) == 2
    assert [log["event"] for log in logs] == ["telegram.webhook_set", "telegram.webhook_gone", "telegram.webhook_set"]


async def test_what_telegram_cannot_deliver_is_told_once(room: TelegramRoom, api: BotApi) -> None:
    wrong = {"last_error_date": 1_790_000_001, "last_error_message": "SSL error"}
    again = wrong | {"last_error_date": 1_790_000_500}
    api.script("getWebhookInfo", info(**wrong), info(**wrong), info(**again), *[info(**again)] * 5)
    with capture_logs() as logs:
        await run_until(keeper(room, Waits()), api.until("getWebhookInfo", 5))
    told = [log for log in logs if log["event"] == "telegram.webhook_fails"]
    assert [(log["reason"], log["waiting"]) for log in told] == [("SSL error", 3)] * 2


async def test_what_failed_before_the_start_is_no_news(room: TelegramRoom, api: BotApi) -> None:
    """Telegram goes on telling of the last failure, though all has been well since."""
    old = {"last_error_date": 1_790_000_000 - 7200, "last_error_message": "Connection refused"}
    api.script("getWebhookInfo", *[info(**old)] * 5)
    with capture_logs() as logs:
        await run_until(keeper(room, Waits()), api.until("getWebhookInfo", 3))
    assert [log["event"] for log in logs] == ["telegram.webhook_set"]


async def test_a_look_that_fails_counts_as_failing_until_the_next(room: TelegramRoom, api: BotApi) -> None:
    api.script("getWebhookInfo", OFFLINE, *[info()] * 5)
    waits = Waits()
    keeping = keeper(room, waits)
    await run_until(keeping, api.until("getWebhookInfo", 3))
    assert waits.seconds[:3] == [LOOK_AGAIN, 1.0, LOOK_AGAIN]
    assert not keeping.failing


@pytest.mark.parametrize("method", ["setWebhook", "getWebhookInfo"])
async def test_a_refused_token_ends_it(room: TelegramRoom, api: BotApi, method: str) -> None:
    api.script(method, refusal(401, "Unauthorized"))
    with pytest.raises(Misconfigured, match="telegram-token-refused"):
        await keeper(room, Waits()).run(URL, SECRET)


async def test_it_stays_set_when_the_shop_closes(room: TelegramRoom, api: BotApi) -> None:
    api.held.add("getWebhookInfo")
    await run_until(keeper(room, Waits()), api.until("getWebhookInfo"))
    assert [call.method for call in api.calls] == ["setWebhook", "getWebhookInfo"]
