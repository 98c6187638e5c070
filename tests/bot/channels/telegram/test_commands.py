import json

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.room import TelegramRoom
from flows.channel import Address
from flows.messages import Say
from tests.bot.channels.telegram.bot_api import Answer, BotApi, refusal

MENUS = {"vi": {"start": "Mở cửa hàng", "myorders": "Đơn của tôi"}, "en": {"start": "Open the shop"}}


async def test_the_shop_s_language_is_everybody_s_default(room: TelegramRoom, api: BotApi) -> None:
    await room.set_commands(MENUS)
    default, english = api.asked("setMyCommands")
    assert "language_code" not in default.fields
    assert json.loads(default.fields["commands"]) == [
        {"command": "start", "description": "Mở cửa hàng"},
        {"command": "myorders", "description": "Đơn của tôi"},
    ]
    assert english.fields["language_code"] == "en"
    assert json.loads(english.fields["commands"]) == [{"command": "start", "description": "Open the shop"}]


@pytest.mark.parametrize("answer", [refusal(404, "Not Found"), refusal(401, "Unauthorized"), Answer(500, "no")])
async def test_a_menu_that_cannot_be_set_is_only_noted(room: TelegramRoom, api: BotApi, answer: Answer) -> None:
    api.script("setMyCommands", answer)
    with capture_logs() as logs:
        await room.set_commands(MENUS)
    assert [(entry["event"], entry["language"]) for entry in logs] == [("telegram.commands_not_set", "vi")]
    assert len(api.calls) == 2


async def test_one_chat_s_menu_is_set_in_its_own_scope_for_every_language(room: TelegramRoom, api: BotApi) -> None:
    await room.channel.offer(Address("42", "en", "UTC"), {"stats": Say("command-stats")})
    (call,) = api.calls
    assert call.method == "setMyCommands"
    assert json.loads(call.fields["scope"]) == {"type": "chat", "chat_id": 42}
    assert json.loads(call.fields["commands"]) == [{"command": "stats", "description": "en: command-stats"}]
    assert "language_code" not in call.fields


async def test_a_chat_without_a_menu_of_its_own_sees_everybody_s_again(room: TelegramRoom, api: BotApi) -> None:
    await room.channel.offer(Address("42", "vi", "UTC"), {})
    (call,) = api.calls
    assert call.method == "deleteMyCommands"
    assert json.loads(call.fields["scope"]) == {"type": "chat", "chat_id": 42}


async def test_a_chat_that_has_no_place_for_a_menu_does_without(room: TelegramRoom, api: BotApi) -> None:
    api.script("setMyCommands", refusal(400, "Bad Request: chat not found"))
    with capture_logs() as logs:
        await room.channel.offer(Address("42", "vi", "UTC"), {"stats": Say("command-stats")})
    assert [entry["event"] for entry in logs] == ["telegram.chat_commands_not_set"]
