"""Codes are asked for against a real HTTP server that speaks Bakong's wire; whatever it answers, no order is harmed."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from flows.check_payments import LONGEST
from gateways.bakong_api import AT_ONCE, LIST_AGAIN, MOST, TokenRefused, asking, try_token
from gateways.gateway import Asking, Reach
from gateways.http_call import PATIENCE
from sales.errors import CutShort, Later, Misconfigured, Rejected
from sales.pace import CLOSE
from tests.clock import FrozenClock
from tests.gateways.bakong_asked import SEEN, A, B, question
from tests.gateways.bakong_server import (
    ACCOUNT,
    LIST,
    SECRETS,
    SINGLE,
    TOKEN,
    BakongServer,
    failure,
    payment,
    saying,
    success,
)


async def test_one_call_asks_for_many_codes(desk: Asking, bakong: BakongServer) -> None:
    bakong.paid[A] = payment()
    assert await desk.ask([question(A), question(B, 251022002)]) == (SEEN,)
    assert bakong.heard == [(LIST, [A, B])]
    assert (desk.most, desk.pace, desk.gap) == (50, CLOSE, timedelta(seconds=1))


async def test_nothing_paid_is_nothing_seen(desk: Asking, bakong: BakongServer) -> None:
    assert await desk.ask([question()]) == ()
    assert await desk.ask([]) == ()
    assert await desk.ask([question("")]) == ()
    assert len(bakong.heard) == 1


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize("missing", [200, 404])
async def test_a_refused_list_is_given_up_for_a_while(
    desk: Asking, bakong: BakongServer, clock: FrozenClock, status: int, missing: int
) -> None:
    bakong.paid[B], bakong.missing_status = payment(), missing
    bakong.faults[LIST] = saying(status, "<html>Forbidden</html>")
    for _ in range(2):
        assert await desk.ask([question(A), question(B)]) == (SEEN,)
    assert [path for path, _ in bakong.heard] == [LIST, SINGLE, SINGLE, SINGLE, SINGLE]
    assert {body["md5"] for _, body in bakong.heard[1:3]} == {A, B}
    clock.now += LIST_AGAIN
    assert await desk.ask([question(A)]) == ()
    assert [path for path, _ in bakong.heard[5:]] == [LIST, SINGLE]


async def test_a_list_that_knows_none_of_them_may_say_so_by_404(desk: Asking, bakong: BakongServer) -> None:
    bakong.faults[LIST] = saying(404, failure(1))
    assert await desk.ask([question()]) == ()
    bakong.faults[LIST] = saying(200, failure("1"))
    assert await desk.ask([question()]) == ()
    assert [path for path, _ in bakong.heard] == [LIST, LIST]


async def test_a_failed_payment_is_none(desk: Asking, bakong: BakongServer) -> None:
    bakong.faults[LIST] = saying(403, "")
    bakong.faults[SINGLE] = saying(200, failure(3))
    assert await desk.ask([question()]) == ()


@pytest.mark.parametrize("receiver", [ACCOUNT, ACCOUNT.upper(), f" {ACCOUNT} "])
async def test_our_account_is_ours_however_it_is_written(desk: Asking, bakong: BakongServer, receiver: str) -> None:
    bakong.paid[A] = payment(toAccountId=receiver)
    (seen,) = await desk.ask([question()])
    assert seen.account == receiver.strip()


@pytest.mark.parametrize("receiver", ["other@toyb", "nguyen_van_a@devb", "nguyen_van_a", ACCOUNT + "x"])
async def test_money_for_somebody_else_is_not_ours(desk: Asking, bakong: BakongServer, receiver: str) -> None:
    bakong.paid = {A: payment(toAccountId=receiver), B: payment(hash="c" * 64)}
    with capture_logs() as logs:
        seen = await desk.ask([question(A, 1), question(B, 2)])
    assert [each.number for each in seen] == [2]
    (event,) = logs
    assert (event["event"], event["log_level"]) == ("bakong.paid_elsewhere", "warning")
    assert set(event) == {"event", "log_level", "attempt", "number", "hash"}
    assert event["number"] == 1


async def test_the_account_inside_the_code_is_the_one_that_counts(desk: Asking, bakong: BakongServer) -> None:
    bakong.paid[A] = payment(toAccountId="before@toyb")
    assert len(await desk.ask([question(account="before@toyb")])) == 1
    bakong.paid[A] = payment()
    assert len(await desk.ask([question(account="")])) == 1


@pytest.mark.parametrize(
    "items",
    [
        [{"md5": B, "status": "SUCCESS", "data": payment()}],
        [{"md5": A, "status": "PENDING", "data": payment()}],
        [{"md5": A, "data": payment()}],
        [{"status": "SUCCESS", "data": payment()}],
        [{"md5": [A], "status": "SUCCESS", "data": payment()}],
        [None, 1, "x", []],
        [],
        None,
    ],
    ids=str,
)
async def test_items_of_the_list_that_say_nothing_of_our_code(desk: Asking, bakong: BakongServer, items: Any) -> None:
    bakong.faults[LIST] = saying(200, success(items))
    assert await desk.ask([question()]) == ()


HOSTILE = [
    (200, "<html>Welcome</html>"),
    (200, ""),
    (200, "[]"),
    (200, "null"),
    (200, "{}"),
    (200, '{"responseCode":0,"responseCode":0,"data":[]}'),
    (200, '{"responseCode":NaN}'),
    (200, '{"responseCode":true,"data":[]}'),
    (200, '{"responseCode":0,"data":{"md5":"x"}}'),
    (200, '{"responseCode":0,"data":[' + ",".join(["1"] * 6000) + "]}"),
    (200, "x" * (256 * 1024 + 1)),
    (200, "[" * 100_000),
    (200, failure(9)),
    (500, failure(9)),
    (302, ""),
    (408, ""),
    (429, "<html>slow down</html>"),
    (502, "<html>bad gateway</html>"),
    (504, ""),
]


@pytest.mark.parametrize(("status", "body"), HOSTILE, ids=[f"{status} {str(body)[:30]}" for status, body in HOSTILE])
async def test_no_answer_is_later(desk: Asking, bakong: BakongServer, status: int, body: Any) -> None:
    bakong.faults[""] = saying(status, body, Location="https://elsewhere.example/")
    with pytest.raises(Later) as raised:
        await desk.ask([question()])
    assert TOKEN not in str(raised.value)
    assert "127.0.0.1" not in str(raised.value)


async def test_a_busy_server_says_for_how_long(desk: Asking, bakong: BakongServer) -> None:
    bakong.faults[""] = saying(429, "", Retry_After="42")
    with pytest.raises(Later) as raised:
        await desk.ask([question()])
    assert raised.value.seconds == 42


@pytest.mark.parametrize(
    ("status", "body"), [(401, failure(6)), (401, "<html>"), (200, failure(6)), (403, failure("6"))]
)
async def test_a_token_that_is_refused_must_be_renewed(
    desk: Asking, bakong: BakongServer, status: int, body: Any
) -> None:
    bakong.faults[""] = saying(status, body)
    with pytest.raises(TokenRefused, match="renew") as raised:
        await desk.ask([question()])
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(("status", "body"), [(403, "<html>"), (400, failure(5)), (200, failure(10)), (404, "<html>")])
async def test_what_is_refused_for_good_is_no_later(desk: Asking, bakong: BakongServer, status: int, body: Any) -> None:
    bakong.faults[""] = saying(status, body)
    with pytest.raises(Rejected):
        await desk.ask([question()])


@pytest.mark.parametrize("fault", [saying(429, ""), saying(401, "")])
async def test_trouble_on_the_way_hides_nothing_that_was_found(desk: Asking, bakong: BakongServer, fault: Any) -> None:
    bakong.paid[A] = payment()
    bakong.faults[LIST] = saying(403, "")

    async def single(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        return web.json_response(success(payment())) if body["md5"] == A else await fault(request)

    bakong.faults[SINGLE] = single
    for asked in ([question(A), question(B, 2)], [question(B, 2), question(A)]):
        with pytest.raises(CutShort) as cut:
            await desk.ask(asked)
        assert cut.value.found == (SEEN,)
        assert cut.value.answered == {SEEN.number}
        assert isinstance(cut.value.trouble, Later | TokenRefused)
    with pytest.raises((Later, Rejected)):
        await desk.ask([question(B)])


async def test_a_busy_server_is_heeded_though_money_was_found(desk: Asking, bakong: BakongServer) -> None:
    """Or it would be asked again at once, and ever again."""
    bakong.faults[LIST] = saying(403, "")
    digests = [f"{number:032x}" for number in range(20)]

    async def single(request: web.Request) -> web.StreamResponse:
        if (await request.json())["md5"] == digests[0]:
            return web.json_response(success(payment()))
        return web.Response(status=429, headers={"Retry-After": "42"})

    bakong.faults[SINGLE] = single
    with pytest.raises(CutShort) as cut:
        await desk.ask([question(digest, number) for number, digest in enumerate(digests)])
    assert isinstance(cut.value.trouble, Later)
    assert (cut.value.trouble.seconds, cut.value.answered) == (42, {0})
    assert [each.number for each in cut.value.found] == [0]
    assert len(bakong.heard) == 1 + AT_ONCE, "the others are not asked for any more"


async def test_one_list_may_tell_of_fifty_payments(desk: Asking, bakong: BakongServer) -> None:
    assert desk.most == 50
    bakong.paid = {f"{number:032x}": payment(hash=f"{number:064x}") for number in range(desk.most)}
    seen = await desk.ask([question(digest, number) for number, digest in enumerate(bakong.paid)])
    assert [(each.number, int(each.ref, 16)) for each in seen] == [(number, number) for number in range(desk.most)]
    assert [path for path, _ in bakong.heard] == [LIST]


def test_fifty_slow_answers_fit_into_one_look() -> None:
    assert (-(-MOST // AT_ONCE) + 1) * PATIENCE <= LONGEST


async def test_nobody_there_is_later(session: ClientSession, clock: FrozenClock) -> None:
    with pytest.raises(Later, match="Bakong"):
        await asking(Reach(SECRETS, "http://127.0.0.1:1", session, clock)).ask([question()])


async def test_the_token_goes_nowhere_unencrypted(session: ClientSession, clock: FrozenClock) -> None:
    with pytest.raises(Misconfigured):
        asking(Reach(SECRETS, "http://api-bakong.example.com/v1", session, clock))


async def test_a_token_no_header_takes_is_refused(bakong: BakongServer, session: ClientSession) -> None:
    reach = Reach(SECRETS | {"token": "a\r\nb"}, bakong.url, session)
    with pytest.raises(Rejected):
        await asking(reach).ask([question()])
    assert bakong.heard == []


async def test_a_token_is_tried_by_a_code_that_nobody_made(bakong_reach: Reach, bakong: BakongServer) -> None:
    await try_token(bakong_reach)
    assert bakong.heard == [(SINGLE, {"md5": "0" * 32})]
    with pytest.raises(TokenRefused):
        await try_token(replace(bakong_reach, secrets=SECRETS | {"token": "dummy-other"}))


async def test_many_rounds_at_once_do_not_mix(desk: Asking, bakong: BakongServer) -> None:
    bakong.paid = {A: payment(hash="a" * 64), B: payment(hash="b" * 64)}
    rounds = await asyncio.gather(*(desk.ask([question(digest, number)]) for number, digest in enumerate([A, B] * 5)))
    assert [[(each.ref[0], each.number) for each in seen] for seen in rounds] == [
        [("ab"[number % 2], number)] for number in range(10)
    ]
