"""What a person can do on a phone, and what no phone could."""

from typing import Any

import pytest

from sandbox.telegram.phone import MESSAGES_KEPT, PRESSES_KEPT, Phone
from tests.sandbox.house import House

BUYER = "phones/500000001"


async def test_the_two_phones_stand_ready_in_vietnamese(house: House) -> None:
    phones = (await house.state())["phones"]
    assert [phone["id"] for phone in phones] == [house.street.buyer_chat, house.street.seller_chat]
    assert {phone["language"] for phone in phones} == {"vi"}


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("write", {"text": ""}, "sandbox-error-text"),
        ("write", {"text": "  "}, "sandbox-error-text"),
        ("write", {"text": "x" * 4097}, "sandbox-error-text"),
        ("write", {"text": 5}, "sandbox-error-request"),
        ("write", {}, "sandbox-error-request"),
        ("press", {"message": 1, "data": "x"}, "sandbox-error-button"),
        ("press", {"message": True, "data": "x"}, "sandbox-error-request"),
        ("press", {"message": 2**70, "data": "x"}, "sandbox-error-request"),
        ("block", {"blocked": "yes"}, "sandbox-error-request"),
        ("language", {"language": ""}, "sandbox-error-request"),
    ],
)
async def test_what_no_phone_could_do(house: House, path: str, body: dict[str, Any], error: str) -> None:
    assert await house.post(f"{BUYER}/{path}", **body) == {"status": 400, "error": error}


async def test_data_longer_than_64_bytes_cannot_be_pressed(house: House) -> None:
    number = (await house.sent())["message_id"]
    assert (await house.post(f"{BUYER}/press", message=number, data="x" * 65))["error"] == "sandbox-error-button"
    assert (await house.post(f"{BUYER}/press", message=number, data="no longer there"))["status"] == 200


@pytest.mark.parametrize("phone", ["1", "x", "5" * 30, "²"])
async def test_a_phone_that_does_not_exist(house: House, phone: str) -> None:
    async with house.session.post(f"/sandbox/api/phones/{phone}/write", json={"text": "x"}) as answer:
        assert answer.status == 404


async def test_who_has_blocked_the_bot_cannot_write_to_it(house: House) -> None:
    number = (await house.sent())["message_id"]
    await house.post(f"{BUYER}/block", blocked=True)
    await house.post(f"{BUYER}/block", blocked=True)
    assert (await house.post(f"{BUYER}/write", text="x"))["error"] == "sandbox-error-blocked"
    assert (await house.post(f"{BUYER}/press", message=number, data="x"))["error"] == "sandbox-error-blocked"
    assert len(house.street.exchange.queue) == 1


async def test_old_messages_are_dropped(house: House) -> None:
    phone = house.street.exchange.phones[house.street.buyer_chat]
    for number in range(MESSAGES_KEPT + 5):
        await house.sent(str(number))
    assert [message.text for message in phone.messages.values()] == [str(n) for n in range(5, MESSAGES_KEPT + 5)]


async def test_unanswered_presses_and_toasts_are_bounded(house: House) -> None:
    number = (await house.sent())["message_id"]
    for _ in range(PRESSES_KEPT + 1):
        await house.post(f"{BUYER}/press", message=number, data="x")
    assert len((await house.buyer())["presses"]) == PRESSES_KEPT
    phone = Phone(1, "A", "a", 0)
    for _ in range(50):
        phone.toast("x", alert=False)
    assert [toast.id for toast in phone.toasts] == list(range(31, 51))
