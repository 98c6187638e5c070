"""What is refused, in the platform's own words."""

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.house import House
from tests.sandbox.pictures import blank


async def description(house: House, method: str, **params: Any) -> str:
    body = await house.call(method, **params)
    assert (body["ok"], body["error_code"]) == (False, 400), body
    return str(body["description"]).removeprefix("Bad Request: ")


async def test_unknown_method_and_wrong_verb(house: House) -> None:
    assert (await house.call("sendDance"))["error_code"] == 404
    async with house.session.put(f"/sandbox/telegram/bot{house.street.token}/getMe") as answer:
        assert answer.status == 405


async def test_method_names_do_not_depend_on_case_and_get_works(house: House) -> None:
    async with house.session.get(
        f"/sandbox/telegram/bot{house.street.token}/sendmessage", params={"chat_id": 500000001, "text": "x"}
    ) as answer:
        assert (await answer.json())["result"]["text"] == "x"


@pytest.mark.parametrize("token", ["1:x", "7000000001:é", "7000000001:" + "x" * 35])
async def test_a_wrong_token_is_401_for_calls_and_files(house: House, token: str) -> None:
    for path in (f"bot{token}/getMe", f"file/bot{token}/photos/file_1.jpg"):
        async with house.session.get(f"/sandbox/telegram/{path}") as answer:
            assert (answer.status, await answer.json()) == (
                401,
                {"ok": False, "error_code": 401, "description": "Unauthorized"},
            )


async def test_a_file_that_does_not_exist_is_404(house: House) -> None:
    async with house.session.get(f"/sandbox/telegram/file/bot{house.street.token}/photos/../../x") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": 1, "text": "x"}, "chat not found"),
        ({"chat_id": "@somebody", "text": "x"}, "chat not found"),
        ({"chat_id": 500000001}, "message text is empty"),
        ({"chat_id": 500000001, "text": " \n "}, "message text is empty"),
        ({"chat_id": 500000001, "text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"chat_id": 500000001, "text": "x" * 4097}, "message is too long"),
        ({"chat_id": 500000001, "text": "*x*", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
        ({"chat_id": 500000001, "text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
        ({"chat_id": 500000001, "text": "x", "entities": [1]}, "can't parse entities"),
        ({"chat_id": 500000001, "text": "x", "reply_markup": "{"}, "can't parse JSON object"),
        ({"chat_id": 500000001, "text": "x", "reply_markup": "[" * 100_000}, "can't parse JSON object"),
    ],
)
async def test_messages_that_cannot_be_sent(house: House, params: dict[str, Any], words: str) -> None:
    assert (await description(house, "sendMessage", **params)).startswith(words)
    assert (await house.buyer())["messages"] == []


async def test_exactly_the_longest_text_is_taken(house: House) -> None:
    assert len((await house.sent("đ" * 4096))["text"]) == 4096
    body = await house.call("sendMessage", chat_id=500000001, text="<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    assert body["ok"]


async def test_a_body_that_is_no_object(house: House) -> None:
    for body in ("[]", "nonsense", "[" * 100_000, '{"text": NaN'):
        async with house.session.post(f"/sandbox/telegram/bot{house.street.token}/sendMessage", data=body) as answer:
            assert answer.status == 400


async def test_edits_that_cannot_be(house: House) -> None:
    message = await house.sent("one", reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]})
    place = {"chat_id": 500000001, "message_id": message["message_id"]}
    assert (
        await description(house, "editMessageText", **place | {"message_id": 7}, text="x")
        == "message to edit not found"
    )
    same = await description(house, "editMessageText", **place, text="one", reply_markup=message["reply_markup"])
    assert same.startswith("message is not modified: specified new message content and reply markup are exactly")
    assert (
        await description(house, "editMessageCaption", **place, caption="x")
        == "there is no caption in the message to edit"
    )
    assert await description(house, "editMessageText", **place) == "message text is empty"
    assert (await house.call("editMessageReplyMarkup", **place))["ok"]
    assert (await description(house, "editMessageReplyMarkup", **place)).startswith("message is not modified")


async def test_a_photo_has_no_text_and_a_persons_message_is_their_own(house: House) -> None:
    first = house.street.exchange.photos.add(blank())
    photo = await house.call("sendPhoto", chat_id=500000001, photo=first.size.file_id)
    place = {"chat_id": 500000001, "message_id": photo["result"]["message_id"]}
    assert await description(house, "editMessageText", **place, text="x") == "there is no text in the message to edit"
    written = await house.post("phones/500000001/write", text="mine")
    place["message_id"] = written["message"]
    assert await description(house, "editMessageText", **place, text="x") == "message can't be edited"
    assert (await house.call("deleteMessage", **place))["ok"]


async def test_deleting_what_is_gone_or_too_old(house: House) -> None:
    message = await house.sent()
    place = {"chat_id": 500000001, "message_id": message["message_id"]}
    house.clock.move(timedelta(hours=48, seconds=1))
    assert await description(house, "deleteMessage", **place) == "message can't be deleted for everyone"
    assert await description(house, "deleteMessage", chat_id=500000001, message_id=1) == "message to delete not found"


async def test_presses_are_answered_once_and_briefly(house: House) -> None:
    message = await house.sent()
    press = (await house.post("phones/500000001/press", message=message["message_id"], data="a"))["press"]
    assert (
        await description(house, "answerCallbackQuery", callback_query_id=press, text="x" * 201) == "MESSAGE_TOO_LONG"
    )
    assert (await house.call("answerCallbackQuery", callback_query_id=press, text="x" * 200))["ok"]
    again = await description(house, "answerCallbackQuery", callback_query_id=press)
    assert again == "query is too old and response timeout expired or query ID is invalid"


@pytest.mark.parametrize("value", ["x", "1.5", str(2**63), [1]])
async def test_numbers_that_are_none(house: House, value: object) -> None:
    await description(house, "deleteMessage", chat_id=500000001, message_id=value)


async def test_an_unknown_action_file_or_command(house: House) -> None:
    assert await description(house, "sendChatAction", chat_id=500000001, action="dancing")
    assert await description(house, "getFile", file_id="x") == "invalid file_id"
    for commands in ([{"command": "No", "description": "x"}], "x", [1]):
        await description(house, "setMyCommands", commands=commands)
    await description(house, "setMyCommands", commands=[{"command": "ok", "description": ""}])
    await description(house, "setMyCommands", commands=[], scope=[1])


async def test_while_the_platform_is_down_every_call_fails(house: House) -> None:
    await house.post("faults", chat_down=True)
    for method in ("getMe", "sendMessage", "getUpdates"):
        body = await house.call(method, chat_id=500000001, text="x")
        assert body == {"ok": False, "error_code": 502, "description": "Bad Gateway"}
    await house.post("faults", chat_down=False)
    assert (await house.call("getMe"))["ok"]


async def test_429_holds_back_one_edit_and_changes_nothing(house: House) -> None:
    message = await house.sent("before")
    place = {"chat_id": 500000001, "message_id": message["message_id"], "text": "after"}
    await house.post("faults", limit_next=True)
    body = await house.call("editMessageText", **place)
    assert (body["error_code"], body["parameters"]) == (429, {"retry_after": 2})
    assert body["description"] == "Too Many Requests: retry after 2"
    assert (await house.buyer())["messages"][0]["text"] == "before"
    assert (await house.call("editMessageText", **place))["ok"]
