"""Links that are opened, asked for and cancelled, against a real HTTP server that speaks payOS's wire."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateways.gateway import Link, Links, LinkState
from gateways.payos_wire import Unknown
from sales.errors import Later, LinkExists, Rejected
from sales.money import Money
from tests.gateways.payos_server import WANTED, PayosServer, refusal, saying

FILE = Path(__file__).parents[1] / "vectors" / "signatures.json"
CAPTURED: list[dict[str, Any]] = [
    vector["request"] for vector in json.loads(FILE.read_text("utf-8"))["vectors"] if "payos.wire.node" in vector["id"]
]


async def test_a_link_is_opened_asked_for_and_cancelled(api: Links, payos: PayosServer) -> None:
    opened = await api.open(WANTED)
    assert opened == Link(
        number=251022001,
        id="link251022001",
        state=LinkState.OPEN,
        amount=Money(199000),
        paid=Money(0),
        qr="00020101021238570010A000000727",
        url="https://pay.payos.vn/web/link251022001",
        bin="970422",
        account="VQRQ00000001",
        holder="CUA HANG SO",
        memo="CS62H9BJD45 KX7R2M9CF",
    )
    asked = Link(251022001, "link251022001", LinkState.OPEN, Money(199000), Money(0))
    assert await api.ask(251022001) == asked
    await api.cancel(251022001, "Khách đổi ý")
    assert await api.ask(251022001) == replace(asked, state=LinkState.CLOSED)
    assert payos.links[251022001]["cancellationReason"] == "Khách đổi ý"


async def test_what_is_sent_is_what_the_official_package_sends(api: Links, payos: PayosServer) -> None:
    await api.open(WANTED)
    await api.ask(251022001)
    await api.cancel(251022001, "het hang")
    for heard, captured in zip(payos.heard, CAPTURED[:3], strict=True):
        assert (heard.method, heard.path) == (captured["method"], captured["path"])
        assert heard.headers["x-client-id"] == "dummy-client"
        assert heard.headers["x-api-key"] == "dummy-api"
        assert set(heard.body or {}) == set(json.loads(captured["body"] or "{}"))
    body = payos.heard[0].body
    assert (body["description"], body["expiredAt"]) == ("KX7R2M9CF", 1795231145)
    assert body["cancelUrl"] == body["returnUrl"] == WANTED.back
    assert payos.heard[2].body == json.loads(CAPTURED[2]["body"])


async def test_a_number_taken_and_a_number_unknown(api: Links) -> None:
    await api.open(WANTED)
    with pytest.raises(LinkExists):
        await api.open(WANTED)
    assert await api.ask(7) is None
    with pytest.raises(Unknown):
        await api.cancel(7, "x")


async def test_404_with_a_code_is_unknown_and_without_one_is_no_answer(api: Links, payos: PayosServer) -> None:
    payos.fault = saying(404, refusal("999", "not found"))
    assert await api.ask(7) is None
    for body in ("<html>", "{}", "[]", '{"code":404}'):
        payos.fault = saying(404, body)
        with pytest.raises(Later):
            await api.ask(7)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("PENDING", LinkState.OPEN),
        ("PROCESSING", LinkState.OPEN),
        ("PAID", LinkState.PAID),
        ("UNDERPAID", LinkState.UNDERPAID),
        ("CANCELLED", LinkState.CLOSED),
        ("EXPIRED", LinkState.CLOSED),
        ("FAILED", LinkState.CLOSED),
    ],
)
async def test_states(api: Links, payos: PayosServer, status: str, state: LinkState) -> None:
    await api.open(WANTED)
    payos.links[251022001] |= {"status": status, "amountPaid": 50000}
    assert await api.ask(251022001) == Link(251022001, "link251022001", state, Money(199000), Money(50000))


async def test_a_link_that_payos_does_not_cancel_stays(api: Links, payos: PayosServer) -> None:
    await api.open(WANTED)
    payos.data = {"status": "PAID"}
    with pytest.raises(Rejected, match="stays PAID"):
        await api.cancel(251022001, "x")


@pytest.mark.parametrize(
    "change",
    [
        {"orderCode": 7},
        {"amount": 198999},
        {"amount": "199000"},
        {"currency": "USD"},
        {"status": "SOLD"},
        {"status": None},
        {"paymentLinkId": ""},
        {"paymentLinkId": "a:b"},
        {"qrCode": ""},
        {"qrCode": "0" * 1001},
        {"checkoutUrl": "javascript:alert(1)"},
        {"bin": "MB"},
        {"accountNumber": ""},
    ],
    ids=str,
)
async def test_a_signed_answer_must_be_about_what_was_asked(
    api: Links, payos: PayosServer, change: dict[str, Any]
) -> None:
    payos.data = change
    with pytest.raises(Later):
        await api.open(WANTED)


@pytest.mark.parametrize("change", [{"orderCode": 7}, {"status": "SOLD"}, {"amountPaid": -1}, {"id": ""}], ids=str)
async def test_so_must_one_that_was_asked_for(api: Links, payos: PayosServer, change: dict[str, Any]) -> None:
    await api.open(WANTED)
    payos.data = change
    for call in (api.ask(251022001), api.cancel(251022001, "x")):
        with pytest.raises(Later):
            await call


async def test_newer_fields_are_let_in(api: Links, payos: PayosServer) -> None:
    payos.data = {"aNewerField": "x", "zone": None}
    assert (await api.open(WANTED)).id == "link251022001"
    assert (await api.ask(251022001)) is not None


async def test_another_currency_is_a_bug(api: Links) -> None:
    with pytest.raises(ValueError, match="VND"):
        await api.open(replace(WANTED, amount=Money(199000, "USD")))
