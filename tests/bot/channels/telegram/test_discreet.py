"""The token is in every address; nothing that can be read later may hold it."""

import asyncio
import logging
import traceback
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from structlog.testing import capture_logs
from yarl import URL

from bot.channels.telegram.poller import Poller
from bot.channels.telegram.room import TelegramRoom
from flows.channel import Address
from flows.messages import Reply, Say
from sales.errors import ShopError
from tests.bot.channels.telegram.bot_api import SECRET, TOKEN, Answer, BotApi, refusal

ADDRESS = f"https://api.telegram.org/bot{TOKEN}/sendMessage"
KEY = ConnectionKey("api.telegram.org", 443, True, True, None, None, None)
TALKATIVE = [
    aiohttp.InvalidURL(ADDRESS),
    aiohttp.ClientError(f"cannot reach {ADDRESS}"),
    aiohttp.ClientConnectorError(KEY, OSError(f"cannot reach {ADDRESS}")),
    aiohttp.TooManyRedirects(aiohttp.RequestInfo(URL(ADDRESS), "POST", {}, URL(ADDRESS)), ()),  # type: ignore[arg-type]
    OSError(f"cannot reach {ADDRESS}"),
]
PAGES = [
    Answer(502, f"<html>upstream {ADDRESS} is down</html>"),
    Answer(200, f'{{"page": "{ADDRESS}"}}'),
    refusal(400, f"Bad Request: {ADDRESS} is wrong"),
    refusal(403, f"Forbidden: {TOKEN}"),
    refusal(401, f"Unauthorized: {TOKEN}"),
    refusal(429, f"slower, {TOKEN}", retry_after=1),
    refusal(409, f"Conflict: {SECRET}"),
]


def break_connections(room: TelegramRoom, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Make every request of the session's HTTP client fail with `error`."""

    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(aiohttp.ClientSession, "post", fail)


async def provoke(room: TelegramRoom) -> str:
    """Everything a failing `show` and a failing poll leave behind: errors, traces, logs."""

    async def stop(_: float) -> None:
        raise asyncio.CancelledError

    with capture_logs() as logs:
        with pytest.raises(ShopError) as caught:
            await room.channel.show(Address("42", "vi", "UTC"), Reply((Say("x"),)), "k")
        with pytest.raises((ShopError, asyncio.CancelledError)) as stopped:
            await Poller(room.bot, ["message"], sleep=stop).run(_keep, _keep)
    traces = ["".join(traceback.format_exception(error.value)) for error in (caught, stopped)]
    return "".join([str(logs), repr(caught.value), *traces])


async def _keep(_: object) -> None:
    raise AssertionError("nothing to keep")


@pytest.mark.parametrize("error", TALKATIVE, ids=lambda error: type(error).__name__)
async def test_a_connection_that_fails_does_not_tell(
    room: TelegramRoom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    break_connections(room, monkeypatch, error)
    with caplog.at_level(logging.DEBUG):
        left = await provoke(room)
    assert SECRET not in left + caplog.text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.status} {page.body[:12]}")
async def test_an_answer_that_repeats_the_token_does_not_tell(
    room: TelegramRoom, api: BotApi, caplog: pytest.LogCaptureFixture, page: Answer
) -> None:
    for method in ("sendMessage", "deleteWebhook", "getUpdates"):
        api.script(method, page)
    with caplog.at_level(logging.DEBUG):
        left = await provoke(room)
    assert SECRET not in left + caplog.text


async def test_an_endless_description_is_cut(room: TelegramRoom, api: BotApi) -> None:
    api.script("sendMessage", refusal(400, "x" * 100_000))
    with pytest.raises(ShopError) as caught:
        await room.channel.show(Address("42", "vi", "UTC"), Reply((Say("x"),)), "k")
    assert len(str(caught.value)) < 400


def test_the_room_does_not_print_it(room: TelegramRoom) -> None:
    assert SECRET not in repr(room)
