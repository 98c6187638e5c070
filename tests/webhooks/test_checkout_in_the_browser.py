"""The page that hands a buyer over, in a real browser: with JavaScript, without it, and on the way back."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, async_playwright, expect

from flows.show_pay_page import HandOver, PayPage
from gateways.gateway import Form
from sales.money import Money
from tests.sandbox.browser import ARGS
from tests.webhooks.house import House, Visitor, opened
from webhooks.server import build_app

FIELDS = (("merchant", "SP-TEST"), ("words", 'Mua khoá học "&<b>'), ("back", "https://shop.example/back?a=1&b=2"))
PATH = "/pay/main/sepay-pg/7-0123456789abcdef0123456789abcdef"


@dataclass
class GatewaysPage:
    """The gateway, on another port: takes the form, and sends the browser on to its payment page."""

    url: str = ""
    forms: list[list[tuple[str, str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def init(self, request: web.Request) -> web.Response:
        self.forms.append(parse_qsl(await request.text(), keep_blank_values=True))
        self.headers.append(dict(request.headers))
        raise web.HTTPFound("/paying")

    async def paying(self, _request: web.Request) -> web.Response:
        return web.Response(text="<title>Paying</title><h1>Paying</h1>", content_type="text/html")


async def nothing(_request: web.Request) -> web.Response:
    return web.Response(status=204)


@pytest.fixture
async def gateway() -> AsyncIterator[GatewaysPage]:
    page, app = GatewaysPage(), web.Application()
    app.add_routes([web.post("/init", page.init), web.get("/paying", page.paying), web.get("/favicon.ico", nothing)])
    async with TestServer(app) as server:
        page.url = str(server.make_url("")).rstrip("/")
        yield page


@pytest.fixture
async def visitor(house: House, gateway: GatewaysPage) -> AsyncIterator[Visitor]:
    form = Form(f"{gateway.url}/init", FIELDS)

    async def show(*_: str) -> PayPage:
        return PayPage("vi", HandOver(form, "Tiệm Mẫu", "KX7R2M9CF", Money(199_000)))

    async with opened(house, build_app(replace(house.doors(), pay_page=show))) as visitor:
        yield visitor


@asynccontextmanager
async def browser(*, script: bool) -> AsyncIterator[tuple[Page, list[str]]]:
    """A page of a fresh browser, and what it complains about."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=ARGS)
        context = await chromium.new_context(java_script_enabled=script, locale="vi-VN")
        page, troubles = await context.new_page(), list[str]()
        page.set_default_timeout(10_000)
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        yield page, troubles
        await chromium.close()


def address(visitor: Visitor) -> str:
    return f"http://127.0.0.1:{visitor.port}{PATH}"


async def test_with_javascript_one_is_there_at_once(visitor: Visitor, gateway: GatewaysPage) -> None:
    async with browser(script=True) as (page, troubles):
        await page.goto(address(visitor))
        await expect(page).to_have_title("Paying")
        assert gateway.forms == [list(FIELDS)]
        assert troubles == []


async def test_without_javascript_the_button_leads_there(visitor: Visitor, gateway: GatewaysPage) -> None:
    async with browser(script=False) as (page, troubles):
        await page.goto(address(visitor))
        await expect(page.get_by_text("199.000")).to_be_visible()
        assert gateway.forms == []
        await page.get_by_role("button", name="Sang trang thanh toán").click()
        await expect(page).to_have_title("Paying")
        assert gateway.forms == [list(FIELDS)]
        assert troubles == []


async def test_the_gateway_hears_who_sends_the_buyer_but_not_the_pages_address(
    visitor: Visitor, gateway: GatewaysPage
) -> None:
    async with browser(script=True) as (page, _):
        await page.goto(address(visitor))
        await expect(page).to_have_title("Paying")
    [headers] = gateway.headers
    ours = f"http://127.0.0.1:{visitor.port}"
    assert (headers["Origin"], headers["Referer"]) == (ours, f"{ours}/")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


async def test_who_goes_back_is_not_sent_there_again(visitor: Visitor, gateway: GatewaysPage) -> None:
    async with browser(script=True) as (page, _):
        await page.goto(f"http://127.0.0.1:{visitor.port}/back")
        await page.goto(address(visitor))
        await expect(page).to_have_title("Paying")
        await page.go_back()
        await expect(page.get_by_text("đóng trang này")).to_be_visible()
        assert len(gateway.forms) == 1


async def test_nothing_else_may_be_posted_or_run(visitor: Visitor, gateway: GatewaysPage) -> None:
    other = GatewaysPage()
    app = web.Application()
    app.add_routes([web.post("/init", other.init), web.get("/paying", other.paying)])
    async with TestServer(app) as server, browser(script=False) as (page, _):
        await page.route(
            address(visitor),
            lambda route: _tampered(route, gateway.url, str(server.make_url("")).rstrip("/")),
        )
        await page.goto(address(visitor))
        async with page.expect_console_message(lambda line: "form-action" in line.text):
            await page.get_by_role("button").click(no_wait_after=True)
        assert (gateway.forms, other.forms) == ([], [])


async def _tampered(route, old: str, new: str) -> None:  # type: ignore[no-untyped-def]
    """Deliver the page with its form turned elsewhere, under the policy that came with it."""
    answer = await route.fetch()
    await route.fulfill(response=answer, body=(await answer.text()).replace(old, new))
