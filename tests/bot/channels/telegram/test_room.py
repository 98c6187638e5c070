import subprocess
import sys

import pytest

from bot.channels.telegram.room import TelegramRoom, open_telegram
from flows.channel import Address, Channel
from flows.messages import Reply, Say
from sales.errors import Misconfigured
from tests.bot.channels.telegram import acts
from tests.bot.channels.telegram.bot_api import TOKEN, BotApi
from tests.bot.channels.telegram.conftest import Ear, render


@pytest.mark.parametrize("token", ["", "secret", "bot:secret", "1:", "1:sec ret"])
def test_what_is_no_token_does_not_open_the_room(token: str, ear: Ear) -> None:
    with pytest.raises(Misconfigured, match="telegram-token-malformed") as caught:
        open_telegram(token, "https://api.telegram.org", render, ear)
    assert "sec" not in str(caught.value)


async def test_opening_calls_nobody(room: TelegramRoom, api: BotApi) -> None:
    assert api.calls == []


async def test_the_mouth_is_a_channel_called_telegram(room: TelegramRoom) -> None:
    channel: Channel = room.channel
    assert channel.name == "telegram"


async def test_closing_ends_the_connections(api: BotApi, ear: Ear) -> None:
    room = open_telegram(TOKEN, api.url + "/", render, ear)
    await room.channel.show(Address("42", "vi", "UTC"), Reply((Say("x"),)), "k")
    session = room.bot.session._session
    await room.close()
    assert session.closed


async def test_what_is_polled_can_be_fed(room: TelegramRoom, api: BotApi, ear: Ear) -> None:
    api.put(acts.wrote("/start SALE"), acts.pressed("t|plan:3"))

    class Enough(Exception):
        pass

    async def keep(updates: list[object]) -> None:
        for update in updates:
            await room.feeder.feed(update.body)
        raise Enough

    with pytest.raises(Enough):
        await room.poller.run(keep, keep)
    assert [(heard.text, heard.token) for heard in ear.heard] == [("/start SALE", ""), ("", "plan:3")]


def test_nothing_around_the_room_pays_for_aiogram() -> None:
    light = "bot.channels.telegram.precheckout, bot.channels.telegram.raw, flows.channel, flows.messages"
    code = f"import sys, {light}; sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
