import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.poller import Poller
from bot.channels.telegram.precheckout import Decision, PreCheckout
from bot.channels.telegram.raw import RawUpdate
from bot.channels.telegram.room import TelegramRoom
from sales.errors import Misconfigured, StoreBusy
from tests.bot.channels.telegram import acts
from tests.bot.channels.telegram.bot_api import Answer, BotApi, refusal

KINDS = ["callback_query", "message", "my_chat_member", "pre_checkout_query"]
OFFLINE = Answer(502, "<html>Bad Gateway</html>")


class Inbox:
    """Keeps what it is given and remembers each batch; fails as scripted, once per failure."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.events: list[str] = []
        self.bodies: list[str] = []
        self.kept = asyncio.Event()

    async def keep(self, updates: list[RawUpdate]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.events += [update.event for update in updates]
        self.bodies += [update.body for update in updates]
        self.kept.set()


class Waits:
    """Stands in for sleep: remembers how long, and lets others run; after `most` waits the test has failed."""

    def __init__(self, most: int = 50) -> None:
        self.seconds: list[float] = []
        self.most = most

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(round(seconds, 3))
        if len(self.seconds) > self.most:
            raise AssertionError("spins")
        await asyncio.sleep(0)


async def nothing_to_decide(query: PreCheckout) -> Decision:
    raise AssertionError(query.id)


def poller(room: TelegramRoom, waits: Waits, chance: float = 1.0) -> Poller:
    return Poller(room.bot, room.feeder.kinds, sleep=waits, chance=lambda: chance)


async def run_until(
    polling: Poller, keep: Callable[[list[RawUpdate]], Awaitable[None]], done: Awaitable[object]
) -> None:
    """Poll until `done`; what ends the polling earlier is raised here."""
    task, waiting = asyncio.ensure_future(polling.run(keep, nothing_to_decide)), asyncio.ensure_future(done)
    await asyncio.wait({task, waiting}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await asyncio.gather(waiting, return_exceptions=True)


def offsets(api: BotApi) -> list[int | None]:
    return [int(call.fields["offset"]) if "offset" in call.fields else None for call in api.asked("getUpdates")]


async def test_updates_are_kept_whole_before_the_next_are_asked_for(room: TelegramRoom, api: BotApi) -> None:
    first, second = acts.wrote("một"), acts.wrote("hai")
    api.put(first, second)
    inbox = Inbox()
    await run_until(poller(room, Waits()), inbox.keep, api.until("getUpdates", 2))
    assert inbox.events == [str(first.update_id), str(second.update_id)]
    assert [json.loads(body) for body in inbox.bodies] == [first.to_dict(), second.to_dict()]
    assert offsets(api) == [None, second.update_id + 1]


async def test_each_poll_says_which_kinds_and_how_long(room: TelegramRoom, api: BotApi) -> None:
    api.put(acts.wrote("x"))
    await run_until(poller(room, Waits()), Inbox().keep, api.until("getUpdates", 2))
    for call in api.asked("getUpdates"):
        assert json.loads(call.fields["allowed_updates"]) == KINDS
        assert 25 <= int(call.fields["timeout"]) <= 30


async def test_a_webhook_is_removed_first(room: TelegramRoom, api: BotApi) -> None:
    await run_until(poller(room, Waits()), Inbox().keep, api.until("getUpdates", 1))
    assert [call.method for call in api.calls] == ["deleteWebhook", "getUpdates"]
    assert api.calls[0].fields == {}  # what waits at Telegram is not dropped


@pytest.mark.parametrize("answer", [refusal(404, "Not Found"), Answer(500, "no such method"), OFFLINE])
async def test_a_server_without_webhooks_is_polled_all_the_same(
    room: TelegramRoom, api: BotApi, answer: Answer
) -> None:
    api.script("deleteWebhook", answer)
    with capture_logs() as logs:
        await run_until(poller(room, Waits()), Inbox().keep, api.until("getUpdates", 1))
    assert [entry["event"] for entry in logs] == ["telegram.webhook_not_removed"]


async def test_a_crash_before_keeping_loses_nothing(room: TelegramRoom, api: BotApi) -> None:
    update = acts.wrote("mất điện")
    api.put(update)
    with pytest.raises(ZeroDivisionError):
        await poller(room, Waits()).run(Inbox(ZeroDivisionError()).keep, nothing_to_decide)
    inbox = Inbox()
    await run_until(poller(room, Waits()), inbox.keep, inbox.kept.wait())
    assert inbox.events == [str(update.update_id)]
    assert offsets(api)[:2] == [None, None]  # nothing was confirmed before it was kept


async def test_a_busy_store_gets_the_same_updates_again(room: TelegramRoom, api: BotApi) -> None:
    update = acts.wrote("đợi")
    api.put(update)
    inbox, waits = Inbox(StoreBusy("locked"), StoreBusy("locked", 4)), Waits()
    await run_until(poller(room, waits), inbox.keep, api.until("getUpdates", 4))
    assert inbox.events == [str(update.update_id)]
    assert offsets(api) == [None, None, None, update.update_id + 1]
    assert waits.seconds == [1.0, 4.0]


async def test_one_unreadable_update_does_not_block_the_others(room: TelegramRoom, api: BotApi) -> None:
    good = acts.wrote("x")
    newer = {"update_id": good.update_id + 1, "telepathy": {"from": {"id": 5}, "thought": None}}
    broken = {"update_id": good.update_id + 2, "message": "not even an object"}
    api.put({"no": "id"}, good, newer, broken)
    inbox = Inbox()
    with capture_logs() as logs:
        await run_until(poller(room, Waits()), inbox.keep, inbox.kept.wait())
    assert inbox.events == [str(good.update_id + step) for step in range(3)]
    assert json.loads(inbox.bodies[1]) == newer
    assert [entry["event"] for entry in logs][:1] == ["telegram.updates_without_id"]


@pytest.mark.parametrize("body", ['{"ok": true, "result": []}', '{"ok": true}', '{"ok": true, "result": [{}]}'])
async def test_a_server_that_does_not_hold_the_poll_is_not_asked_without_a_breath(
    room: TelegramRoom, api: BotApi, body: str
) -> None:
    api.script("getUpdates", *[Answer(200, body)] * 3)
    waits = Waits()
    await run_until(poller(room, waits), Inbox().keep, api.until("getUpdates", 4))
    assert waits.seconds == [0.3] * 3


async def test_a_server_that_ignores_the_offset_is_not_asked_without_a_breath(room: TelegramRoom, api: BotApi) -> None:
    again = json.dumps({"ok": True, "result": [acts.wrote("x").to_dict()]})
    api.script("getUpdates", *[Answer(200, again)] * 3)
    waits = Waits()
    await run_until(poller(room, waits), Inbox().keep, api.until("getUpdates", 4))
    assert waits.seconds == [0.3] * 2


async def test_numbers_that_begin_anew_are_followed(room: TelegramRoom, api: BotApi) -> None:
    """After a week without updates Telegram goes on at a random number, which may be lower."""
    high, low = acts.wrote("x").to_dict(), acts.wrote("y").to_dict() | {"update_id": 5}
    api.script("getUpdates", *[Answer(200, json.dumps({"ok": True, "result": [data]})) for data in (high, low)])
    await run_until(poller(room, Waits()), Inbox().keep, api.until("getUpdates", 3))
    assert offsets(api) == [None, high["update_id"] + 1, 6]


async def test_failures_back_off_to_half_a_minute_and_success_forgets_them(room: TelegramRoom, api: BotApi) -> None:
    api.script("getUpdates", *[OFFLINE] * 7, Answer(200, '{"ok": true, "result": []}'), refusal(500, "Internal"))
    waits = Waits()
    await run_until(poller(room, waits), Inbox().keep, api.until("getUpdates", 10))
    assert waits.seconds == [1, 2, 4, 8, 16, 30, 30, 0.3, 1]


async def test_the_backoff_has_jitter(room: TelegramRoom, api: BotApi) -> None:
    api.script("getUpdates", OFFLINE, OFFLINE)
    waits = Waits()
    await run_until(poller(room, waits, chance=0.0), Inbox().keep, api.until("getUpdates", 3))
    assert waits.seconds == [0.5, 1.0]


async def test_429_is_obeyed(room: TelegramRoom, api: BotApi) -> None:
    api.script("getUpdates", refusal(429, "Too Many Requests: retry after 41", retry_after=41))
    waits = Waits()
    await run_until(poller(room, waits), Inbox().keep, api.until("getUpdates", 2))
    assert waits.seconds == [41]


async def test_another_poller_is_named_and_a_webhook_removed_again(room: TelegramRoom, api: BotApi) -> None:
    api.script("getUpdates", refusal(409, "Conflict: can't use getUpdates method while webhook is active"))
    waits = Waits()
    with capture_logs() as logs:
        await run_until(poller(room, waits), Inbox().keep, api.until("getUpdates", 2))
    assert [entry["event"] for entry in logs] == ["telegram.conflict"]
    assert len(api.asked("deleteWebhook")) == 2
    assert waits.seconds == [1.0]


async def test_a_wrong_address_is_said_and_tried_again(room: TelegramRoom, api: BotApi) -> None:
    api.script("getUpdates", refusal(404, "Not Found"))
    with capture_logs() as logs:
        await run_until(poller(room, Waits()), Inbox().keep, api.until("getUpdates", 2))
    assert "TELEGRAM_API_URL" in logs[0]["hint"]


@pytest.mark.parametrize("method", ["deleteWebhook", "getUpdates"])
async def test_a_refused_token_stops_the_poller(room: TelegramRoom, api: BotApi, method: str) -> None:
    api.script(method, refusal(401, "Unauthorized"))
    with pytest.raises(Misconfigured, match="telegram-token-refused"):
        await poller(room, Waits()).run(Inbox().keep, nothing_to_decide)


@pytest.mark.parametrize("method", ["getUpdates", "deleteWebhook"], ids=["in a poll", "at the start"])
async def test_shutdown_is_quick(room: TelegramRoom, api: BotApi, method: str) -> None:
    api.held.add(method)
    task = asyncio.ensure_future(poller(room, Waits()).run(Inbox().keep, nothing_to_decide))
    await api.until(method)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=1)
    assert done
    assert task.cancelled()
