"""Orders that are asked for, against a real HTTP server that speaks SePay's wire, and one that does not."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientSession, web

from gateways.gateway import Asking, Reach
from gateways.http_call import BODY_LIMIT
from gateways.sepay_pg import SEPAY_PG
from sales.errors import CutShort, Later, Misconfigured, Rejected
from sales.pace import CALM
from tests.clock import FrozenClock
from tests.gateways.asked import question
from tests.gateways.payos_server import saying
from tests.gateways.sepay_pg_server import SepayPgServer, serving
from tests.gateways.sepay_pg_signing import SECRETS
from tests.gateways.test_sepay_pg_order import ARRIVED, order, transaction

INVOICE, NAME = "KX7R2M9CF-251022001", "SEPAY-68B01673A77FF"
DETAIL = f"/v1/order/detail/{INVOICE}"
LISTED = {"order_invoice_number": INVOICE, "order_id": NAME, "order_status": "CAPTURED"}


@pytest.fixture
async def sepay() -> AsyncIterator[SepayPgServer]:
    async with serving() as server:
        yield server


def asking(url: str, session: ClientSession, clock: FrozenClock, **secrets: str) -> Asking:
    assert SEPAY_PG.ask is not None
    return SEPAY_PG.ask(Reach({**SECRETS, **secrets}, url, session, clock))


@pytest.fixture
def look(sepay: SepayPgServer, session: ClientSession, clock: FrozenClock) -> Asking:
    return asking(sepay.url, session, clock)


def test_it_is_asked_calmly_about_a_few(look: Asking) -> None:
    assert (look.pace, look.most, look.gap) == (CALM, 20, timedelta(seconds=1))


async def test_an_order_is_found_by_its_invoice(look: Asking, sepay: SepayPgServer) -> None:
    sepay.orders[INVOICE] = order(transaction())
    assert await look.ask([question()]) == (ARRIVED,)
    assert sepay.heard == [DETAIL]


async def test_or_by_the_name_that_the_list_tells(look: Asking, sepay: SepayPgServer) -> None:
    sepay.orders[NAME] = order(transaction())
    sepay.listed = [{"order_invoice_number": f"{INVOICE}0", "order_id": "SEPAY-1"}, "?", LISTED]
    assert await look.ask([question()]) == (ARRIVED,)
    assert sepay.heard == [DETAIL, f"/v1/order?q={INVOICE}", f"/v1/order/detail/{NAME}"]


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize("listed", [[], ["?"], [{"order_invoice_number": "OTHER-1", "order_id": "SEPAY-1"}]])
async def test_an_order_that_nobody_has_opened_tells_nothing(
    look: Asking, sepay: SepayPgServer, status: int, listed: object
) -> None:
    sepay.unknown, sepay.listed = status, listed
    assert await look.ask([question()]) == ()
    assert len(sepay.heard) == 2


@pytest.mark.parametrize("name", [None, 7, "", "a/b", "../..", "x" * 101, "a?b"])
async def test_a_name_that_fits_no_address_is_never_asked_for(look: Asking, sepay: SepayPgServer, name: object) -> None:
    sepay.listed = [LISTED | {"order_id": name}]
    assert await look.ask([question()]) == ()
    assert len(sepay.heard) == 2


async def test_an_invoice_that_is_listed_twice_is_nobodys(look: Asking, sepay: SepayPgServer) -> None:
    sepay.orders[NAME], sepay.listed = order(transaction()), [LISTED, LISTED | {"order_id": "SEPAY-2"}]
    assert await look.ask([question()]) == ()


async def test_the_order_of_somebody_else_is_a_lie(look: Asking, sepay: SepayPgServer) -> None:
    sepay.orders[INVOICE] = order(transaction(), order_invoice_number="KX7R2M9CF-7")
    with pytest.raises(Later, match="another order"):
        await look.ask([question()])


async def test_wrong_keys_are_rejected(sepay: SepayPgServer, session: ClientSession, clock: FrozenClock) -> None:
    for name in SECRETS:
        with pytest.raises(Rejected, match="HTTP 401"):
            await asking(sepay.url, session, clock, **{name: "another"}).ask([question()])


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
async def test_a_busy_sepay_is_asked_later(look: Asking, sepay: SepayPgServer, status: int) -> None:
    sepay.fault = saying(status, "<html>busy</html>", Retry_After="7")
    with pytest.raises(Later) as later:
        await look.ask([question()])
    assert later.value.seconds == 7


@pytest.mark.parametrize("status", [301, 302, 307])
async def test_a_redirect_is_never_followed(look: Asking, sepay: SepayPgServer, status: int) -> None:
    sepay.fault = saying(status, {"data": order(transaction())}, Location=f"{sepay.url}/elsewhere")
    with pytest.raises(Later):
        await look.ask([question()])
    assert len(sepay.heard) == 1


@pytest.mark.parametrize("body", ["", "<html>", "[1", '{"data":1,"data":2}', "[" * 100_000, "1," * 5000])
async def test_an_answer_that_is_no_json_is_none(look: Asking, sepay: SepayPgServer, body: str) -> None:
    sepay.fault = saying(200, body)
    with pytest.raises(Later):
        await look.ask([question()])


async def test_all_that_are_asked_about_are_told_of(look: Asking, sepay: SepayPgServer) -> None:
    sepay.orders = {f"KX7R2M9CF-{n}": order(transaction(), order_invoice_number=f"KX7R2M9CF-{n}") for n in range(1, 20)}
    told = await look.ask([question(n) for n in range(1, 21)])
    assert [each.number for each in told] == list(range(1, 20))


async def test_what_was_told_before_trouble_is_not_lost(look: Asking, sepay: SepayPgServer) -> None:
    sepay.orders = {INVOICE: order(transaction()), "KX7R2M9CF-2": order(order_invoice_number="KX7R2M9CF-7")}
    with pytest.raises(CutShort) as cut:
        await look.ask([question(), question(2)])
    assert (cut.value.found, cut.value.answered) == ((ARRIVED,), {251022001})
    assert isinstance(cut.value.trouble, Later)


NONSENSE = ["<html>Just a moment...</html>", "", "[]", "null", "7", '"no such order"']


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize("body", NONSENSE)
async def test_only_sepay_itself_can_say_that_there_is_no_order(
    look: Asking, sepay: SepayPgServer, status: int, body: str
) -> None:
    sepay.fault = saying(status, body)
    with pytest.raises(Later):
        await look.ask([question()])


@pytest.mark.parametrize("listed", [None, {}, "none", 0, {"order_invoice_number": INVOICE, "order_id": NAME}])
async def test_a_list_that_is_none_is_no_answer(look: Asking, sepay: SepayPgServer, listed: object) -> None:
    sepay.listed = listed
    with pytest.raises(Later):
        await look.ask([question()])


@pytest.mark.parametrize("data", [True, 7, "paid", [1], [], {}, None, {"order_status": "CAPTURED"}])
async def test_an_order_that_is_none_is_no_answer(look: Asking, sepay: SepayPgServer, data: object) -> None:
    sepay.fault = saying(200, {"data": data})
    with pytest.raises(Later):
        await look.ask([question()])


@pytest.mark.parametrize("body", ["{}", "[]", '{"error":"x"}', '{"message":"CAPTURED"}', "null"])
async def test_an_answer_that_tells_of_nothing_is_none(look: Asking, sepay: SepayPgServer, body: str) -> None:
    sepay.fault = saying(200, body)
    with pytest.raises(Later):
        await look.ask([question()])


async def test_an_endless_answer_is_cut_short(look: Asking, sepay: SepayPgServer) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" " * 65536)
            sent += 65536

    sepay.fault = endless
    with pytest.raises(Later, match="Malformed"):
        await look.ask([question()])
    assert sent < BODY_LIMIT + 16 * 1024 * 1024


async def test_a_sepay_that_hangs_up_or_is_not_there_is_asked_later(
    look: Asking, sepay: SepayPgServer, session: ClientSession, clock: FrozenClock
) -> None:
    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    sepay.fault = hang_up
    for each in (look, asking("http://127.0.0.1:9", session, clock)):
        with pytest.raises(Later) as later:
            await asyncio.wait_for(each.ask([question()]), 20)
        assert "127.0.0.1" not in str(later.value)


@pytest.mark.parametrize("url", ["http://pgapi.sepay.vn", "http://10.0.0.1", "ftp://127.0.0.1", ""])
async def test_keys_never_travel_unencrypted(session: ClientSession, clock: FrozenClock, url: str) -> None:
    with pytest.raises(Misconfigured, match="url-insecure"):
        asking(url, session, clock)


async def test_keys_of_any_letters_fit_the_header(
    sepay: SepayPgServer, session: ClientSession, clock: FrozenClock
) -> None:
    sepay.fault = saying(200, json.dumps({"data": order(transaction())}))
    for secret in ("khóa", "a\r\nb: c", "\udce9"):
        assert await asking(sepay.url, session, clock, secret=secret).ask([question()]) == (ARRIVED,)


@pytest.mark.parametrize("around", ["{}\n", " {}", "\t{}\r\n"])
async def test_what_was_pasted_around_the_keys_breaks_nothing(
    sepay: SepayPgServer, session: ClientSession, clock: FrozenClock, around: str
) -> None:
    sepay.orders[INVOICE] = order(transaction())
    pasted = {name: around.format(value) for name, value in SECRETS.items()}
    assert await asking(sepay.url, session, clock, **pasted).ask([question()]) == (ARRIVED,)


async def test_no_secret_is_shown(look: Asking, sepay: SepayPgServer) -> None:
    sepay.fault = saying(403, {"message": SECRETS["secret"]})
    with pytest.raises(Rejected) as rejected:
        await look.ask([question()])
    assert SECRETS["secret"] not in f"{rejected.value} {look}"
