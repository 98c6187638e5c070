"""VNPay's second look: the same sightings as its notices, believed only under a true signature."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from gateways.gateway import Asking, Reach
from gateways.vnpay import VNPAY
from gateways.vnpay_signature import sign_values
from sales.errors import CutShort, Later, Misconfigured, Rejected
from sales.pace import CALM
from sales.transfer import Sighting, Standing
from tests.clock import FrozenClock
from tests.gateways import vnpay_signing
from tests.gateways.asked import question
from tests.gateways.payos_server import saying
from tests.gateways.vnpay_server import VnpayServer, serving, signed
from tests.gateways.vnpay_signing import SECRETS, VECTORS

NUMBER = 251022001
MADE = datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)
ASKED = question(NUMBER, code="KX7R2M9CF", made_at=MADE, account="")


@pytest.fixture
async def vnpay() -> AsyncIterator[VnpayServer]:
    async with serving() as server:
        yield server


def built(reach: Reach) -> Asking:
    assert VNPAY.ask is not None
    asking = VNPAY.ask(reach)
    assert asking is not None
    return asking


@pytest.fixture
def asking(vnpay: VnpayServer, session: ClientSession, clock: FrozenClock) -> Asking:
    return built(Reach(SECRETS, vnpay.pay_page, session, clock))


def noticed(**changes: str) -> Sighting:
    (seen,) = VNPAY.read(SECRETS, vnpay_signing.notice(**changes), MADE)
    return seen


async def test_money_is_told_of_as_the_notice_tells_of_it(asking: Asking) -> None:
    assert await asking.ask([ASKED]) == (noticed(),)
    assert noticed().standing is Standing.ARRIVED


async def test_how_often_it_may_be_asked(asking: Asking) -> None:
    assert (asking.most, asking.gap, asking.pace) == (20, timedelta(seconds=1), CALM)


async def test_what_is_asked_is_what_the_package_asks(asking: Asking, vnpay: VnpayServer, clock: FrozenClock) -> None:
    clock.now = datetime(2025, 10, 22, 9, 0, 0, tzinfo=UTC)
    await asking.ask([ASKED])
    recorded = VECTORS["querydr.request"]["request"]["body"]
    differ = {"vnp_RequestId", "vnp_OrderInfo", "vnp_SecureHash"}
    heard = vnpay.heard[0]
    assert set(heard) == set(recorded)
    assert {name: heard[name] for name in heard if name not in differ} == {
        name: recorded[name] for name in recorded if name not in differ
    }
    assert heard["vnp_OrderInfo"] == "KX7R2M9CF"


async def test_every_call_has_a_name_of_its_own(asking: Asking, vnpay: VnpayServer) -> None:
    await asking.ask([ASKED, ASKED])
    names = [each["vnp_RequestId"] for each in vnpay.heard]
    assert all(re.fullmatch("[0-9a-zA-Z]{1,32}", name) for name in names)
    assert len(set(names)) == 2


@pytest.mark.parametrize("page", ["/vpcpay.html", "/paymentv2/vpcpay.html", ""])
async def test_the_api_is_where_the_pay_page_is(
    vnpay: VnpayServer, session: ClientSession, clock: FrozenClock, page: str
) -> None:
    assert len(await built(Reach(SECRETS, vnpay.url + page, session, clock)).ask([ASKED])) == 1


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("02", Standing.FAILED),
        ("07", Standing.HELD),
        ("04", Standing.HELD),
        ("05", Standing.HELD),
    ],
)
async def test_other_states_are_told_as_the_notice_tells_them(
    asking: Asking, vnpay: VnpayServer, status: str, standing: Standing
) -> None:
    vnpay.changes = {"vnp_TransactionStatus": status}
    (seen,) = await asking.ask([ASKED])
    assert seen == noticed(TransactionStatus=status)
    assert seen.standing is standing


async def test_a_cancelled_payment_bears_the_same_name_as_in_its_notice(asking: Asking, vnpay: VnpayServer) -> None:
    vnpay.changes = {"vnp_TransactionStatus": "02", "vnp_TransactionNo": "", "vnp_PayDate": None, "vnp_BankCode": ""}
    (seen,) = await asking.ask([ASKED])
    (told,) = VNPAY.read(SECRETS, vnpay_signing.signed(VECTORS["ipn.cancelled_by_buyer"]["params"]), MADE)
    assert (seen.ref, seen.standing) == (told.ref, told.standing)


@pytest.mark.parametrize(
    "changes",
    [
        {"vnp_ResponseCode": "91"},
        {"vnp_ResponseCode": "91", "vnp_TxnRef": "", "vnp_TmnCode": ""},
        {"vnp_TransactionStatus": "01"},
        {"vnp_TransactionStatus": ""},
        {"vnp_TransactionType": "02"},
        {"vnp_TransactionType": "03"},
        {"vnp_Amount": "19900050"},
    ],
    ids=str,
)
async def test_what_vnpay_does_not_know_or_not_yet_is_nothing(
    asking: Asking, vnpay: VnpayServer, changes: dict[str, str]
) -> None:
    vnpay.changes = changes
    assert await asking.ask([ASKED]) == ()


async def test_not_found_may_come_unsigned_and_not_signed_falsely(asking: Asking, vnpay: VnpayServer) -> None:
    vnpay.twist = lambda _: {"vnp_ResponseCode": "91", "vnp_Message": "Transaction not found"}
    assert await asking.ask([ASKED]) == ()
    for lie in ("", "0" * 128, None):
        vnpay.twist = lambda _, lie=lie: {"vnp_ResponseCode": "91", "vnp_SecureHash": lie}  # type: ignore[misc]
        with pytest.raises(Later, match="signed"):
            await asking.ask([ASKED])


@pytest.mark.parametrize("code", ["00", "02", "97", "99"])
@pytest.mark.parametrize("lie", [None, "", "0" * 128, "ộ"])
async def test_an_answer_that_is_not_signed_is_not_believed(
    asking: Asking, vnpay: VnpayServer, code: str, lie: str | None
) -> None:
    vnpay.changes = {"vnp_ResponseCode": code}
    without = {"vnp_SecureHash": lie} if lie is not None else {}

    def unsigned(answer: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in answer.items() if name != "vnp_SecureHash"} | without

    vnpay.twist = unsigned
    with pytest.raises(Later, match=f"code {code}, not signed"):
        await asking.ask([ASKED])


@pytest.mark.parametrize("name", sorted(set(VECTORS["querydr.response"]["response"]) - {"vnp_SecureHash"}))
async def test_a_changed_field_breaks_the_signature(asking: Asking, vnpay: VnpayServer, name: str) -> None:
    vnpay.twist = lambda answer: answer | {name: "91" if name == "vnp_ResponseCode" else f"{answer[name]}1"}
    with pytest.raises(Later, match="signed"):
        await asking.ask([ASKED])


async def test_the_keyholder_of_another_shop_is_not_believed(asking: Asking, vnpay: VnpayServer) -> None:
    def other(answer: dict[str, Any]) -> dict[str, Any]:
        message = VECTORS["querydr.response"]["message"].split("|")
        return answer | {"vnp_SecureHash": sign_values("another secret", message)}

    vnpay.twist = other
    with pytest.raises(Later, match="signed"):
        await asking.ask([ASKED])


async def test_a_bar_that_moves_values_to_other_names_is_not_believed(asking: Asking, vnpay: VnpayServer) -> None:
    vnpay.changes = {"vnp_Message": "x|DUMMYTMN", "vnp_TmnCode": "251022001", "vnp_TxnRef": "1"}
    with pytest.raises(Later, match="signed"):
        await asking.ask([ASKED])


@pytest.mark.parametrize(
    "changes", [{"vnp_TxnRef": "251022002"}, {"vnp_TmnCode": "OTHERTMN"}, {"vnp_Command": "refund"}], ids=str
)
async def test_a_true_answer_about_something_else_is_no_answer(
    asking: Asking, vnpay: VnpayServer, changes: dict[str, str]
) -> None:
    vnpay.changes = changes
    with pytest.raises(Later, match="something else"):
        await asking.ask([ASKED])


@pytest.mark.parametrize(
    ("code", "error"), [("02", Rejected), ("03", Rejected), ("97", Rejected), ("94", Later), ("99", Later)]
)
async def test_codes(asking: Asking, vnpay: VnpayServer, code: str, error: type[Exception]) -> None:
    vnpay.changes = {"vnp_ResponseCode": code}
    with pytest.raises(error, match=f"code {code}"):
        await asking.ask([ASKED])


@pytest.mark.parametrize(
    "changes",
    [
        {"vnp_ResponseCode": None},
        {"vnp_ResponseCode": "0"},
        {"vnp_Amount": 1.5},
        {"vnp_Amount": "x"},
        {"vnp_Amount": ["1"]},
        {"vnp_TransactionNo": {"a": 1}},
        {"vnp_PromotionCode": True},
    ],
    ids=str,
)
async def test_an_answer_of_another_shape_is_no_answer(
    asking: Asking, vnpay: VnpayServer, changes: dict[str, Any]
) -> None:
    vnpay.twist = lambda answer: signed("querydr", {**answer, **changes})
    with pytest.raises(Later):
        await asking.ask([ASKED])


@pytest.mark.parametrize("number", ["", "0", 0, "000", None])
async def test_a_success_without_vnpays_number_is_no_money_yet(
    asking: Asking, vnpay: VnpayServer, number: str | int | None
) -> None:
    """Its name could not be told from that of the next one."""
    vnpay.changes = {"vnp_TransactionNo": number}
    vnpay.twist = lambda answer: signed("querydr", answer | {"vnp_TransactionNo": number or ""}) | vnpay.changes
    if number == 0:
        vnpay.twist = lambda answer: answer
    with capture_logs() as logs:
        assert await asking.ask([ASKED]) == ()
    assert [(each["event"], each["number"]) for each in logs] == [("vnpay.paid_unclear", NUMBER)]


async def test_payments_are_asked_for_together_and_none_is_lost_to_trouble(asking: Asking, vnpay: VnpayServer) -> None:
    asked = [replace(ASKED, number=NUMBER + place) for place in range(6)]
    assert [each.number for each in await asking.ask(asked)] == [each.number for each in asked]

    def one_fails(answer: dict[str, Any]) -> dict[str, Any]:
        busy = {"vnp_ResponseCode": "99"} if answer["vnp_TxnRef"] == str(NUMBER + 5) else {}
        return signed("querydr", answer | busy)

    vnpay.twist = one_fails
    with pytest.raises(CutShort, match="code 99") as cut:
        await asking.ask(asked)
    assert [each.number for each in cut.value.found] == [each.number for each in asked[:5]]
    assert cut.value.answered == {each.number for each in asked[:5]}


async def test_numbers_count_as_they_are_printed_and_newer_fields_are_let_in(
    asking: Asking, vnpay: VnpayServer
) -> None:
    vnpay.changes = {"vnp_Amount": 19900000, "vnp_TransactionNo": 14831393, "vnp_Newer": "x", "vnp_PromotionCode": None}
    vnpay.twist = lambda answer: signed("querydr", {**answer, "vnp_PromotionCode": ""}) | {"vnp_PromotionCode": None}
    assert await asking.ask([ASKED]) == (noticed(),)


async def test_a_wrong_secret_is_rejected_and_never_shown(vnpay: VnpayServer, session: ClientSession) -> None:
    vnpay.twist = lambda answer: signed("querydr", answer)
    asking = built(Reach({**SECRETS, "tmn_code": "OTHERTMN"}, vnpay.pay_page, session))
    with pytest.raises(Rejected) as told:
        await asking.ask([ASKED])
    assert str(told.value) == "VNPay: code 97"


@pytest.mark.parametrize(
    ("status", "error"), [(400, Rejected), (404, Rejected), (302, Later), (500, Later), (429, Later)]
)
async def test_statuses(asking: Asking, vnpay: VnpayServer, status: int, error: type[Exception]) -> None:
    vnpay.fault = saying(status, "{}", Location="https://elsewhere.example")
    with pytest.raises(error, match=f"HTTP {status}"):
        await asking.ask([ASKED])


async def test_keys_never_go_unencrypted(session: ClientSession) -> None:
    for url in ("http://pay.vnpay.example/vpcpay.html", "ftp://127.0.0.1", ""):
        with pytest.raises(Misconfigured):
            built(Reach(SECRETS, url, session))


async def test_the_time_asked_for_is_that_of_the_pay_address(asking: Asking, vnpay: VnpayServer) -> None:
    """To the second and in Vietnam's time, or VNPay finds nothing."""
    await asking.ask([replace(ASKED, made_at=datetime(2025, 12, 31, 17, 0, 0, 999_000, tzinfo=UTC))])
    assert vnpay.heard[0]["vnp_TransactionDate"] == 20260101000000
