"""What Telegram asks before it takes money is answered at once, even while the store is stuck."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram import poller as polling
from bot.channels.telegram.poller import Poller
from bot.channels.telegram.precheckout import Decision, PreCheckout
from bot.channels.telegram.raw import RawUpdate
from bot.channels.telegram.room import TelegramRoom
from sales.errors import StoreBusy
from tests.bot.channels.telegram import acts
from tests.bot.channels.telegram.bot_api import BotApi, Call, refusal

ANSWER = "answerPreCheckoutQuery"


class Shop:
    """Decides as told, once `gate` is open; keeps updates once `room` is."""

    def __init__(self, refusal: str = "") -> None:
        self.refusal = refusal
        self.kept: list[str] = []
        self.failures: list[Exception] = []
        self.gate, self.space, self.stored = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.gate.set()
        self.space.set()

    async def decide(self, query: PreCheckout) -> Decision:
        await self.gate.wait()
        return Decision(query.id, self.refusal)

    async def keep(self, updates: list[RawUpdate]) -> None:
        await self.space.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.kept += [update.event for update in updates]
        self.stored.set()


async def no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)


async def run_until(room: TelegramRoom, shop: Shop, done: Awaitable[object]) -> None:
    poller = Poller(room.bot, room.feeder.kinds, sleep=no_sleep, chance=lambda: 1.0)
    task = asyncio.ensure_future(poller.run(shop.keep, shop.decide))
    try:
        await asyncio.wait_for(done, 5)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def told(call: Call) -> tuple[str, str, str | None]:
    return call.fields["pre_checkout_query_id"], call.fields["ok"], call.fields.get("error_message")


@pytest.mark.parametrize(("words", "ok"), [("", "true"), ("Đã trả rồi", "false")])
async def test_it_is_answered_and_not_kept(room: TelegramRoom, api: BotApi, words: str, ok: str) -> None:
    shop, asked, wrote = Shop(words), acts.asked_to_pay("KX2345678:12", 100), acts.wrote("x")
    api.put(asked, wrote)
    await run_until(room, shop, asyncio.gather(api.until(ANSWER), api.until("getUpdates", 2)))
    assert [told(call) for call in api.asked(ANSWER)] == [("query-9", ok, words or None)]
    assert shop.kept == [str(wrote.update_id)]
    assert int(api.asked("getUpdates")[-1].fields["offset"]) == wrote.update_id + 1


async def test_it_waits_for_no_store_that_is_stuck(
    room: TelegramRoom, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "PEEK", 0.01)
    shop, asked, wrote = Shop(), acts.asked_to_pay("KX2345678:12", 100, "first"), acts.wrote("x")
    shop.space.clear()
    api.put(asked, wrote)

    async def both() -> None:
        await api.until(ANSWER)
        api.put(acts.asked_to_pay("KX2345678:12", 100, "second"))
        await api.until(ANSWER, 2)
        await api.until("getUpdates", 6)

    await run_until(room, shop, both())
    assert [told(call)[0] for call in api.asked(ANSWER)] == ["first", "second"], "each once"
    assert shop.kept == []
    assert all("offset" not in call.fields for call in api.asked("getUpdates")), "nothing was confirmed"


async def test_a_store_that_is_busy_keeps_no_question_waiting(
    room: TelegramRoom, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "PEEK", 2.0)
    shop, wrote = Shop(), acts.wrote("x")
    shop.failures = [StoreBusy("locked", 30)]
    api.put(wrote)

    async def asks() -> None:
        await api.until("getUpdates", 2)  # the first look while the pause lasts
        api.put(acts.asked_to_pay("KX2345678:12", 100))
        await api.until(ANSWER)

    await run_until(room, shop, asks())
    waits = [int(call.fields["timeout"]) for call in api.asked("getUpdates")]
    assert (waits[0], waits[1]) == (polling.LONG_POLL, 0)


async def test_a_slow_decision_stops_nothing_else(room: TelegramRoom, api: BotApi) -> None:
    shop, asked = Shop(), acts.asked_to_pay("KX2345678:12", 100)
    first, second = acts.wrote("x"), acts.wrote("y")
    shop.gate.clear()
    api.put(asked, first)

    async def goes_on() -> None:
        await api.until("getUpdates", 2)
        api.put(second)
        await api.until("getUpdates", 3)

    await run_until(room, shop, goes_on())
    assert shop.kept == [str(first.update_id), str(second.update_id)]
    assert api.asked(ANSWER) == []


async def test_an_answer_that_comes_too_late_is_only_noted(room: TelegramRoom, api: BotApi) -> None:
    api.script(ANSWER, refusal(400, "Bad Request: query is too old and response timeout expired"))
    api.put(acts.asked_to_pay("KX2345678:12", 100))
    with capture_logs() as logs:
        await run_until(room, Shop(), asyncio.gather(api.until(ANSWER), api.until("getUpdates", 2)))
    assert "telegram.checkout_not_answered" in [entry["event"] for entry in logs]


async def test_looking_ahead_survives_a_failing_poll(
    room: TelegramRoom, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "PEEK", 0.01)
    shop = Shop()
    shop.space.clear()
    api.put(acts.wrote("x"))

    async def fails_once() -> None:
        await api.until("getUpdates")
        api.script("getUpdates", refusal(502, "Bad Gateway"))
        await api.until("getUpdates", 3)
        shop.space.set()
        await shop.stored.wait()

    await run_until(room, shop, fails_once())
