"""The sandbox page, bought through in a real Chromium, on a desktop and on a phone.

With PICTURES set to a folder the screenshots of the documentation are drawn there.
"""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.journeys.people import KEY, Town

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    async with async_playwright() as tools:
        browser = await tools.chromium.launch(
            executable_path=path, args=[*QUIET, "--disable-sync", "--no-first-run", "--disable-quic"]
        )
        yield browser
        await browser.close()


async def visit(browser: Browser, town: Town, size: dict[str, int]) -> tuple[Page, list[str]]:
    """Open the page; the list gathers every request to anywhere else, and every error in the console."""
    page = await browser.new_page(viewport=size, device_scale_factor=2 if size is PHONE else 1)  # type: ignore[arg-type]
    strange: list[str] = []
    page.on("request", lambda request: request.url.startswith(town.opened.base) or strange.append(request.url))
    page.on("console", lambda line: line.type == "error" and strange.append(line.text))
    page.on("pageerror", lambda error: strange.append(str(error)))
    await page.goto(f"{town.opened.base}/sandbox")
    return page, strange


async def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


async def choose(page: Page, words: str) -> None:
    """Press the newest button in the chat with these words."""
    await page.get_by_test_id("choice").filter(has_text=words).last.click()


async def walk_to_the_card(page: Page) -> None:
    await page.get_by_test_id("chat-start").click()
    await choose(page, "Ảnh Đẹp Pro · 1 tháng")
    await choose(page, "Mua ngay")
    await expect(page.get_by_test_id("chat")).to_contain_text("email")
    await page.get_by_test_id("chat-input").fill("nguoi.mua@example.com")
    await page.get_by_test_id("chat-send").click()
    await expect(page.get_by_test_id("photo-scan").last).to_be_visible(timeout=15_000)


async def test_a_newcomer_buys_on_a_desktop(browser: Browser, town: Town) -> None:
    page, strange = await visit(browser, town, DESKTOP)
    await walk_to_the_card(page)
    await page.get_by_test_id("bank-scan").click()
    await expect(page.get_by_test_id("bank-amount")).to_have_value("79.000")
    await picture(page, "sandbox-paying")
    await page.get_by_test_id("bank-pay").click()
    chat = page.get_by_test_id("chat")
    await expect(chat).to_contain_text(KEY, timeout=15_000)
    await expect(chat).to_contain_text("Đã thanh toán")
    await page.get_by_test_id("mail-item").first.click(timeout=15_000)
    letter = page.frame_locator("[data-testid=letter-html]").locator("body")
    await expect(letter).to_contain_text(KEY)
    await picture(page, "sandbox")
    assert strange == []


async def test_a_newcomer_buys_on_a_phone(browser: Browser, town: Town) -> None:
    page, strange = await visit(browser, town, PHONE)
    await walk_to_the_card(page)
    await picture(page, "phone-card")
    await page.get_by_test_id("tab-bank").click()
    await page.get_by_test_id("bank-scan").click()
    await expect(page.get_by_test_id("bank-amount")).to_have_value("79.000")
    await picture(page, "phone-bank")
    await page.get_by_test_id("bank-pay").click()
    await page.get_by_test_id("tab-phone").click()
    await expect(page.get_by_test_id("chat")).to_contain_text(KEY, timeout=15_000)
    await picture(page, "phone-goods")
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    assert strange == []
