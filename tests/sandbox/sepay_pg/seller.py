"""A seller's program that opens SePay's page by hand: signs a form, follows where it leads, and asks the API."""

import asyncio
import json
import re
from base64 import b64encode
from typing import Any

from tests.gateways.sepay_pg_signing import signature
from tests.sandbox.house import SECRETS, House

KEYS = SECRETS["sepay-pg"]
HEADERS = {"Authorization": "Basic " + b64encode(f"{KEYS['merchant']}:{KEYS['secret']}".encode()).decode()}
BASE = "/sandbox/sepay"
INIT = f"{BASE}/v1/checkout/init"
INVOICE = "KX7R2M9CF-251022001"
BACK = "https://shop.example/back"

Fields = list[tuple[str, str]]


def fields(invoice: str = INVOICE, **changes: str | None) -> Fields:
    """The fields of a form over 199,000 đồng, not signed yet; None takes one out."""
    plain: dict[str, str | None] = {
        "merchant": KEYS["merchant"],
        "operation": "PURCHASE",
        "order_amount": "199000",
        "currency": "VND",
        "order_invoice_number": invoice,
        "order_description": "Mua khoá học",
        "success_url": BACK,
        "error_url": BACK,
        "cancel_url": f"{BACK}?cancelled",
    }
    return [(name, value) for name, value in (plain | changes).items() if value is not None]


def signed(plain: Fields) -> Fields:
    return [*plain, ("signature", signature(plain, KEYS["secret"]))]


async def post(house: House, form: Fields, path: str = INIT) -> tuple[int, str]:
    """Post a form; answer the status, and where it leads or what it says."""
    async with house.session.post(path, data=form, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location") or await answer.text()


async def refused(house: House, form: Fields) -> str:
    """Why a form opens no page."""
    status, said = await post(house, form)
    assert status == 400, said
    return str(json.loads(said)["message"])


async def opened(house: House, invoice: str = INVOICE, **changes: str | None) -> str:
    """Open a page; answer its path."""
    status, path = await post(house, signed(fields(invoice, **changes)))
    assert (status, path.startswith(f"{BASE}/v1/checkout/")) == (303, True), path
    return path


async def press(house: House, page: str, act: str, fault: str = "none") -> None:
    assert await post(house, [("act", act), ("fault", fault)], page) == (303, page)


async def shown(house: House, page: str, language: str = "vi-VN,vi;q=0.9") -> str:
    async with house.session.get(page, headers={"Accept-Language": language}) as answer:
        assert (answer.status, answer.content_type, answer.charset) == (200, "text/html", "utf-8")
        return await answer.text()


def status_in(html: str) -> str:
    found = re.search(r'data-testid="pg-status">([^<]*)<', html)
    assert found is not None
    return found[1]


async def ask(house: House, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
    method = "POST" if "json" in more else "GET"
    async with house.session.request(method, f"{BASE}/v1/{path}", **({"headers": HEADERS} | more)) as answer:
        return answer.status, dict(await answer.json())


async def state(house: House, invoice: str = INVOICE) -> dict[str, Any]:
    """An order, as the street's page sees it."""
    [told] = [each for each in (await house.state())["sepay_pg"] if each["invoice"] == invoice]
    return dict(told)


async def answers(house: House, count: int, invoice: str = INVOICE) -> list[int]:
    """What the door has answered about an order, once it has been told so often."""
    news = house.street.news
    async with asyncio.timeout(20):
        while True:
            version = news.version
            heard: list[int] = (await state(house, invoice))["answers"]
            if len(heard) >= count:
                return heard
            await news.after(version)
