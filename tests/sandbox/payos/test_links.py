"""payOS's API on real loopback HTTP: who may ask, what a link says, what is refused."""

import re
from datetime import timedelta
from typing import Any

import pytest

from gateways.payos_signature import sign
from sales.vietqr import decode
from sandbox.payos.links import KEPT
from sandbox.payos.shapes import LARGEST_NUMBER
from tests.sandbox.house import ACCOUNT, House
from tests.sandbox.payos.seller import BASE, HEADERS, KEYS, LINKS, ask, data, look, open_link, refused, wanted


async def test_a_new_link_is_a_true_vietqr_to_an_account_of_its_own(house: House) -> None:
    link = await open_link(house)
    qr = decode(link["qrCode"])
    assert (qr.bin, qr.account, qr.amount, qr.memo) == (
        ACCOUNT.bin,
        link["accountNumber"],
        199_000,
        link["description"],
    )
    assert link["accountNumber"] != ACCOUNT.account
    assert re.fullmatch(r"CS[A-Z0-9]{9} KX7R2M9CF", link["description"])
    assert (link["bin"], link["accountName"], link["currency"]) == (ACCOUNT.bin, ACCOUNT.holder, "VND")
    assert (link["orderCode"], link["amount"], link["status"]) == (7, 199_000, "PENDING")
    assert re.fullmatch(r"[0-9a-f]{32}", link["paymentLinkId"])
    assert link["checkoutUrl"] == f"{house.base}{BASE}/web/{link['paymentLinkId']}"
    assert "expiredAt" not in link


async def test_every_link_has_an_account_an_id_and_a_token_of_its_own(house: House) -> None:
    links = [await open_link(house, number) for number in range(1, 9)]
    for name in ("accountNumber", "paymentLinkId", "description", "qrCode"):
        assert len({link[name] for link in links}) == len(links)


async def test_it_is_found_by_our_number_and_by_its_id(house: House) -> None:
    link = await open_link(house, number=41)
    told = await look(house, 41)
    assert told == await look(house, link["paymentLinkId"])
    assert told == {
        "id": link["paymentLinkId"],
        "orderCode": 41,
        "amount": 199_000,
        "amountPaid": 0,
        "amountRemaining": 199_000,
        "status": "PENDING",
        "createdAt": "2026-11-21T16:00:00+07:00",
        "transactions": [],
        "cancellationReason": None,
        "canceledAt": None,
    }


async def test_what_nobody_has_made_is_not_found(house: House) -> None:
    await open_link(house, number=41)
    for name in ("4", "041", "x", "%00", "9" * 400):
        assert await refused(house, "GET", f"{LINKS}/{name}") == (200, "101")
        assert await refused(house, "POST", f"{LINKS}/{name}/cancel") == (200, "101")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-client-id": KEYS["client_id"]},
        {"x-api-key": KEYS["api_key"]},
        HEADERS | {"x-api-key": KEYS["api_key"] + "x"},
        HEADERS | {"x-client-id": "khóa"},
        {"x-client-id": "", "x-api-key": ""},
    ],
    ids=str,
)
async def test_without_the_channels_keys_nothing_is_told(house: House, headers: dict[str, str]) -> None:
    await open_link(house)
    for method, path in (("POST", LINKS), ("GET", f"{LINKS}/7"), ("POST", f"{LINKS}/7/cancel")):
        assert await refused(house, method, path, headers=headers, json=wanted(8)) == (401, "401")
    assert await refused(house, "POST", f"{BASE}/confirm-webhook", headers=headers, json={}) == (401, "401")
    assert (await look(house))["status"] == "PENDING"
    assert 8 not in house.street.links


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": "chữ ký"},
        {"signature": wanted(7, amount=1)["signature"]},
        {"signature": wanted(7)["signature"].upper()},
        {"signature": sign("another key", {"amount": 1})},
    ],
)
async def test_a_wrong_signature_makes_no_link(house: House, changes: dict[str, Any]) -> None:
    assert await refused(house, "POST", LINKS, json=wanted(7) | changes) == (200, "201")
    assert 7 not in house.street.links


