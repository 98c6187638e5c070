import asyncio
import json
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from gateways.gateway import Request
from sales.errors import Later, StoreBusy, Tell
from tests.gateways.casso_signing import signed
from tests.webhooks.house import MONEY, PATH, SECRETS, House, Visitor, counted, notice


async def test_true_notice_is_settled_and_acknowledged(house: House, visitor: Visitor) -> None:
    request = notice()
    answer = await visitor.notify(request)
    assert (answer.status, answer.json) == (200, {"success": True})
    assert house.settled == [("main", "casso", (MONEY,), request.body)]
    assert await counted(visitor, "accepted") == 1


async def test_money_out_and_foreign_accounts_are_settled_too(house: House, visitor: Visitor) -> None:
    for said in (replace(MONEY, amount=-199000), replace(MONEY, account="999", ref="2")):
        assert (await visitor.notify(notice(said))).status == 200
    assert [sightings[0].amount for _, _, sightings, _ in house.settled] == [-199000, 199000]


async def test_test_call_is_acknowledged_and_not_settled(house: House, visitor: Visitor) -> None:
    answer = await visitor.notify(notice(replace(MONEY, ref="0")))
    assert (answer.status, answer.json) == (200, {"success": True})
    assert house.settled == []


async def test_a_true_notice_that_says_nothing_is_seen_in_the_log(house: House, visitor: Visitor) -> None:
    with capture_logs() as logs:
        await visitor.notify(notice(replace(MONEY, ref="0")))
    [said] = logs
    assert (said["event"], said["shop"], said["gateway"], said["movements"]) == ("notice.empty", "main", "casso", 0)


async def test_repeated_and_concurrent_notices_all_reach_the_flow(house: House, visitor: Visitor) -> None:
    answers = await asyncio.gather(*(visitor.notify(notice()) for _ in range(50)))
    assert {answer.status for answer in answers} == {200}
    assert len(house.settled) == 50


FORGERIES = {
    "unsigned": Request(notice().body, (("content-type", "application/json"),)),
    "other key": notice(key="another"),
    "changed": Request(notice().body.replace(b"199000", b"299000"), notice().headers),
    "twice signed": Request(notice().body, (*notice().headers, notice().headers[1])),
    "not ASCII": Request(notice().body, (("x-casso-signature", f"t=1,v1={'é' * 128}"),)),
    "empty": Request(b""),
    "unsigned nonsense": Request(b"[" * 100_000),
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_forged_notice_leaves_only_a_count(house: House, visitor: Visitor, name: str) -> None:
    answer = await visitor.notify(FORGERIES[name])
    assert (answer.status, answer.json) == (401, {"success": False, "error": "forged"})
    assert house.settled == []
    assert await counted(visitor, "forged") == 1


NONSENSE = [
    b"",
    b"not JSON",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"data":NaN}',
    b'{"data":{"amount":' + b"9" * 5000 + b"}}",
    b'{"data":1e999}',
    b'{"data":1,"data":2}',
    b"[" + b"1," * 100_000 + b"1]",
]


@pytest.mark.parametrize("body", NONSENSE, ids=lambda body: repr(body[:20]))
async def test_nonsense_is_malformed(house: House, visitor: Visitor, body: bytes) -> None:
    answer = await visitor.notify(Request(body, notice().headers))
    assert (answer.status, answer.json) == (400, {"success": False, "error": "malformed"})
    assert house.settled == []
    assert await counted(visitor, "malformed") == 1


async def test_no_secret_no_shop_no_gateway_look_alike(house: House, visitor: Visitor) -> None:
    house.secrets |= {
        ("empty", "casso"): {"checksum_key": ""},
        ("blank", "casso"): {"checksum_key": " \n"},
        ("other", "casso"): {"token": "x"},
        ("none", "casso"): {},
        ("main", "unheard"): SECRETS,
    }
    paths = ["/webhooks/nobody/casso", "/webhooks/main/unheard", "/webhooks/main/CASSO", "/webhooks/main/casso/"]
    paths += [f"/webhooks/{shop}/casso" for shop in ("empty", "blank", "other", "none")]
    paths += ["/webhooks/%00/casso", "/webhooks/main%2Fcasso/casso", "/webhooks/main", "/webhooks/"]
    for path in paths:
        answer = await visitor.notify(notice(), path)
        assert (answer.status, answer.json) == (404, {"error": "not_found"}), path
    assert house.settled == []


async def test_a_closed_door_does_not_look_at_the_body(house: House, visitor: Visitor) -> None:
    house.secrets.clear()
    assert (await visitor.notify(Request(b"x" * 300_000))).status == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_wrong_method(house: House, visitor: Visitor, method: str) -> None:
    answer = await visitor.ask(method, PATH)
    assert answer.status == 405
    assert answer.headers["Allow"] == "POST"
    assert method == "HEAD" or answer.json == {"error": "method_not_allowed"}
    assert house.settled == []


@pytest.mark.parametrize("failure", [StoreBusy("locked"), Later("not now", 3)])
async def test_busy_house_asks_for_it_again(house: House, visitor: Visitor, failure: Exception) -> None:
    house.failure = failure
    answer = await visitor.notify(notice())
    assert (answer.status, answer.json) == (503, {"success": False, "error": "busy"})
    assert await counted(visitor, "busy") == 1
    house.failure = None
    assert (await visitor.notify(notice())).status == 200
    assert len(house.settled) == 1


@pytest.mark.parametrize("failure", [RuntimeError("secret words"), KeyError("secret words"), Tell("secret words")])
async def test_a_bug_in_settling_is_a_bare_500_that_names_the_notice(
    house: House, visitor: Visitor, failure: Exception
) -> None:
    house.failure = failure
    with capture_logs() as logs:
        answer = await visitor.notify(notice())
    assert (answer.status, answer.json) == (500, {"success": False, "error": "broken"})
    [entry] = [log for log in logs if log["event"] == "notice.not_settled"]
    assert (entry["log_level"], entry["movements"], entry["first"]) == ("error", 1, "218897")
    assert entry["error"] == type(failure).__name__
    assert any("house.py" in place for place in entry["places"])
    assert "secret words" not in repr(logs)
    assert await counted(visitor, "broken") == 1


async def test_logs_hold_no_body_secret_or_signature(house: House, visitor: Visitor) -> None:
    request = notice()
    sent = [request, notice(key="another"), Request(b"not JSON", request.headers)]
    with capture_logs() as logs:
        for each in sent:
            await visitor.notify(each)
        house.failure = RuntimeError(request.body)
        await visitor.notify(request)
    assert [log["event"] for log in logs] == [
        "notice.accepted",
        "notice.forged",
        "notice.malformed",
        "notice.not_settled",
    ]
    for private in (SECRETS["checksum_key"], request.headers[1][1][-100:], MONEY.memo, MONEY.account, "199000"):
        assert private not in repr(logs)


async def test_content_type_and_unknown_headers_do_not_matter(house: House, visitor: Visitor) -> None:
    request = notice()
    headers = {"X-Casso-Signature": request.headers[1][1], "Content-Type": "text/weird", "X-Newer": "1"}
    assert (await visitor.ask("POST", f"{PATH}?a=1&a=2", data=request.body, headers=headers)).status == 200
    assert len(house.settled) == 1


async def test_newer_field_is_let_in(house: House, visitor: Visitor) -> None:
    plain = json.loads(notice().body)
    plain["data"]["aNewerField"] = {"x": [1, None]}
    assert (await visitor.notify(signed(plain, key=SECRETS["checksum_key"]))).status == 200
    assert house.settled[0][2] == (MONEY,)
