"""A seller's program that speaks payOS's API by hand: signs what it asks, verifies what it is told."""

from typing import Any

from gateways.payos_signature import sign_wanted, verified
from tests.sandbox.house import SECRETS, House

KEYS = SECRETS["payos"]
HEADERS = {"x-client-id": KEYS["client_id"], "x-api-key": KEYS["api_key"]}
BASE = "/sandbox/payos"
LINKS = f"{BASE}/v2/payment-requests"

Told = dict[str, Any]


def wanted(number: int = 7, **changes: Any) -> Told:
    """The body that asks for a link of 199,000 đồng, signed unless `changes` say otherwise."""
    body = {
        "orderCode": number,
        "amount": 199_000,
        "description": "KX7R2M9CF",
        "cancelUrl": "https://shop.example/no",
        "returnUrl": "https://t.me/shopbot?start=7",
    } | changes
    return {"signature": sign_wanted(KEYS["checksum_key"], body)} | body


async def ask(house: House, method: str, path: str, **more: Any) -> tuple[int, Told]:
    async with house.session.request(method, path, **({"headers": HEADERS} | more)) as answer:
        body: Told = await answer.json()
        return answer.status, body


async def data(house: House, method: str, path: str, **more: Any) -> Told:
    """What a call that succeeds says, its signature verified."""
    status, body = await ask(house, method, path, **more)
    assert (status, body["code"]) == (200, "00"), body
    return dict(verified(KEYS, body))


async def refused(house: House, method: str, path: str, **more: Any) -> tuple[int, str]:
    """HTTP status and code of a call that fails; nothing is said beside them."""
    status, body = await ask(house, method, path, **more)
    assert (body["data"], body["signature"]) == (None, None), body
    assert body["desc"]
    return status, body["code"]


async def open_link(house: House, number: int = 7, **changes: Any) -> Told:
    return await data(house, "POST", LINKS, json=wanted(number, **changes))


async def look(house: House, name: object = 7) -> Told:
    return await data(house, "GET", f"{LINKS}/{name}")


async def pay(house: House, link: Told, fault: str = "none", **more: Any) -> Told:
    """Pay a link as its QR code says, but for what is named."""
    body = {"account": link["accountNumber"], "amount": link["amount"], "memo": link["description"], "fault": fault}
    payment = await house.post("bank/pay", **body | more)
    assert payment["status"] == 200, payment
    return payment
