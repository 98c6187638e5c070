"""A seller at the toy VNPay: opens pay pages by addresses that our gateway signs, and presses their buttons."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import ClientSession

from gateways.gateway import Invoice, Reach
from gateways.vnpay import VNPAY, open_invoice
from sales.money import Money
from sales.question import Question
from sales.transfer import Sighting
from tests.gateways.asked import question
from tests.sandbox.house import SECRETS, House

KEYS = SECRETS["vnpay"]
PAY_PAGE = "/sandbox/vnpay/paymentv2/vpcpay.html"
API = "/sandbox/vnpay/merchant_webapi/api/transaction"
NUMBER = 251022001


def invoice(house: House, number: int = NUMBER, **changes: Any) -> Invoice:
    """What an attempt of half an hour over 199,000 đồng asks for."""
    now = house.clock()
    usual = Invoice(number, "KX7R2M9CF", Money(199_000), now, now + timedelta(minutes=30))
    return replace(usual, url=house.base + PAY_PAGE, base=house.base, slug="main", **changes)


def address(house: House, number: int = NUMBER, **changes: Any) -> str:
    return open_invoice(KEYS, invoice(house, number, **changes)).url


async def opened(house: House, number: int = NUMBER, **changes: Any) -> str:
    """Open the page as a browser does; answer where it stands."""
    async with house.session.get(address(house, number, **changes)) as answer:
        assert answer.status == 200, await answer.text()
        return str(answer.url)


async def press(house: House, page: str, act: str, fault: str = "none") -> tuple[str, dict[str, str]]:
    """Press a button; answer the address that the browser is led to, and what stands behind it."""
    async with house.session.post(page, data={"act": act, "fault": fault}, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        parts = urlsplit(answer.headers["Location"])
        return parts._replace(query="").geturl(), dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))


async def shown(house: House, page: str, language: str = "vi") -> str:
    async with house.session.get(page, headers={"Accept-Language": language}) as answer:
        assert (answer.status, answer.content_type, answer.charset) == (200, "text/html", "utf-8")
        return await answer.text()


def buttons(html: str) -> list[str]:
    return re.findall(r'name="act" value="(\w+)"', html)


async def payment(house: House) -> dict[str, Any]:
    """The one payment, as the street's page sees it."""
    [told] = (await house.state())["vnpay"]
    return dict(told)


async def answered(house: House, count: int) -> list[str]:
    """Wait until the door has answered so often."""
    news = house.street.news
    async with asyncio.timeout(20):
        while True:
            version = news.version
            answers: list[str] = (await payment(house))["answers"]
            if len(answers) >= count:
                return answers
            await news.after(version)


async def look(house: House, **changes: Any) -> tuple[Sighting, ...]:
    """Ask by our own client."""
    asked: Question = replace(question(NUMBER, made_at=house.clock()), **changes)
    assert VNPAY.ask is not None
    async with ClientSession() as session:
        asking = VNPAY.ask(Reach(KEYS, house.base + PAY_PAGE, session, house.clock))
        assert asking is not None
        return await asking.ask([asked])
