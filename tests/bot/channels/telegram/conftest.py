import ssl
from collections.abc import AsyncIterator
from functools import cache

import pytest
from aiogram import Bot

from bot.channels.telegram.room import TelegramRoom, open_telegram
from flows.channel import Address
from flows.messages import Incoming, Say
from tests.bot.channels.telegram.bot_api import TOKEN, BotApi

# aiogram reads all certificates for each session; plain HTTP to loopback needs them not even once.
read_certificates_once = cache(ssl.create_default_context)


class Ear:
    """Hears everything; raises `failure` first when there is one."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.failure: Exception | None = None

    async def __call__(self, incoming: Incoming) -> None:
        if self.failure:
            raise self.failure
        self.heard.append(incoming)


def render(address: Address, say: Say) -> str:
    """Sentences are their own ids here; the language shows when it is not Vietnamese."""
    return say.id if address.language == "vi" else f"{address.language}: {say.id}"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    api = BotApi()
    await api.open()
    yield api
    await api.close()


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
async def room(api: BotApi, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramRoom]:
    monkeypatch.setattr(ssl, "create_default_context", read_certificates_once)
    room = open_telegram(TOKEN, api.url, render, ear)
    yield room
    await hang_up(room.bot)


async def hang_up(bot: Bot) -> None:
    """Close without the quarter of a second aiogram gives to TLS."""
    session = bot.session._session
    if session is not None:
        await session.close()
