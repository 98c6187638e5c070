"""Inline keyboards: what the platform takes and what it refuses."""

import json
from typing import Any

import pytest

from sandbox.telegram.errors import ApiError
from sandbox.telegram.keyboard import read_keyboard
from sandbox.telegram.params import Params

OK = {"text": "x", "callback_data": "x"}


def read(markup: Any) -> Any:
    return read_keyboard(Params({"reply_markup": json.dumps(markup)}))


def test_no_keyboard_and_an_empty_one_are_none() -> None:
    assert read_keyboard(Params()) is None
    assert read({"inline_keyboard": []}) is None
    assert read({"inline_keyboard": [[]]}) is None


@pytest.mark.parametrize(
    "button",
    [
        OK,
        {"text": "x", "callback_data": "đ" * 32},
        {"text": "x", "url": "https://example.com"},
        {"text": "x", "copy_text": {"text": "y" * 256}},
        {"text": "x", "callback_data": "x", "style": "danger", "newer_field": 1},
    ],
)
def test_good_buttons(button: dict[str, Any]) -> None:
    assert read({"inline_keyboard": [[button]]}).to_dict() == {"inline_keyboard": [[button]]}


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "x", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "đ" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": 5}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "copy_text": {"text": "y" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "copy_text": "y"}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "url": "javascript:alert(1)"}, "BUTTON_URL_INVALID"),
        ({"text": "x", "url": "https:///"}, "BUTTON_URL_INVALID"),
        ({"text": "", "callback_data": "x"}, "button text must be non-empty"),
        ({"text": "x"}, "exactly one of"),
        ({"text": "x", "callback_data": ""}, "exactly one of"),
        (OK | {"url": "https://example.com"}, "exactly one of"),
        ("x", "button text must be non-empty"),
    ],
)
def test_bad_buttons(button: Any, words: str) -> None:
    with pytest.raises(ApiError, match=words):
        read({"inline_keyboard": [[button]]})


@pytest.mark.parametrize("markup", [5, [], {"keyboard": [[]]}, {"inline_keyboard": 1}, {"inline_keyboard": [1]}])
def test_no_inline_keyboard_at_all(markup: Any) -> None:
    with pytest.raises(ApiError, match="object expected as reply markup"):
        read(markup)


def test_too_many_buttons() -> None:
    assert read({"inline_keyboard": [[OK] * 5] * 20})
    for rows in ([[OK] * 5] * 20 + [[OK]], [[OK] * 9]):
        with pytest.raises(ApiError, match="reply markup is too long"):
            read({"inline_keyboard": rows})
