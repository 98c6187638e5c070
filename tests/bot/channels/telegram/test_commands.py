import json

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.room import TelegramRoom
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
