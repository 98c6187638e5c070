"""Bakong's API as the street plays it, asked by hand and by our own client."""

from typing import Any

import pytest
from aiohttp import ClientSession

from gateways.bakong_api import TokenRefused, asking, try_token
from gateways.gateway import Asking, Reach
from sales.errors import Later
from sales.ids import AttemptId
from sales.khqr import decode
from sales.question import Question
from tests.sandbox.bakong.codes import ACCOUNT, code, digest, pay
from tests.sandbox.house import SECRETS, House

TOKEN = {"Authorization": f"Bearer {SECRETS['bakong']['token']}"}
SINGLE, LIST = "check_transaction_by_md5", "check_transaction_by_md5_list"
HASH = "check_transaction_by_hash"


async def ask(house: House, path: str, body: Any, headers: dict[str, str] = TOKEN) -> tuple[int, Any]:
    async with house.session.post(f"/sandbox/bakong/{path}", json=body, headers=headers) as answer:
        return answer.status, await answer.json()


def reach(house: House, **secrets: str) -> Reach:
    return Reach(SECRETS["bakong"] | secrets, f"{house.base}/sandbox/bakong", house.session, house.clock)


def question(text: str, number: int = 1) -> Question:
    khqr = decode(text)
    assert khqr.created is not None
    assert khqr.expires is not None
    times = khqr.created, khqr.expires
    return Question(AttemptId(number), number, khqr.bill, khqr.amount, *times, account=ACCOUNT, qr_md5=digest(text))


@pytest.fixture
async def client(house: House) -> Asking:
    return asking(reach(house))


async def test_a_payment_is_told_in_bakongs_shape(house: House) -> None:
    text = code(house)
    paid = await pay(house, text)
    status, told = await ask(house, SINGLE, {"md5": digest(text)})
    assert (status, told["responseCode"], told["errorCode"]) == (200, 0, None)
    moment = int(house.clock().timestamp() * 1000)
    assert told["data"] == {
        "hash": paid["hash"],
        "fromAccountId": "nguoi_mua@toyb",
        "toAccountId": ACCOUNT,
        "currency": "USD",
        "amount": 9.5,
        "description": "",
        "createdDateMs": moment,
        "acknowledgedDateMs": moment,
        "trackingStatus": None,
        "receiverBank": None,
        "receiverBankAccount": None,
        "instructionRef": None,
        "externalRef": f"100FT{paid['hash'][:11].upper()}",
    }


async def test_a_payment_is_found_by_bakongs_own_hash(house: House) -> None:
    text = code(house)
    paid = await pay(house, text)
    assert await ask(house, HASH, {"hash": paid["hash"]}) == await ask(house, SINGLE, {"md5": digest(text)})
    assert (await ask(house, HASH, {"hash": digest(text)}))[0] == 404


async def test_what_nobody_paid_is_not_found(house: House) -> None:
    status, told = await ask(house, SINGLE, {"md5": "0" * 32})
    assert (status, told["responseCode"], told["errorCode"], told["data"]) == (404, 1, 1, None)
    status, told = await ask(house, LIST, ["0" * 32])
    assert (status, [(each["md5"], each["status"], each["data"]) for each in told["data"]]) == (
        200,
        [("0" * 32, "NOT_FOUND", None)],
    )
    assert (await house.state())["bakong"]["asked"] == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (SINGLE, {}),
        (SINGLE, {"md5": ""}),
        (SINGLE, {"md5": 7}),
        (SINGLE, []),
        (HASH, {"md5": "0" * 32}),
        (LIST, {}),
        (LIST, []),
        (LIST, ["0"] * 51),
    ],
)
async def test_missing_fields(house: House, path: str, body: Any) -> None:
    status, told = await ask(house, path, body)
    assert (status, told["errorCode"]) == (400, 5)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": SECRETS["bakong"]["token"]}])
async def test_a_stranger_is_told_nothing(house: House, headers: dict[str, str]) -> None:
    for path, body in ((SINGLE, {"md5": "0" * 32}), (LIST, ["0" * 32])):
        status, told = await ask(house, path, body, headers)
        assert (status, told["errorCode"], told["data"]) == (401, 6, None)
    assert (await house.state())["bakong"]["asked"] == 0


@pytest.mark.parametrize("refused", [False, True])
async def test_our_client_finds_what_was_paid(house: House, client: Asking, refused: bool) -> None:
    await house.post("bakong/list", refused=refused)
    assert (await house.state())["bakong"]["list_refused"] is refused
    dollars, riel, unpaid = code(house), code(house, 12_345_678, "KHR"), code(house, 100)
    for text in (dollars, riel):
        await pay(house, text)
    asked = [question(text, number) for number, text in enumerate((dollars, unpaid, riel))]
    seen = await client.ask(asked)
    assert [(each.number, each.amount, each.currency) for each in seen] == [(0, 950, "USD"), (2, 12_345_678, "KHR")]
    assert {each.booked_at for each in seen} == {house.clock().replace(microsecond=0)}


async def test_our_client_passes_over_what_went_elsewhere(house: House, client: Asking) -> None:
    text = code(house)
    await pay(house, text, "elsewhere")
    assert await client.ask([question(text)]) == ()


@pytest.mark.parametrize("trouble", ["down", "busy", "html", "wrong"])
async def test_an_api_in_trouble_is_asked_later(house: House, client: Asking, trouble: str) -> None:
    text = code(house)
    await pay(house, text)
    assert (await house.post("sources", source="bakong", trouble=trouble))["status"] == 200
    with pytest.raises(Later):
        await client.ask([question(text)])
    await house.post("sources", source="bakong", trouble="none")
    assert len(await client.ask([question(text)])) == 1


async def test_it_sends_nothing_that_could_be_silenced(house: House) -> None:
    assert (await house.post("sources", source="bakong", silent=True))["error"] == "sandbox-error-request"


async def test_the_token_is_tried(house: House) -> None:
    await try_token(reach(house))
    with pytest.raises(TokenRefused):
        await try_token(reach(house, token="another"))


async def test_another_connection_sees_the_same(house: House) -> None:
    text = code(house)
    await pay(house, text)
    async with ClientSession(house.base) as other:
        body = {"md5": digest(text)}
        async with other.post(f"/sandbox/bakong/{SINGLE}", json=body, headers=TOKEN) as answer:
            assert (await answer.json())["responseCode"] == 0
