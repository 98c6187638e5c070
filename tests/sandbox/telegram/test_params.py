"""Parameters arrive in many shapes and are read as one: text, as the real server reads them."""

from typing import Any

import pytest
from aiohttp import FormData

from sandbox.telegram.errors import ApiError
from sandbox.telegram.params import Params, parse_json
from tests.sandbox.house import House

CHAT = 500000001
MARKUP = {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}


async def text_and_buttons(house: House, **request: Any) -> tuple[str, int]:
    address = f"/sandbox/telegram/bot{house.street.token}/sendMessage"
    async with house.session.post(address, **request) as answer:
        body = await answer.json()
    assert body["ok"], body
    return body["result"]["text"], len(body["result"].get("reply_markup", {}).get("inline_keyboard", []))


async def test_the_same_call_in_every_shape(house: House) -> None:
    import json

    markup = json.dumps(MARKUP)
    multipart = FormData({"chat_id": str(CHAT), "text": "đơn", "reply_markup": markup}, default_to_multipart=True)
    shapes: list[dict[str, Any]] = [
        {"json": {"chat_id": CHAT, "text": "đơn", "reply_markup": MARKUP}},
        {"json": {"chat_id": str(CHAT), "text": "đơn", "reply_markup": markup}},
        {"data": {"chat_id": str(CHAT), "text": "đơn", "reply_markup": markup}},
        {"data": multipart},
        {"params": {"chat_id": CHAT, "text": "đơn", "reply_markup": markup}},
        {"params": {"chat_id": CHAT, "text": "overruled"}, "json": {"text": "đơn", "reply_markup": MARKUP}},
    ]
    for shape in shapes:
        assert await text_and_buttons(house, **shape) == ("đơn", 1), shape


async def test_numbers_and_nothing_in_json_become_text(house: House) -> None:
    assert await text_and_buttons(house, json={"chat_id": CHAT, "text": 42, "reply_markup": None}) == ("42", 0)


async def test_a_broken_form_is_400(house: House) -> None:
    address = f"/sandbox/telegram/bot{house.street.token}/sendMessage"
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        async with house.session.post(address, data=b"nonsense", headers={"Content-Type": kind}) as answer:
            assert (answer.status, (await answer.json())["ok"]) == (400, False)


async def test_a_body_beyond_the_limit_is_413(house: House) -> None:
    from io import BytesIO

    address = f"/sandbox/telegram/bot{house.street.token}/sendMessage"
    async with house.session.post(address, data=BytesIO(b"x" * (12 * 1024 * 1024))) as answer:
        assert (await answer.json())["error_code"] == 413


@pytest.mark.parametrize(("text", "number"), [("5", 5), ("-5", -5), ("", 7), (str(2**63 - 1), 2**63 - 1)])
def test_whole_numbers(text: str, number: int) -> None:
    assert Params({"n": text}).whole("n", 7) == number


@pytest.mark.parametrize("text", ["x", "1.0", "1e3", str(2**63), str(-(2**63)), "9" * 5000])
def test_what_is_no_whole_number_of_64_bits(text: str) -> None:
    with pytest.raises(ApiError) as caught:
        Params({"n": text}).whole("n")
    assert caught.value.code == 400


@pytest.mark.parametrize(("text", "yes"), [("true", True), ("True", True), ("1", True), ("false", False), ("", False)])
def test_flags(text: str, yes: bool) -> None:
    assert Params({"f": text}).flag("f") is yes


def test_uploads_are_found_by_their_own_name_or_where_they_are_attached() -> None:
    files = {"photo": b"own", "card": b"attached"}
    assert Params({}, files).upload("photo") == b"own"
    assert Params({"photo": "attach://card"}, files).upload("photo") == b"attached"
    assert Params({"photo": "attach://nowhere"}, files).upload("photo") is None
    assert Params({"photo": "a-file-id"}, {}).upload("photo") is None


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "nul"])
def test_json_of_strangers(text: str) -> None:
    with pytest.raises(ApiError, match="can't parse JSON object"):
        parse_json(text)