@pytest.mark.parametrize(
    "changes",
    [
        {"description": "x" * 26},
        {"description": 5},
        {"orderCode": 0},
        {"orderCode": LARGEST_NUMBER + 1},
        {"orderCode": "7"},
        {"orderCode": True},
        {"amount": 0},
        {"amount": -5},
        {"amount": 10**10},
        {"amount": 1.5},
        {"amount": "199000"},
        {"returnUrl": None},
        {"returnUrl": "https://["},
        {"cancelUrl": "x" * 2001},
        {"expiredAt": 2**31},
        {"expiredAt": "soon"},
        {"signature": None},
    ],
    ids=str,
)
async def test_values_that_payos_does_not_take(house: House, changes: dict[str, Any]) -> None:
    assert await refused(house, "POST", LINKS, json=wanted(**changes)) == (200, "20")
    assert house.street.links.latest() == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"orderCode":1,"orderCode":2}', b"[" * 100_000])
async def test_bodies_that_are_no_request(house: House, body: bytes) -> None:
    assert await refused(house, "POST", LINKS, data=body) == (200, "20")


async def test_25_characters_and_everything_optional_are_taken(house: House) -> None:
    more = {
        "items": [{"name": "Khóa học", "quantity": 1, "price": 199_000}],
        "buyerName": "NGUYEN VAN A",
        "invoice": None,
        "expiredAt": None,
    }
    link = await open_link(house, LARGEST_NUMBER, description="x" * 25, **more)
    assert decode(link["qrCode"]).memo == link["description"]
    assert link["description"].endswith(" " + "x" * 25)
    assert (await look(house, LARGEST_NUMBER))["orderCode"] == LARGEST_NUMBER


async def test_a_number_is_taken_for_ever(house: House) -> None:
    first = await open_link(house)
    assert await refused(house, "POST", LINKS, json=wanted()) == (200, "231")
    await data(house, "POST", f"{LINKS}/7/cancel")
    assert await refused(house, "POST", LINKS, json=wanted(amount=5)) == (200, "231")
    assert (await look(house))["id"] == first["paymentLinkId"]


async def test_a_link_ends_by_the_streets_clock(house: House) -> None:
    ends = int((house.clock() + timedelta(minutes=30)).timestamp())
    link = await open_link(house, expiredAt=ends)
    assert link["expiredAt"] == ends
    house.clock.move(timedelta(minutes=30) - timedelta(seconds=1))
    assert (await look(house))["status"] == "PENDING"
    house.clock.move(timedelta(seconds=1))
    assert (await look(house))["status"] == "EXPIRED"
    assert await refused(house, "POST", LINKS, json=wanted(8, expiredAt=ends)) == (200, "20")


@pytest.mark.parametrize(
    ("body", "reason"),
    [({"cancellationReason": "hết hàng", "signature": "x"}, "hết hàng"), ({}, None), (None, None)],
)
async def test_a_link_is_cancelled_with_or_without_a_reason(
    house: House, body: dict[str, str] | None, reason: str | None
) -> None:
    link = await open_link(house)
    more = {} if body is None else {"json": body}
    told = await data(house, "POST", f"{LINKS}/{link['paymentLinkId']}/cancel", **more)
    assert (told["status"], told["cancellationReason"]) == ("CANCELLED", reason)
    assert told["canceledAt"] == "2026-11-21T16:00:00+07:00"
    house.clock.move(timedelta(hours=1))
    again = await data(house, "POST", f"{LINKS}/7/cancel", json={"cancellationReason": "again"})
    assert again == told == await look(house)


async def test_only_the_latest_links_are_kept(house: House) -> None:
    for number in range(1, KEPT + 3):
        await open_link(house, number)
    assert await refused(house, "GET", f"{LINKS}/2") == (200, "101")
    assert (await look(house, 3))["orderCode"] == 3
    assert len(house.street.links.latest()) == KEPT
    assert len((await house.state())["payos"]["links"]) < KEPT


async def test_no_answer_shows_a_key(house: House) -> None:
    _, body = await ask(house, "POST", LINKS, json=wanted())
    assert not [key for key in KEYS.values() if key in str(body)]
