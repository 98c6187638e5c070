"""Paying out by payOS: what is asked, what its signed answer is worth, and that nothing else is believed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession, web

from gateways.gateway import Reach
from gateways.giving import Given, Giver, Giving, Stage
from gateways.payos_payout import PAYOS_PAYOUT
from sales.errors import Later, Misconfigured, Rejected
from sales.money import Money
from sales.pace import GIVING
from sales.payee import Payee
from tests.clock import FrozenClock
from tests.gateways.payos_server import saying
from tests.gateways.payout_server import CRYPTO, KEY, SECRETS, Handler, PayoutServer, serving

UUID = "0b6f3a52-7a53-4c1e-9d59-1f2c3b4a5d6e"
WANTED = Giving(UUID, Money(50_000), "RF2345679 HOAN TIEN", Payee("970436", "0071000123456", "NGUYEN VAN A"))
REF = f"id-{UUID}"


@pytest.fixture
async def payos() -> AsyncIterator[PayoutServer]:
    async with serving() as server:
        yield server


@pytest.fixture
def giver(payos: PayoutServer, session: ClientSession, clock: FrozenClock) -> Giver:
    return built(Reach(SECRETS, payos.url, session, clock))


def built(reach: Reach) -> Giver:
    assert PAYOS_PAYOUT.payout is not None
    found = PAYOS_PAYOUT.payout(reach)
    assert found is not None
    return found


async def test_what_is_asked(payos: PayoutServer, giver: Giver) -> None:
    assert await giver.send(WANTED) == Given(Stage.UNDER_WAY, REF)
    method, path, headers, body = payos.heard[0]
    assert (method, path, headers["x-idempotency-key"]) == ("POST", "/v1/payouts", UUID)
    assert (headers["x-client-id"], headers["x-api-key"]) == (SECRETS["client_id"], SECRETS["api_key"])
    assert headers["x-signature"] == CRYPTO.create_signature(KEY, body)
    assert body == {
        "referenceId": UUID,
        "amount": 50_000,
        "description": "RF2345679 HOAN TIEN",
        "toBin": "970436",
        "toAccountNumber": "0071000123456",
        "category": ["refund"],
    }
    assert giver.pace == GIVING


async def test_asked_again_by_the_same_key_it_is_the_same_payout(payos: PayoutServer, giver: Giver) -> None:
    assert await giver.send(WANTED) == await giver.send(WANTED)
    assert len(payos.payouts) == 1


@pytest.mark.parametrize(
    ("state", "approval", "stage"),
    [
        ("RECEIVED", "SUBMITTED", Stage.UNDER_WAY),
        ("RECEIVED", "DRAFTING", Stage.UNDER_WAY),
        ("PROCESSING", "PROCESSING", Stage.UNDER_WAY),
        ("ON_HOLD", "APPROVED", Stage.UNDER_WAY),
        ("RECEIVED", "COMPLETED", Stage.UNDER_WAY),
        ("A_NEWER_STATE", "A_NEWER_STATE", Stage.UNDER_WAY),
        ("SUCCEEDED", "COMPLETED", Stage.ARRIVED),
        ("REVERSED", "COMPLETED", Stage.FAILED),
        ("FAILED", "COMPLETED", Stage.FAILED),
        ("CANCELLED", "CANCELLED", Stage.FAILED),
        ("RECEIVED", "REJECTED", Stage.FAILED),
        ("ON_HOLD", "CANCELLED", Stage.FAILED),
        ("PROCESSING", "REJECTED", Stage.UNDER_WAY),
    ],
)
async def test_only_succeeded_has_arrived(
    payos: PayoutServer, giver: Giver, state: str, approval: str, stage: Stage
) -> None:
    await giver.send(WANTED)
    payos.state, payos.approval = state, approval
    told = await giver.ask(WANTED, REF)
    assert told is not None
    assert (told.stage, told.ref, payos.heard[-1][:2]) == (stage, REF, ("GET", f"/v1/payouts/{REF}"))
    assert bool(told.reason) == (stage is Stage.FAILED)


async def test_why_it_failed_is_told_in_payos_words(payos: PayoutServer, giver: Giver) -> None:
    payos.state, payos.changes = "FAILED", {"errorCode": "05", "errorMessage": "Sai số tài khoản"}
    assert (await giver.send(WANTED)).reason == "FAILED 05 Sai số tài khoản"
    payos.state, payos.approval, payos.changes = "RECEIVED", "REJECTED", {}
    assert await giver.send(WANTED) == Given(Stage.FAILED, REF, "REJECTED")


async def test_without_its_number_it_is_found_by_our_reference(payos: PayoutServer, giver: Giver) -> None:
    assert await giver.ask(WANTED, "") is None
    await giver.send(WANTED)
    payos.state = "SUCCEEDED"
    assert await giver.ask(WANTED, "") == Given(Stage.ARRIVED, REF)
    assert payos.heard[-1][1] == f"/v1/payouts?referenceId={UUID}"
    assert await giver.ask(replace(WANTED, key="another"), "") is None


@pytest.mark.parametrize("ref", ["", REF])
@pytest.mark.parametrize("signature", [None, "", "0" * 64, "of another answer", "twice"])
async def test_an_answer_that_is_not_signed_says_nothing(
    payos: PayoutServer, giver: Giver, signature: str | None, ref: str
) -> None:
    """Neither that it went nor that it did not: it is asked for again."""

    def unsign(_: dict[str, Any], headers: dict[str, str]) -> None:
        true = headers.pop("x-signature")
        if signature == "of another answer":
            headers["x-signature"] = CRYPTO.create_signature(KEY, {"id": "x"})
        elif signature == "twice":
            headers |= {"X-Signature": f"{true}, {true}"}
        elif signature is not None:
            headers["x-signature"] = signature

    await giver.send(WANTED)
    payos.state, payos.twist = "SUCCEEDED", unsign
    for call in (giver.send(WANTED), giver.ask(WANTED, ref)):
        with pytest.raises(Later, match="signed"):
            await call


@pytest.mark.parametrize("change", [{"approvalState": "COMPLETED"}, {"id": "id-other"}, {"transactions": []}])
async def test_a_changed_answer_breaks_its_signature(payos: PayoutServer, giver: Giver, change: dict[str, Any]) -> None:
    def lie(answer: dict[str, Any], _: dict[str, str]) -> None:
        answer["data"] |= change

    payos.twist = lie
    with pytest.raises(Later, match="signed"):
        await giver.send(WANTED)


async def test_no_word_is_believed_without_a_key(payos: PayoutServer, session: ClientSession) -> None:
    for blank in ("", " \n"):
        with pytest.raises((Later, Rejected)):
            await built(Reach({**SECRETS, "checksum_key": blank}, payos.url, session)).send(WANTED)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
async def test_what_may_have_been_heard_is_later(payos: PayoutServer, giver: Giver, status: int) -> None:
    payos.fault = saying(status, {"code": str(status), "desc": "busy"}, Retry_After="7")
    with pytest.raises(Later) as later:
        await giver.send(WANTED)
    assert later.value.seconds == 7


@pytest.mark.parametrize("body", ["<html>", {"code": "00", "desc": "success"}, {"code": "00", "data": []}, {}, [], "{"])
async def test_an_answer_that_is_none_is_later(payos: PayoutServer, giver: Giver, body: Any) -> None:
    payos.fault = saying(200, body)
    with pytest.raises(Later):
        await giver.send(WANTED)


@pytest.mark.parametrize("code", ["429", "500", "503"])
async def test_trouble_that_hides_in_a_success_is_later(payos: PayoutServer, giver: Giver, code: str) -> None:
    payos.fault = saying(200, {"code": code, "desc": "trouble"})
    with pytest.raises(Later):
        await giver.send(WANTED)


@pytest.mark.parametrize(("status", "code"), [(200, "20"), (400, "601"), (401, "401"), (200, "101")])
async def test_a_refusal_is_told_in_payos_words(payos: PayoutServer, giver: Giver, status: int, code: str) -> None:
    payos.refuses = saying(status, {"code": code, "desc": "Không đủ tiền"})
    with pytest.raises(Rejected, match=f"payOS {code}: Không đủ tiền"):
        await giver.send(WANTED)
    assert [method for method, *_ in payos.heard] == ["POST", "GET"]


@pytest.mark.parametrize(("status", "code"), [(403, "403"), (200, "20"), (404, "404"), (401, "")])
async def test_a_refusal_is_not_signed_and_so_not_believed_against_the_signed_list(
    payos: PayoutServer, giver: Giver, status: int, code: str
) -> None:
    """It went, and whoever stands between, or payOS itself, says that it was refused."""
    await giver.send(WANTED)
    payos.refuses = saying(status, {"code": code, "desc": "no"})
    assert await giver.send(WANTED) == Given(Stage.UNDER_WAY, REF)


@pytest.mark.parametrize("fault", [saying(403, {"code": "403", "desc": "no"}), saying(401, ""), saying(502, "")])
async def test_while_the_list_is_refused_too_nobody_can_tell(payos: PayoutServer, giver: Giver, fault: Handler) -> None:
    payos.fault = fault
    with pytest.raises(Later):
        await giver.send(WANTED)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404])
async def test_success_is_never_a_refusal(payos: PayoutServer, giver: Giver, status: int) -> None:
    payos.refuses = saying(status, {"code": "00", "desc": "success"})
    with pytest.raises(Later):
        await giver.send(WANTED)


@pytest.mark.parametrize("page", [{"hasMore": True}, {"hasMore": None}, {}, None, []], ids=str)
async def test_a_list_that_goes_on_does_not_say_that_it_was_never_sent(
    payos: PayoutServer, giver: Giver, page: Any
) -> None:
    payos.data = {"pagination": page}
    with pytest.raises(Later, match="more"):
        await giver.ask(WANTED, "")


@pytest.mark.parametrize("looking", ["shown", "not yet", "deaf", "refused"])
async def test_what_payos_has_already_is_looked_at_and_never_taken_for_refused(
    payos: PayoutServer, giver: Giver, looking: str
) -> None:
    """It went, and the answer was lost; its list may show it later than it knows of it."""
    if looking != "not yet":
        await giver.send(WANTED)
    exists = saying(200, {"code": "231", "desc": "Lệnh chi đã tồn tại"})
    answers = {"deaf": saying(500, "down"), "refused": saying(403, {"code": "403", "desc": "no"})}

    async def fault(request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            return await exists(request)
        if looking in answers:
            return await answers[looking](request)
        payos.fault = None
        return await payos.handle(request)

    payos.fault = fault
    if looking == "shown":
        assert await giver.send(WANTED) == Given(Stage.UNDER_WAY, REF)
        return
    with pytest.raises(Later):
        await giver.send(WANTED)


async def test_wrong_keys_are_refused_and_never_told(payos: PayoutServer, session: ClientSession) -> None:
    """Nor believed: the list that could tell is refused as well."""
    with pytest.raises(Later, match="x-api-key is wrong") as refusal:
        await built(Reach({**SECRETS, "api_key": "another-key"}, payos.url, session)).send(WANTED)
    assert "another-key" not in str(refusal.value)


@pytest.mark.parametrize(
    "data",
    [
        {"referenceId": "other"},
        {"id": ""},
        {"id": "a/b"},
        {"id": 7},
        {"transactions": None},
        {"transactions": [{"amount": 50_000, "state": "SUCCEEDED"}] * 2},
        {"transactions": [{"amount": 49_999, "state": "SUCCEEDED"}]},
        {"transactions": [{"amount": "50000", "state": "SUCCEEDED"}]},
        {"approvalState": None},
    ],
    ids=str,
)
async def test_an_answer_of_another_shape_or_payout_is_later(
    payos: PayoutServer, giver: Giver, data: dict[str, Any]
) -> None:
    payos.data = data
    with pytest.raises(Later):
        await giver.send(WANTED)


async def test_an_answer_whose_list_is_none_is_later(payos: PayoutServer, giver: Giver) -> None:
    payos.data = {"payouts": None}
    with pytest.raises(Later, match="reference"):
        await giver.ask(WANTED, "")


async def test_a_payout_that_payos_has_forgotten_is_not_taken_for_none(giver: Giver) -> None:
    for ref in (REF, "../payment-requests/1"):
        with pytest.raises(Later):
            await giver.ask(WANTED, ref)


async def test_keys_never_go_unencrypted_and_only_dong_go(session: ClientSession, giver: Giver) -> None:
    with pytest.raises(Misconfigured):
        built(Reach(SECRETS, "http://payos.example", session))
    with pytest.raises(ValueError, match="VND"):
        await giver.send(replace(WANTED, amount=Money(1, "USD")))
