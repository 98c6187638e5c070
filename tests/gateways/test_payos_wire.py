"""What one call makes of all that payOS may answer, against a real HTTP server."""

import asyncio
import json

import pytest
from aiohttp import ClientSession, web

from gateways.gateway import Links, Reach
from gateways.payos_api import links
from gateways.payos_wire import BODY_LIMIT, Wire
from sales.errors import Later, Misconfigured, Rejected
from tests.clock import FrozenClock
from tests.gateways.payos_server import WANTED, PayosServer, refusal, saying
from tests.gateways.payos_signing import SECRETS


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


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_a_success_under_a_refusing_status_is_neither(api: Links, payos: PayosServer, status: int) -> None:
    payos.fault = saying(status, {"code": "00", "desc": "success", "data": None})
    with pytest.raises(Later):
        await api.open(WANTED)


async def test_wrong_keys_and_a_wrong_signature_are_rejected(payos: PayosServer, session: ClientSession) -> None:
    for name, code in (("client_id", "401"), ("api_key", "401"), ("checksum_key", "201")):
        with pytest.raises(Rejected, match=f"payOS {code}"):
            await links(Reach({**SECRETS, name: "another"}, payos.url, session)).open(WANTED)


@pytest.mark.parametrize("body", ["", "Unauthorized", "<html>", "[]", '{"message": "Unauthorized"}'])
async def test_a_401_refuses_the_keys_whatever_stands_in_it(api: Links, payos: PayosServer, body: str) -> None:
    payos.fault = saying(401, body)
    with pytest.raises(Rejected, match="HTTP 401"):
        await api.open(WANTED)
    payos.fault = saying(403, body)
    with pytest.raises(Later):
        await api.open(WANTED)


@pytest.mark.parametrize("key", ["a\r\nb: c", "khóa"])
async def test_a_key_that_fits_no_header_is_rejected_before_it_is_sent(
    payos: PayosServer, session: ClientSession, key: str
) -> None:
    with pytest.raises(Rejected) as rejected:
        await links(Reach({**SECRETS, "api_key": key}, payos.url, session)).ask(1)
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
        await links(Reach(SECRETS, "http://127.0.0.1:9", session)).ask(1)


@pytest.mark.parametrize(
    "base", ["http://api-merchant.payos.vn", "http://10.0.0.1", "http://localhost.example", "ftp://127.0.0.1", ""]
)
async def test_keys_never_travel_unencrypted(session: ClientSession, base: str) -> None:
    with pytest.raises(Misconfigured, match="url-insecure") as insecure:
        links(Reach(SECRETS, base, session))
    assert insecure.value.values == {"setting": "PAYOS_API_URL"}


@pytest.mark.parametrize(
    "base", ["https://api-merchant.payos.vn", "http://127.0.0.1:1", "http://localhost", "http://[::1]:2"]
)
async def test_https_and_this_machine_are_fine(session: ClientSession, base: str) -> None:
    assert links(Reach(SECRETS, base, session))


async def test_no_secret_is_shown(session: ClientSession) -> None:
    shown = repr(Wire(SECRETS, "https://api-merchant.payos.vn", session))
    assert not [secret for secret in SECRETS.values() if secret in shown]
