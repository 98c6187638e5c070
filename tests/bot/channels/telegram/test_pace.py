import asyncio
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery, EditMessageText, GetMe, SendMessage, TelegramMethod

from bot.channels.telegram.pace import CHATS_REMEMBERED, Buckets, Pace
from bot.channels.telegram.poller import GetRawUpdates
from bot.channels.telegram.room import TelegramRoom
from flows.channel import Address
from flows.messages import Reply, Say
from tests.bot.channels.telegram.bot_api import BotApi


class FakeTime:
    """A clock that only sleepers move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


class Lab:
    """Runs calls one after the other through a Pace and notes when each went out, in seconds since the start."""

    def __init__(self) -> None:
        self.time = FakeTime()
        self.pace = Pace(self.time.clock, self.time.sleep)
        self.sent: list[float] = []

    async def call(self, method: TelegramMethod[Any]) -> None:
        async def make_request(*_: Any) -> Any:
            self.sent.append(round(self.time.now - 1000, 3))

        await self.pace(make_request, None, method)  # type: ignore[arg-type]


def to(chat: int | str) -> SendMessage:
    return SendMessage(chat_id=chat, text="x")


async def test_one_chat_gets_a_short_burst_and_then_one_a_second() -> None:
    lab = Lab()
    for _ in range(8):
        await lab.call(to(42))
    assert lab.sent == [0, 0, 0, 0, 0, 1, 2, 3]


async def test_a_chat_that_rests_may_burst_again() -> None:
    lab = Lab()
    for _ in range(6):
        await lab.call(to(42))
    lab.time.now += 10
    for _ in range(6):
        await lab.call(to(42))
    assert lab.sent[6:] == [11, 11, 11, 11, 11, 12]


async def test_a_chat_is_the_same_by_number_and_by_text_and_for_edits() -> None:
    lab = Lab()
    for _ in range(3):
        await lab.call(to(42))
        await lab.call(EditMessageText(chat_id="42", message_id=1, text="x"))
    assert lab.sent == [0, 0, 0, 0, 0, 1]


async def test_all_chats_together_get_thirty_a_second() -> None:
    lab = Lab()
    for chat in range(90):
        await lab.call(to(chat))
    assert lab.sent[29] == 0
    assert lab.sent[30] == pytest.approx(1 / 30, abs=0.001)
    assert lab.sent[-1] == pytest.approx(2.0, abs=0.001)


async def test_what_goes_into_no_chat_passes_at_once() -> None:
    lab = Lab()
    methods = [GetMe(), AnswerCallbackQuery(callback_query_id="p"), GetRawUpdates(timeout=25, allowed_updates=[])]
    for _ in range(50):
        for method in methods:
            await lab.call(method)
    assert set(lab.sent) == {0}


async def test_a_busy_chat_does_not_hold_up_the_others() -> None:
    gate, sent = asyncio.Event(), []

    async def wait(_: float) -> None:
        await gate.wait()

    async def make_request(_: Any, method: SendMessage) -> None:
        sent.append(method.chat_id)

    pace = Pace(lambda: 0.0, wait)
    busy = [asyncio.ensure_future(pace(make_request, None, to(1))) for _ in range(40)]  # type: ignore[arg-type]
    await asyncio.sleep(0)
    await pace(make_request, None, to(2))  # type: ignore[arg-type]
    assert sent == [1] * 5 + [2]
    gate.set()
    await asyncio.gather(*busy)
    assert len(sent) == 41


def test_only_chats_with_something_to_remember_are_remembered() -> None:
    buckets = Buckets(every=1.0, burst=5)
    for chat in range(10 * CHATS_REMEMBERED):
        buckets.take(str(chat), now=chat / 30)
    assert len(buckets) <= CHATS_REMEMBERED


def test_forgetting_forgives_nobody() -> None:
    buckets = Buckets(every=1.0, burst=5)
    for _ in range(5):
        buckets.take("busy", now=100.0)
    for chat in range(2 * CHATS_REMEMBERED):
        buckets.take(str(chat), now=0.0)
    assert buckets.take("busy", now=100.0) == 1.0


async def test_the_room_keeps_the_pace(room: TelegramRoom, api: BotApi) -> None:
    pace = next(middleware for middleware in room.bot.session.middleware if isinstance(middleware, Pace))
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    pace._sleep = sleep
    for _ in range(6):
        await room.channel.show(Address("42", "vi", "UTC"), Reply((Say("x"),)), "k")
    assert len(api.calls) == 6
    assert len(waits) == 1
