"""What the toy VNPay answers when it is asked, to our own client and to a hand-made call."""

from datetime import timedelta
from typing import Any

import pytest

from gateways.vnpay_time import stamp
from sales.errors import Later, Rejected
from sales.transfer import Standing
from tests.gateways.vnpay_server import ORDERS
from tests.gateways.vnpay_signing import digest
from tests.sandbox.house import House
from tests.sandbox.vnpay.seller import API, KEYS, NUMBER, answered, look, opened, press


def signature(order: str, body: dict[str, Any]) -> str:
    return digest("|".join(str(body.get(f"vnp_{name}", "")) for name in order.split("|")), KEYS["hash_secret"])


async def ask(house: House, **changes: Any) -> dict[str, Any]:
    """Call as the guide says, signed truly unless `changes` say otherwise."""
    body = {
        "vnp_RequestId": "1",
        "vnp_Version": "2.1.0",
        "vnp_Command": "querydr",
        "vnp_TmnCode": KEYS["tmn_code"],
        "vnp_TxnRef": str(NUMBER),
        "vnp_TransactionDate": stamp(house.clock()),
        "vnp_CreateDate": stamp(house.clock()),
        "vnp_IpAddr": "127.0.0.1",
        "vnp_OrderInfo": "KX7R2M9CF",
    } | changes
    body = {"vnp_SecureHash": signature(ORDERS["querydr"][0], body)} | body
    async with house.session.post(API, json=body) as answer:
        assert answer.status == 200
        told: dict[str, Any] = await answer.json()
        assert told["vnp_SecureHash"] == signature(ORDERS["querydr"][1], told)
        return told


async def test_our_client_sees_what_the_notice_told(house: House) -> None:
    await press(house, await opened(house), "pay")
    await answered(house, 1)
    [told] = house.door.heard
    assert await look(house) == told


@pytest.mark.parametrize(
    ("act", "standing"), [("cancel", Standing.FAILED), ("fail", Standing.FAILED), ("suspect", Standing.HELD)]
)
async def test_and_how_else_it_ended(house: House, act: str, standing: Standing) -> None:
    await press(house, await opened(house), act)
    await answered(house, 1)
    [seen], [[told]] = await look(house), house.door.heard
    assert (seen.ref, seen.standing, seen.booked_at) == (told.ref, standing, told.booked_at)


async def test_what_is_not_there_and_what_is_not_paid_is_nothing(house: House) -> None:
    assert await look(house) == ()
    await opened(house)
    assert await look(house) == ()
    assert await look(house, made_at=house.clock() - timedelta(seconds=1)) == ()
    house.clock.move(timedelta(minutes=31))
    [seen] = await look(house, made_at=house.clock() - timedelta(minutes=31))
    assert seen.standing is Standing.FAILED


async def test_codes(house: House) -> None:
    assert (await ask(house))["vnp_ResponseCode"] == "91"
    await opened(house)
    assert (await ask(house, vnp_RequestId="2"))["vnp_TransactionStatus"] == "01"
    assert (await ask(house, vnp_RequestId="2"))["vnp_ResponseCode"] == "94"
    assert (await ask(house, vnp_RequestId="3", vnp_SecureHash="0" * 128))["vnp_ResponseCode"] == "97"
    assert (await ask(house, vnp_RequestId="4", vnp_TmnCode="OTHERTMN"))["vnp_ResponseCode"] == "02"
    assert (await ask(house, vnp_RequestId="5", vnp_Command="pay"))["vnp_ResponseCode"] == "03"
    assert (await ask(house, vnp_RequestId="6", vnp_OrderInfo=""))["vnp_ResponseCode"] == "03"
    assert (await ask(house, vnp_RequestId="3"))["vnp_ResponseCode"] == "00"


@pytest.mark.parametrize("body", ["", "[]", "{", "null"])
async def test_what_is_no_call(house: House, body: str) -> None:
    async with house.session.post(API, data=body, headers={"Content-Type": "application/json"}) as answer:
        assert (await answer.json())["vnp_ResponseCode"] == "03"


async def test_old_request_ids_are_forgotten(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.vnpay.api.REMEMBERED", 2)
    for name in ("1", "2", "3"):
        assert (await ask(house, vnp_RequestId=name))["vnp_ResponseCode"] == "91"
    assert (await ask(house, vnp_RequestId="3"))["vnp_ResponseCode"] == "94"
    assert (await ask(house, vnp_RequestId="1"))["vnp_ResponseCode"] == "91"


@pytest.mark.parametrize("trouble", ["down", "busy", "html", "wrong"])
async def test_trouble_ends_in_a_typed_error_and_passes(house: House, trouble: str) -> None:
    await press(house, await opened(house), "pay")
    await house.post("sources", source="vnpay", trouble=trouble)
    with pytest.raises(Later):
        await look(house)
    await house.post("sources", source="vnpay", trouble="none")
    assert len(await look(house)) == 1


async def test_a_stranger_is_told_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await press(house, await opened(house), "pay")
    monkeypatch.setattr("tests.sandbox.vnpay.seller.KEYS", {**KEYS, "tmn_code": "OTHERTMN"})
    with pytest.raises(Rejected, match="02"):
        await look(house)
    monkeypatch.setattr("tests.sandbox.vnpay.seller.KEYS", {**KEYS, "hash_secret": "another"})
    with pytest.raises(Later, match="code 97, not signed"):
        await look(house)
