"""What the server says, over real HTTP, and what the shop makes of it."""

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.room import TelegramRoom, open_telegram
from flows.channel import Address
from flows.messages import Reply, Say
from sales.errors import Blocked, Later, NotConfigured, Rejected, ShopError
from tests.bot.channels.telegram.bot_api import Answer, BotApi, refusal
from tests.bot.channels.telegram.conftest import Ear, hang_up, render

HERE = Address("42", "vi", "UTC")
REPLY = Reply((Say("Chào"),))

TABLE = [
    (refusal(403, "Forbidden: bot was blocked by the user"), Blocked),
    (refusal(403, "Forbidden: user is deactivated"), Blocked),
    (refusal(403, "Forbidden: bot can't initiate conversation with a user"), Blocked),
    (refusal(400, "Bad Request: chat not found"), Blocked),
    (refusal(400, "Bad Request: PEER_ID_INVALID"), Blocked),
    (refusal(400, "Bad Request: can't parse entities: unsupported start tag"), Rejected),
    (refusal(400, "Bad Request: BUTTON_URL_INVALID"), Rejected),
    (refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100), Rejected),
    (refusal(413, "Request Entity Too Large"), Rejected),
    (refusal(429, "Too Many Requests: retry after 7", retry_after=7), Later),
    (refusal(429, "Too Many Requests"), Later),
    (refusal(401, "Unauthorized"), NotConfigured),
    (refusal(404, "Not Found"), NotConfigured),
    (refusal(409, "Conflict"), Later),
    (refusal(500, "Internal Server Error"), Later),
    (refusal(502, "Bad Gateway"), Later),
    (Answer(500, '{"ok": false}'), Later),
    (Answer(200, '{"ok": false, "description": "no"}'), Later),
    (Answer(502, "<html>Bad Gateway</html>"), Later),
    (Answer(200, '{"result": "no ok"}'), Later),
    (Answer(200, '{"ok": true, "result": {"message_id": "x"}}'), Later),
]


@pytest.mark.parametrize(("answer", "kind"), TABLE, ids=lambda value: getattr(value, "body", None))
async def test_each_refusal_says_what_to_do_next(
    room: TelegramRoom, api: BotApi, answer: Answer, kind: type[ShopError]
) -> None:
    api.script("sendMessage", answer)
    with pytest.raises(ShopError) as caught:
        await room.channel.show(HERE, REPLY, "k")
    assert type(caught.value) is kind


async def test_429_says_when(room: TelegramRoom, api: BotApi) -> None:
    api.script("sendMessage", refusal(429, "Too Many Requests: retry after 7", retry_after=7))
    with pytest.raises(Later) as caught:
        await room.channel.show(HERE, REPLY, "k")
    assert caught.value.seconds == 7


async def test_a_broken_connection_is_tried_again_later(ear: Ear) -> None:
    room = open_telegram("1:secret", "http://127.0.0.1:9", render, ear)
    with pytest.raises(Later):
        await room.channel.show(HERE, REPLY, "k")
    await hang_up(room.bot)


async def test_an_answer_in_no_encoding_is_tried_again_later(room: TelegramRoom, api: BotApi) -> None:
    async def read_garbage(*_: object, **__: object) -> None:
        b"\xff\xfe".decode("utf-8")

    room.bot.session.make_request = read_garbage  # type: ignore[method-assign, assignment]
    with pytest.raises(Later):
        await room.channel.show(HERE, REPLY, "k")


async def test_a_server_too_slow_is_tried_again_later(room: TelegramRoom, api: BotApi) -> None:
    room.bot.session.timeout = 0.05
    api.held.add("sendMessage")
    with pytest.raises(Later):
        await room.channel.show(HERE, REPLY, "k")


async def test_a_revoked_token_is_said_loudly(room: TelegramRoom, api: BotApi) -> None:
    api.script("sendMessage", refusal(401, "Unauthorized"))
    with capture_logs() as logs, pytest.raises(Later, match="Telegram refuses the token"):
        await room.channel.show(HERE, REPLY, "k")
    assert [entry["log_level"] for entry in logs] == ["error"]
