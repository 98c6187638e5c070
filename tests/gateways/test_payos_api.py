"""The client against a real HTTP server that speaks payOS's wire."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from payos import AsyncPayOS

from gateways.gateway import Link, Links, LinkState, LinkWanted
from gateways.payos_api import Channel, confirm_webhook, links
from gateways.payos_wire import BODY_LIMIT, Unknown, Wire
from sales.errors import Later, LinkExists, Misconfigured, Rejected
from sales.money import Money
from tests.clock import FrozenClock
from tests.gateways.payos_server import PayosServer, refusal, saying, serving
from tests.gateways.payos_signing import SECRETS

UNTIL = datetime(2026, 11, 21, 3, 19, 5, 999999, tzinfo=UTC)
WANTED = LinkWanted(251022001, "KX7R2M9CF", Money(199000), UNTIL, "https://t.me/shop?a=1&b=ộ")
HOOK = "https://shop.example/webhooks/main/payos"
FILE = Path(__file__).parents[1] / "vectors" / "signatures.json"
CAPTURED: list[dict[str, Any]] = [
    vector["request"] for vector in json.loads(FILE.read_text("utf-8"))["vectors"] if "payos.wire.node" in vector["id"]
]


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
async def payos() -> AsyncIterator[PayosServer]:
    async with serving() as server:
        yield server


@pytest.fixture
def api(payos: PayosServer, session: ClientSession, clock: FrozenClock) -> Links:
    return links(SECRETS, payos.url, session, clock)


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


@pytest.mark.parametrize("code", ["20", "201", "214", "401", "999", "", "00 "])
@pytest.mark.parametrize("status", [200, 400, 401, 403])
async def test_what_payos_will_never_do_is_rejected(api: Links, payos: PayosServer, code: str, status: int) -> None:
    echoed = f"wrong: {SECRETS['api_key']} {SECRETS['client_id']} {SECRETS['checksum_key']}\n" + "x" * 5000
    payos.fault = saying(status, refusal(code, echoed))
    with pytest.raises(Rejected) as rejected:
        await api.open(WANTED)
    reason = str(rejected.value)
    assert reason.startswith(f"payOS {code}: wrong: … … … xxx")
    assert (len(reason) < 300, type(rejected.value)) == (True, Rejected)


async def test_wrong_keys_and_a_wrong_signature_are_rejected(payos: PayosServer, session: ClientSession) -> None:
    for name, code in (("client_id", "401"), ("api_key", "401"), ("checksum_key", "201")):
        with pytest.raises(Rejected, match=f"payOS {code}"):
            await links({**SECRETS, name: "another"}, payos.url, session).open(WANTED)


@pytest.mark.parametrize("key", ["a\r\nb: c", "khóa"])
async def test_a_key_that_fits_no_header_is_rejected_before_it_is_sent(
    payos: PayosServer, session: ClientSession, key: str
) -> None:
    with pytest.raises(Rejected) as rejected:
        await links({**SECRETS, "api_key": key}, payos.url, session).ask(1)
    assert (key in str(rejected.value), payos.heard) == (False, [])


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 599])
@pytest.mark.parametrize("body", ["<html>busy</html>", json.dumps(refusal("231", "x"))])
async def test_a_busy_payos_is_asked_later(api: Links, payos: PayosServer, status: int, body: str) -> None:
    payos.fault = saying(status, body)
    with pytest.raises(Later) as later:
        await api.open(WANTED)
    assert later.value.seconds is None


async def test_payos_says_how_much_later(api: Links, payos: PayosServer, clock: FrozenClock) -> None:
    reset = str(int(clock().timestamp()) + 12)
    for headers, seconds in (({"Retry_After": "7"}, 7), ({"x_ratelimit_reset": reset, "Retry_After": "7"}, 12)):
        payos.fault = saying(429, refusal("429", "too many"), **headers)
        with pytest.raises(Later) as later:
            await api.ask(1)
        assert later.value.seconds == pytest.approx(seconds, abs=1)


async def test_too_many_requests_may_come_as_a_code(api: Links, payos: PayosServer) -> None:
    payos.fault = saying(200, refusal("429", "too many"))
    with pytest.raises(Later):
        await api.ask(1)


TWISTS = {
    "unsigned": {"signature": None},
    "signed empty": {"signature": ""},
    "wrongly signed": {"signature": "0" * 64},
    "signed as a number": {"signature": 7},
    "no data": {"data": None},
    "data no object": {"data": []},
    "no code": {"code": None},
    "code a number": {"code": 0},
}


@pytest.mark.parametrize("twist", TWISTS)
async def test_an_answer_not_signed_as_it_should_be_is_none(api: Links, payos: PayosServer, twist: str) -> None:
    payos.twist = lambda answer: answer | TWISTS[twist]
    for call in (api.open(WANTED), api.ask(251022001), api.cancel(251022001, "x")):
        with pytest.raises(Later):
            await call


async def test_every_changed_value_of_an_answer_is_seen(api: Links, payos: PayosServer) -> None:
    await api.open(WANTED)
    for name, value in list(payos.links[251022001].items()):
        other = value + 1 if isinstance(value, int) else f"{value}x"
        payos.twist = lambda answer, name=name, other=other: answer | {"data": answer["data"] | {name: other}}
        with pytest.raises(Later):
            await api.ask(251022001)


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


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_never_followed(api: Links, payos: PayosServer, status: int) -> None:
    payos.fault = saying(status, {"code": "00"}, Location=f"{payos.url}/elsewhere")
    with pytest.raises(Later):
        await api.open(WANTED)
    assert len(payos.heard) == 1


@pytest.mark.parametrize("body", ["", "not JSON", "[1", '{"code":"00","code":"00"}', "[" * 100_000, "1," * 5000])
async def test_an_answer_that_is_no_json_is_none(api: Links, payos: PayosServer, body: str) -> None:
    payos.fault = saying(200, body)
    with pytest.raises(Later) as later:
        await api.ask(1)
    assert later.value.__suppress_context__


async def test_an_endless_answer_is_cut_short(api: Links, payos: PayosServer) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" " * 65536)
            sent += 65536

    payos.fault = endless
    with pytest.raises(Later, match="Malformed"):
        await api.ask(1)
    assert sent < BODY_LIMIT + 16 * 1024 * 1024


async def test_a_payos_that_never_answers_is_asked_later(payos: PayosServer, session: ClientSession) -> None:
    never = asyncio.Event()

    async def silent(_request: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    payos.fault = silent
    wire = Wire(SECRETS, payos.url, session, patience=0.05)
    with pytest.raises(Later, match="Timeout"):
        await wire.signed("GET", "/")
    never.set()


async def test_a_payos_that_hangs_up_or_is_not_there_is_asked_later(
    api: Links, payos: PayosServer, session: ClientSession
) -> None:
    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    payos.fault = hang_up
    with pytest.raises(Later):
        await api.open(WANTED)
    with pytest.raises(Later):
        await links(SECRETS, "http://127.0.0.1:9", session).ask(1)


@pytest.mark.parametrize(
    "base", ["http://api-merchant.payos.vn", "http://10.0.0.1", "http://localhost.example", "ftp://127.0.0.1", ""]
)
async def test_keys_never_travel_unencrypted(session: ClientSession, base: str) -> None:
    with pytest.raises(Misconfigured, match="payos-url-insecure"):
        links(SECRETS, base, session)


@pytest.mark.parametrize(
    "base", ["https://api-merchant.payos.vn", "http://127.0.0.1:1", "http://localhost", "http://[::1]:2"]
)
async def test_https_and_this_machine_are_fine(session: ClientSession, base: str) -> None:
    assert links(SECRETS, base, session)


async def test_another_currency_is_a_bug(api: Links) -> None:
    with pytest.raises(ValueError, match="VND"):
        await api.open(replace(WANTED, amount=Money(199000, "USD")))


async def test_no_secret_is_shown(session: ClientSession) -> None:
    shown = repr(Wire(SECRETS, "https://api-merchant.payos.vn", session))
    assert not [secret for secret in SECRETS.values() if secret in shown]


async def test_an_address_is_registered(payos: PayosServer, session: ClientSession) -> None:
    told = await confirm_webhook(SECRETS, payos.url, session, HOOK)
    assert told == Channel("0000111122223333", "NGUYEN VAN A", "Cửa hàng", "MB")
    assert (payos.heard[0].path, payos.heard[0].body) == ("/confirm-webhook", {"webhookUrl": HOOK})
    payos.twist = lambda answer: answer | {"signature": None}
    assert await confirm_webhook(SECRETS, payos.url, session, HOOK) == told
    payos.twist = lambda answer: answer | {"data": None}
    with pytest.raises(Later):
        await confirm_webhook(SECRETS, payos.url, session, HOOK)


async def test_an_address_that_payos_cannot_reach_is_rejected(payos: PayosServer, session: ClientSession) -> None:
    payos.fault = saying(400, refusal("20", "Webhook url không hoạt động"))
    with pytest.raises(Rejected, match="không hoạt động"):
        await confirm_webhook(SECRETS, payos.url, session, HOOK)


async def test_the_server_here_answers_as_the_official_client_expects(payos: PayosServer, api: Links) -> None:
    """Two readers of one wire: what our client opened, the official one finds, and the other way round."""
    keys = {"client_id": SECRETS["client_id"], "api_key": SECRETS["api_key"]}
    async with AsyncPayOS(**keys, checksum_key=SECRETS["checksum_key"], base_url=payos.url, max_retries=0) as official:
        await api.open(WANTED)
        found = await official.payment_requests.get(251022001)
        assert (found.id, found.amount, found.status) == ("link251022001", 199000, "PENDING")
        cancelled = await official.payment_requests.cancel(251022001, "het hang")
        assert cancelled.status == "CANCELLED"
        confirmed = await official.webhooks.confirm(HOOK)
        assert confirmed.short_name == "MB"
    asked = await api.ask(251022001)
    assert asked is not None
    assert asked.state is LinkState.CLOSED
