"""VNPay as a giver: asked for once by one number, and followed by querydr to its end."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession

from gateways.gateway import Reach
from gateways.giving import Given, Giver, Giving, Origin, Stage
from gateways.vnpay import VNPAY
from sales.errors import Later, Rejected
from sales.money import Money
from sales.pace import GIVING
from sales.payee import Payee
from tests.clock import FrozenClock
from tests.gateways.vnpay_server import VnpayServer, serving
from tests.gateways.vnpay_signing import SECRETS

MADE = datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)
ORIGIN = Origin(251022001, MADE, "14831393", Money(199_000))
WANTED = Giving("0b6f3a52-7a53-4c1e-9d59-1f2c3b4a5d6e", Money(199_000), "RF2345679 HOAN TIEN", Payee(), ORIGIN)
REF = "14831400"
"""VNPay's number of the refund in the recorded answer."""


@pytest.fixture
async def vnpay() -> AsyncIterator[VnpayServer]:
    async with serving() as server:
        yield server


@pytest.fixture
def giver(vnpay: VnpayServer, session: ClientSession, clock: FrozenClock) -> Giver:
    assert VNPAY.refund is not None
    found = VNPAY.refund(Reach(SECRETS, vnpay.pay_page, session, clock))
    assert found is not None
    return found


def said(type_: str = "02", status: str = "05", number: str = REF) -> dict[str, str]:
    return {"vnp_TransactionType": type_, "vnp_TransactionStatus": status, "vnp_TransactionNo": number}


async def test_what_is_asked_is_bound_to_the_payment(vnpay: VnpayServer, giver: Giver) -> None:
    assert await giver.send(WANTED) == Given(Stage.UNDER_WAY, REF)
    asked = vnpay.heard[0]
    assert (asked["vnp_RequestId"], asked["vnp_TransactionType"]) == (WANTED.key.replace("-", ""), "02")
    assert (asked["vnp_TxnRef"], asked["vnp_TransactionNo"], asked["vnp_Amount"]) == ("251022001", 14831393, 19_900_000)
    assert (asked["vnp_TransactionDate"], asked["vnp_OrderInfo"]) == (20251022150145, "RF2345679 HOAN TIEN")
    assert len(asked["vnp_RequestId"]) == 32
    assert giver.pace == GIVING


async def test_a_part_is_asked_for_as_one(vnpay: VnpayServer, giver: Giver) -> None:
    vnpay.changes = {"vnp_TransactionType": "03", "vnp_Amount": "5000000"}
    await giver.send(replace(WANTED, amount=Money(50_000)))
    assert (vnpay.heard[0]["vnp_TransactionType"], vnpay.heard[0]["vnp_Amount"]) == ("03", 5_000_000)


async def test_who_asks_again_is_told_that_it_was_asked_for(vnpay: VnpayServer, giver: Giver) -> None:
    vnpay.changes = {"vnp_ResponseCode": "94"}
    assert await giver.send(WANTED) == Given(Stage.UNDER_WAY, "")


async def test_what_is_refused_at_once_has_failed(vnpay: VnpayServer, giver: Giver) -> None:
    vnpay.changes = {"vnp_TransactionStatus": "09"}
    assert await giver.send(WANTED) == Given(Stage.FAILED, REF, "VNPay: status 09")


@pytest.mark.parametrize(
    ("told", "given"),
    [
        (said("02", "05"), Given(Stage.UNDER_WAY, REF)),
        (said("02", "06"), Given(Stage.UNDER_WAY, REF)),
        (said("02", "00"), Given(Stage.ARRIVED, REF)),
        (said("03", "00"), Given(Stage.ARRIVED, REF)),
        (said("02", "00", "14831393"), Given(Stage.ARRIVED, REF)),
        (said("02", "00", ""), Given(Stage.ARRIVED, REF)),
        (said("02", "09"), Given(Stage.FAILED, REF, "VNPay: status 09")),
        (said("01", "09", "14831393"), Given(Stage.FAILED, REF, "VNPay: status 09")),
        (said("01", "05", "14831393"), Given(Stage.UNDER_WAY, REF)),
        (said("02", "02"), Given(Stage.UNDER_WAY, REF)),
        (said("01", "00", "14831393"), None),
        (said("01", "04", "14831393"), None),
        (said("02", "00", "14839999"), None),
        (said("02", "09", "14839999"), None),
    ],
    ids=str,
)
async def test_only_done_has_arrived_and_another_refund_says_nothing(
    vnpay: VnpayServer, giver: Giver, told: dict[str, str], given: Given | None
) -> None:
    vnpay.changes = told
    assert await giver.ask(WANTED, REF) == given
    asked = vnpay.heard[0]
    assert (asked["vnp_Command"], asked["vnp_TxnRef"]) == ("querydr", "251022001")
    assert asked["vnp_TransactionDate"] == 20251022150145


@pytest.mark.parametrize("number", ["14831400", "14831393", "0"])
async def test_a_lost_answer_is_made_up_for(vnpay: VnpayServer, giver: Giver, number: str) -> None:
    vnpay.changes = said("02", "05", number)
    assert await giver.ask(WANTED, "") == Given(Stage.UNDER_WAY, REF if number == REF else "")


@pytest.mark.parametrize(
    ("told", "is_it"),
    [
        ({"vnp_TransactionType": "03", "vnp_Amount": "5000000"}, True),
        ({"vnp_TransactionType": "03", "vnp_Amount": "19900000"}, True),
        ({"vnp_TransactionType": "01", "vnp_Amount": "19900000"}, True),
        ({"vnp_TransactionType": "03", "vnp_Amount": "4000000"}, False),
        ({"vnp_TransactionType": "03", "vnp_Amount": ""}, False),
        ({"vnp_TransactionType": "02", "vnp_Amount": "19900000"}, False),
    ],
    ids=str,
)
@pytest.mark.parametrize("status", ["05", "00", "09"])
async def test_without_its_number_another_refund_of_the_payment_is_not_taken_for_it(
    vnpay: VnpayServer, giver: Giver, told: dict[str, str], is_it: bool, status: str
) -> None:
    vnpay.changes = said(status=status) | told
    given = await giver.ask(replace(WANTED, amount=Money(50_000)), "")
    paid = told["vnp_TransactionType"] == "01" and status == "00"
    assert (given is not None) is (is_it and not paid)


async def test_a_payment_that_vnpay_does_not_know_is_not_given_back(vnpay: VnpayServer, giver: Giver) -> None:
    vnpay.changes = {"vnp_ResponseCode": "91"}
    assert await giver.ask(WANTED, REF) is None
    with pytest.raises(Rejected):
        await giver.send(WANTED)


async def test_an_answer_that_is_not_signed_says_nothing(vnpay: VnpayServer, giver: Giver) -> None:
    def unsigned(answer: dict[str, Any]) -> dict[str, Any]:
        return answer | {"vnp_SecureHash": "0" * 128}

    vnpay.changes, vnpay.twist = said("02", "00"), unsigned
    for call in (giver.send(WANTED), giver.ask(WANTED, REF)):
        with pytest.raises(Later, match="signed"):
            await call


async def test_only_what_came_by_vnpay_goes_back_by_it(giver: Giver) -> None:
    for call in (giver.send(replace(WANTED, origin=None)), giver.ask(replace(WANTED, origin=None), "")):
        with pytest.raises(ValueError, match="came by VNPay"):
            await call
