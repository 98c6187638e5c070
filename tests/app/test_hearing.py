"""The Telegram mouth in webhook mode: what it asks of Telegram, and what it tells of itself."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from app.mouths import TelegramMouth
from app.settings import Settings
from app.setup import Setup, real_setup
from app.webhook import Webhook
from locales import Texts
from tests.bot.channels.telegram.bot_api import TOKEN, Answer, BotApi, refusal


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    api = BotApi()
    await api.open()
    yield api
    await api.close()


def mouth(setup: Setup, api: BotApi) -> TelegramMouth:
    wanted = replace(setup, telegram_token=TOKEN, telegram_url=api.url)
    inbox = SimpleNamespace(hear=None, feeds={}, keep=None)
    return TelegramMouth(wanted, Texts(), inbox, SimpleNamespace(decide=None))  # type: ignore[arg-type]


@pytest.fixture
def setup() -> Setup:
    return replace(real_setup(Settings()), webhook=Webhook("https://shop.example/telegram/main", "a_Secret-1"))


async def listening(mouth: TelegramMouth, states: list[bool], most: int) -> None:
    """Listen through so many waits, noting at each whether it hears."""

    async def wait(_seconds: float) -> None:
        states.append(mouth.hears)
        if len(states) >= most:
            raise asyncio.CancelledError

    mouth.room.webhook._sleep = wait
    mouth.pause = 0
    with pytest.raises(asyncio.CancelledError):
        await mouth.listen()
    await mouth.room.close()


async def test_it_has_updates_brought_and_fetches_none(setup: Setup, api: BotApi) -> None:
    states: list[bool] = []
    await listening(mouth(setup, api), states, 1)
    assert states == [True]
    [call] = api.asked("setWebhook")
    assert (call.fields["url"], call.fields["secret_token"]) == ("https://shop.example/telegram/main", "a_Secret-1")
    assert api.asked("getUpdates") == api.asked("deleteWebhook") == []


async def test_a_webhook_that_is_not_set_shows(setup: Setup, api: BotApi) -> None:
    api.script("setWebhook", Answer(502, "Bad Gateway"), refusal(400, "Bad Request: bad webhook"))
    states: list[bool] = []
    await listening(mouth(setup, api), states, 3)
    assert states == [False, False, True]


async def test_a_refused_token_is_tried_again(setup: Setup, api: BotApi) -> None:
    api.script("setWebhook", refusal(401, "Unauthorized"))
    states: list[bool] = []
    await listening(mouth(setup, api), states, 1)
    assert (states, len(api.asked("setWebhook"))) == ([True], 2)


async def test_without_a_webhook_it_fetches_and_removes_one_first(setup: Setup, api: BotApi) -> None:
    fetching = mouth(replace(setup, webhook=None), api)
    listens = asyncio.create_task(fetching.listen())
    await api.until("getUpdates")
    listens.cancel()
    await asyncio.gather(listens, return_exceptions=True)
    await fetching.room.close()
    assert fetching.hears
    assert api.asked("setWebhook") == []
    assert [call.method for call in api.calls if "Commands" not in call.method] == ["deleteWebhook", "getUpdates"]
