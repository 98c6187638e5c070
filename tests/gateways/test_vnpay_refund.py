"""Giving money back by VNPay: what is asked, and what its answer is worth."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession

from gateways.gateway import Reach
from gateways.vnpay_api import REFUND, Refunded, RefundState, RefundWanted, refund
from gateways.vnpay_wire import signature_of, signed_body, verified_answer
from sales.errors import Later, Misconfigured, Rejected
from sales.money import Money
from tests.clock import FrozenClock
from tests.gateways.payos_server import saying
from tests.gateways.vnpay_server import VnpayServer, serving
from tests.gateways.vnpay_signing import SECRETS, VECTORS, digest

WANTED = RefundWanted(
    request="req0002",
    number=251022001,
    code="Hoan tien GD 251022001",
    amount=Money(199_000),
    whole=True,
    made_at=datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC),
    transaction=14831393,
)


@pytest.fixture
async def vnpay() -> AsyncIterator[VnpayServer]:
    async with serving() as server:
        yield server


@pytest.fixture
def reach(vnpay: VnpayServer, session: ClientSession, clock: FrozenClock) -> Reach:
    clock.now = datetime(2025, 10, 22, 10, 0, 0, tzinfo=UTC)
    return Reach(SECRETS, vnpay.pay_page, session, clock)


async def test_what_is_asked_is_what_the_package_asks(vnpay: VnpayServer, reach: Reach) -> None:
    await refund(reach, WANTED)
    recorded = dict(VECTORS["refund.request.full"]["request"]["body"])
    heard = vnpay.heard[0]
    assert heard.pop("vnp_CreateBy") == "chotdon"
    assert heard.pop("vnp_SecureHash") != recorded.pop("vnp_SecureHash")
    assert heard == {name: value for name, value in recorded.items() if name != "vnp_CreateBy"}


def test_the_recorded_request_and_answer() -> None:
    body = VECTORS["refund.request.full"]["request"]["body"]
    fields = {name.removeprefix("vnp_"): value for name, value in body.items() if name != "vnp_SecureHash"}
    assert signed_body(SECRETS, REFUND, fields) == body
    vector = VECTORS["refund.response"]
    printed = vector["response"] | {"vnp_Amount": int(vector["response"]["vnp_Amount"])}
    for said in (vector["response"], printed):
        assert signature_of(SECRETS, REFUND, said) == vector["expected"]
        answer = said | {"vnp_SecureHash": vector["expected"]}
        assert verified_answer(SECRETS, REFUND, answer) == answer | {"vnp_Amount": vector["response"]["vnp_Amount"]}
        with pytest.raises(Later, match="signed"):
            verified_answer(SECRETS, REFUND, answer | {"vnp_Amount": "19900001"})


def test_without_a_secret_nobodys_answer_is_believed() -> None:
    for blank in ("", " \n"):
        said = VECTORS["refund.response"]["response"]
        answer = said | {"vnp_SecureHash": digest(VECTORS["refund.response"]["message"], "")}
        with pytest.raises(Later, match="signed"):
            verified_answer({**SECRETS, "hash_secret": blank}, REFUND, answer)


def test_whoever_names_a_usual_field_is_heard() -> None:
    named = {"IpAddr": "203.0.113.9", "Version": "2.1.1", "Command": "other", "TmnCode": "OTHERTMN"}
    fields = dict.fromkeys(REFUND.asked, "x") | named
    body = signed_body(SECRETS, REFUND, fields)
    assert {name: body[f"vnp_{name}"] for name in named} == named
    assert body["vnp_SecureHash"] == digest("|".join(fields[name] for name in REFUND.asked))


async def test_accepted_is_not_paid_out(reach: Reach) -> None:
    """The recorded answer, which the npm package refuses: it divides the amount before it signs."""
    assert await refund(reach, WANTED) == Refunded(RefundState.ACCEPTED, "14831400", "05")


async def test_a_part(vnpay: VnpayServer, reach: Reach) -> None:
    vnpay.changes = {"vnp_TransactionType": "03", "vnp_Amount": "5000000", "vnp_TransactionStatus": "06"}
    told = await refund(reach, replace(WANTED, whole=False, amount=Money(50_000)))
    assert told == Refunded(RefundState.ACCEPTED, "14831400", "06")
    assert (vnpay.heard[0]["vnp_TransactionType"], vnpay.heard[0]["vnp_Amount"]) == ("03", 5_000_000)


async def test_without_vnpays_number_a_zero_is_sent(vnpay: VnpayServer, reach: Reach) -> None:
    await refund(reach, replace(WANTED, transaction=0))
    assert vnpay.heard[0]["vnp_TransactionNo"] == 0


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"vnp_ResponseCode": "94"}, RefundState.ASKED_BEFORE),
        ({"vnp_ResponseCode": "94", "vnp_Amount": ""}, RefundState.ASKED_BEFORE),
        ({"vnp_TransactionStatus": "09"}, RefundState.REFUSED),
        ({"vnp_TransactionStatus": "00"}, RefundState.ACCEPTED),
        ({"vnp_TransactionStatus": ""}, RefundState.ACCEPTED),
    ],
    ids=str,
)
async def test_states(vnpay: VnpayServer, reach: Reach, changes: dict[str, str], state: RefundState) -> None:
    vnpay.changes = changes
    assert (await refund(reach, WANTED)).state is state


@pytest.mark.parametrize("code", ["02", "03", "91", "95", "97"])
async def test_what_vnpay_never_gives_back(vnpay: VnpayServer, reach: Reach, code: str) -> None:
    vnpay.changes = {"vnp_ResponseCode": code}
    with pytest.raises(Rejected):
        await refund(reach, WANTED)


async def test_what_failed_at_vnpay_may_be_asked_again(vnpay: VnpayServer, reach: Reach) -> None:
    vnpay.changes = {"vnp_ResponseCode": "99"}
    with pytest.raises(Later, match="code 99"):
        await refund(reach, WANTED)
    vnpay.changes = {}
    await refund(reach, WANTED)
    assert [each["vnp_RequestId"] for each in vnpay.heard] == ["req0002", "req0002"]


@pytest.mark.parametrize(
    "changes",
    [{"vnp_Amount": "199000"}, {"vnp_Amount": "19900001"}, {"vnp_Amount": ""}, {"vnp_TransactionType": "03"}],
    ids=str,
)
async def test_a_refund_of_another_amount_was_not_asked_for(
    vnpay: VnpayServer, reach: Reach, changes: dict[str, str]
) -> None:
    vnpay.changes = changes
    with pytest.raises(Later, match="another refund"):
        await refund(reach, WANTED)


@pytest.mark.parametrize("code", ["00", "91", "94", "95"])
async def test_an_answer_that_is_not_signed_is_not_believed(vnpay: VnpayServer, reach: Reach, code: str) -> None:
    def unsigned(answer: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in answer.items() if name != "vnp_SecureHash"}

    vnpay.changes, vnpay.twist = {"vnp_ResponseCode": code}, unsigned
    with pytest.raises(Later, match="not signed"):
        await refund(reach, WANTED)


@pytest.mark.parametrize("name", sorted(set(VECTORS["refund.response"]["response"]) - {"vnp_SecureHash"}))
async def test_a_changed_field_breaks_the_signature(vnpay: VnpayServer, reach: Reach, name: str) -> None:
    vnpay.twist = lambda answer: answer | {name: "94" if name == "vnp_ResponseCode" else f"{answer[name]}1"}
    with pytest.raises(Later, match="signed"):
        await refund(reach, WANTED)


async def test_a_server_that_is_down(vnpay: VnpayServer, reach: Reach) -> None:
    vnpay.fault = saying(503, "<html>")
    with pytest.raises(Later):
        await refund(reach, WANTED)


async def test_another_currency_is_a_bug(reach: Reach) -> None:
    with pytest.raises(ValueError, match="VND"):
        await refund(reach, replace(WANTED, amount=Money(10, "USD")))


async def test_keys_never_go_unencrypted(reach: Reach) -> None:
    with pytest.raises(Misconfigured):
        await refund(replace(reach, url="http://vnpay.example/vpcpay.html"), WANTED)
