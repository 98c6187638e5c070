"""Updates of a Bot API newer than our aiogram."""

import json
from typing import Any

import pytest

from bot.channels.telegram.reading import read_update
from bot.channels.telegram.room import TelegramRoom
from sales.errors import Malformed
from tests.bot.channels.telegram import acts


def newer(**fields: Any) -> str:
    data = acts.wrote("Xin chào").to_dict()
    data["message"] |= fields
    return json.dumps(data)


@pytest.mark.parametrize(
    "fields",
    [
        {"mood": {"colour": "blue"}},
        {"forward_origin": {"type": "dream", "date": 1, "dreamer": {}}},
        {"entities": [{"type": "hologram", "offset": "far", "length": None}]},
        {"forward_origin": 5, "entities": "none", "photo": {}, "reply_markup": []},
    ],
    ids=["new field", "new type", "new shape", "many"],
)
async def test_parts_that_cannot_be_read_do_not_lose_the_message(room: TelegramRoom, fields: dict[str, Any]) -> None:
    update = read_update(newer(**fields), room.bot)
    assert update.message
    assert update.message.text == "Xin chào"
    assert update.message.chat.id == 42


async def test_a_press_survives_a_message_partly_unreadable(room: TelegramRoom) -> None:
    data = acts.pressed("t|plan:3").to_dict()
    data["callback_query"]["message"]["forward_origin"] = {"type": "dream"}
    update = read_update(json.dumps(data), room.bot)
    assert update.callback_query
    assert update.callback_query.message
    assert update.callback_query.message.chat.id == 42


@pytest.mark.parametrize("fields", [{"chat": "here"}, {"date": "today"}, {"message_id": None}])
async def test_a_message_without_its_bones_is_malformed(room: TelegramRoom, fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read_update(newer(**fields), room.bot)


async def test_what_is_wrong_is_not_repeated_in_the_error(room: TelegramRoom) -> None:
    with pytest.raises(Malformed) as caught:
        read_update(newer(chat="a private thing"), room.bot)
    assert "private thing" not in str(caught.value)


async def test_repairs_come_to_an_end(room: TelegramRoom) -> None:
    wrong = ("entities", "photo", "caption_entities", "reply_markup", "forward_origin", "sticker", "video", "audio")
    wrong += ("voice", "document", "animation", "contact", "location", "venue")
    with pytest.raises(Malformed):
        read_update(newer(**dict.fromkeys(wrong, 5)), room.bot)
