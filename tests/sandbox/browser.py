"""A headless Chromium that looks at the street's page."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import ConsoleMessage, Page, async_playwright

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK, HAND = (1280, 800), (390, 844)


def is_trouble(line: ConsoleMessage) -> bool:
    """Chromium logs every 400 and every script kept from running in a letter: both are meant to be."""
    meant = "status of 400" in line.text or "frame is sandboxed" in line.text
    return line.type == "error" and not meant


@asynccontextmanager
async def looking_at(url: str, size: tuple[int, int] = DESK, locale: str = "vi-VN") -> AsyncIterator[Page]:
    """Open the page; fails at the end if it logged an error or asked another host for anything."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
        page = await browser.new_page(viewport={"width": size[0], "height": size[1]}, locale=locale)
        page.set_default_timeout(10_000)
        troubles: list[str] = []
        page.on("console", lambda line: troubles.append(line.text) if is_trouble(line) else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: request.url.startswith(url) or troubles.append(request.url))
        await page.goto(f"{url}/sandbox")
        yield page
        await browser.close()
    assert troubles == []
