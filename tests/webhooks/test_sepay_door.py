"""SePay's notices over real HTTP: headers and bodies as the wire leaves them."""

import pytest

from gateways.gateway import Request
from sales.errors import StoreBusy
from sales.settlement import Outcome
from tests.gateways.sepay_signing import KEY, SECRET, as_form, as_json, as_multipart, keyed, sent, stamped
from tests.webhooks.house import NOW, House, Visitor, counted

PATH = "/webhooks/main/sepay"
FORM = "application/x-www-form-urlencoded"
BODIES = {"json": (as_json(), "application/json"), "form": (as_form(), FORM), "multipart": as_multipart()}


def proven(body: bytes, kind: str) -> list[Request]:
    return [
        keyed(body, kind=kind),
        stamped(body, now=NOW, kind=kind),
        *(sent(body, kind, (name, SECRET)) for name in ("Secret-Key", "secret_key", "X-Secret-Key")),
    ]


@pytest.fixture(autouse=True)
def secrets(house: House) -> None:
    house.secrets["main", "sepay"] = {"api_key": KEY, "webhook_secret": SECRET}


@pytest.mark.parametrize("name", BODIES)
async def test_every_body_under_every_proof_is_settled(house: House, visitor: Visitor, name: str) -> None:
    for request in proven(*BODIES[name]):
        answer = await visitor.notify(request, PATH)
        assert (answer.status, answer.json) == (200, {"success": True})
    told = {(gateway, *sightings) for _, gateway, sightings, _ in house.settled}
    assert [(gateway, said.ref, said.amount) for gateway, said in told] == [("sepay", "92704", 199000)]
    assert {body for *_, body in house.settled} == {BODIES[name][0]}


@pytest.mark.parametrize("name", BODIES)
async def test_without_the_right_proof_nothing_is(house: House, visitor: Visitor, name: str) -> None:
    body, kind = BODIES[name]
    house.secrets["main", "sepay"] = {"api_key": f"{KEY}x", "webhook_secret": f"{SECRET}x"}
    for request in (sent(body, kind), *proven(body, kind)):
        answer = await visitor.notify(request, PATH)
        assert (answer.status, answer.json) == (401, {"success": False, "error": "forged"})
    assert house.settled == []
    assert await counted(visitor, "forged", "sepay") == 6


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_whatever_is_kept_is_a_success_to_sepay(house: House, visitor: Visitor, outcome: Outcome) -> None:
    house.outcome = outcome
    answer = await visitor.notify(keyed(as_json()), PATH)
    assert (answer.status, answer.json) == (200, {"success": True})


async def test_what_is_not_kept_comes_again(house: House, visitor: Visitor) -> None:
    for failure, status in ((StoreBusy("locked"), 503), (RuntimeError("bug"), 500)):
        house.failure = failure
        answer = await visitor.notify(keyed(as_json()), PATH)
        assert (answer.status, answer.json["success"]) == (status, False)


async def test_a_test_call_is_a_success_and_no_money(house: House, visitor: Visitor) -> None:
    answer = await visitor.notify(keyed(as_json(referenceCode="SB52117364BC30")), PATH)
    assert (answer.status, answer.json) == (200, {"success": True})
    assert house.settled == []


@pytest.mark.parametrize(
    "changes", [{"content": "Giao dich thu nghiem 23h47m38s"}, {"referenceCode": "SB1"}, {"referenceCode": "SBV998877"}]
)
async def test_what_only_looks_like_a_test_call_is_money(
    house: House, visitor: Visitor, changes: dict[str, str]
) -> None:
    assert (await visitor.notify(keyed(as_json(**changes)), PATH)).status == 200
    assert [said.amount for *_, sightings, _ in house.settled for said in sightings] == [199000]


@pytest.mark.parametrize("held", [None, {}, {"api_key": " "}, {"user_token": "dummy"}])
async def test_without_a_secret_there_is_no_door(house: House, visitor: Visitor, held: dict[str, str] | None) -> None:
    house.secrets = {} if held is None else {("main", "sepay"): held}
    assert (await visitor.notify(keyed(as_json()), PATH)).status == 404
