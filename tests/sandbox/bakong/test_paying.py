"""Paying a code as a bank's app does, and what is kept of it."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import FormData

from sales.khqr import Khqr, encode
from sales.money import Money
from sandbox.bakong.payments import KEPT, STRANGER, PayFault, Payments
from sandbox.news import News
from tests.clock import FrozenClock
from tests.sandbox.bakong.codes import ACCOUNT, code, digest, pay
from tests.sandbox.house import House
from tests.sandbox.pictures import qr, vietqr


async def shown(house: House) -> list[dict[str, Any]]:
    return list((await house.state())["bakong"]["payments"])


async def test_a_code_is_paid_once(house: House) -> None:
    paid = await pay(house, code(house))
    assert (paid["status"], paid["amount"], paid["currency"]) == (200, 950, "USD")
    (payment,) = await shown(house)
    assert payment == {
        "hash": paid["hash"],
        "to": ACCOUNT,
        "amount": 950,
        "currency": "USD",
        "at": house.clock().isoformat(),
        "fault": "none",
    }
    assert (await pay(house, code(house)))["error"] == "sandbox-error-khqr-paid"
    assert len(await shown(house)) == 1


@pytest.mark.parametrize(
    ("fault", "amount", "currency", "to"),
    [
        ("short", 475, "USD", ACCOUNT),
        ("wrong_currency", 950, "KHR", ACCOUNT),
        ("elsewhere", 950, "USD", STRANGER),
    ],
)
async def test_faults(house: House, fault: str, amount: int, currency: str, to: str) -> None:
    await pay(house, code(house), fault)
    (payment,) = await shown(house)
    assert (payment["amount"], payment["currency"], payment["to"], payment["fault"]) == (amount, currency, to, fault)


async def test_the_least_amount_can_be_short_of_nothing(house: House) -> None:
    await pay(house, code(house, 1, "KHR"), "short")
    assert [each["amount"] for each in await shown(house)] == [1]


async def test_a_code_that_has_ended_is_refused(house: House) -> None:
    text = code(house)
    house.clock.move(timedelta(minutes=30))
    assert (await pay(house, text))["error"] == "sandbox-error-khqr-ended"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("KX7R2M9CF", "sandbox-error-no-qr"),
        (encode(Khqr(ACCOUNT, "Key Shop", Money(0, "USD"))), "sandbox-error-amount"),
    ],
)
async def test_what_cannot_be_paid(house: House, text: str, error: str) -> None:
    assert (await pay(house, text))["error"] == error
    assert await shown(house) == []


async def test_a_request_of_another_kind(house: House) -> None:
    assert (await pay(house, code(house), "robbed"))["error"] == "sandbox-error-request"
    assert (await house.post("bakong/pay"))["error"] == "sandbox-error-request"
    assert (await house.post("bakong/list", refused="yes"))["error"] == "sandbox-error-request"


async def show(house: House, picture: bytes) -> None:
    form = FormData({"chat_id": str(house.street.buyer_chat)})
    form.add_field("photo", picture, filename="x.png")
    async with house.session.post(f"/sandbox/telegram/bot{house.street.token}/sendPhoto", data=form) as answer:
        assert answer.status == 200


async def test_the_banks_app_reads_a_khqr_too(house: House) -> None:
    text = code(house, 40_000, "KHR")
    await show(house, qr(text))
    assert await house.post("bank/scan", phone=house.street.buyer_chat) == {
        "status": 200,
        "qr": text,
        "account": ACCOUNT,
        "holder": "Key Shop",
        "amount": 40_000,
        "currency": "KHR",
        "memo": "KX7R2M9CF",
    }
    await show(house, vietqr())
    assert "qr" not in await house.post("bank/scan", phone=house.street.buyer_chat)


def test_the_oldest_payments_are_forgotten(clock: FrozenClock) -> None:
    payments = Payments(clock, News())
    ends = clock() + timedelta(minutes=1)
    codes = [
        encode(Khqr(ACCOUNT, "Key Shop", Money(100, "USD"), created=clock(), expires=ends, bill=f"KX{number}"))
        for number in range(KEPT + 1)
    ]
    for text in codes:
        payments.pay(text, PayFault.NONE)
    assert len(payments.latest()) == KEPT
    assert payments.find(digest(codes[0])) is None
    assert payments.find(digest(codes[1])) is not None
