"""A KHQR card is scanned and paid on the page."""

from aiohttp import FormData
from playwright.async_api import Page, expect

from tests.sandbox.bakong.codes import code
from tests.sandbox.browser import DESK, HAND, looking_at
from tests.sandbox.house import House
from tests.sandbox.pictures import qr


async def show(house: House, text: str) -> None:
    form = FormData({"chat_id": str(house.street.buyer_chat)})
    form.add_field("photo", qr(text), filename="x.png")
    async with house.session.post(f"/sandbox/telegram/bot{house.street.token}/sendPhoto", data=form) as answer:
        assert answer.status == 200


async def scan(page: Page) -> None:
    await page.get_by_test_id("photo-scan").last.click()


async def test_a_khqr_is_scanned_and_paid(house: House) -> None:
    await show(house, code(house, 1950))
    for size in (DESK, HAND):
        async with looking_at(house.base, size) as page:
            await scan(page)
            await expect(page.get_by_test_id("khqr-holder")).to_have_text("Key Shop")
            await expect(page.get_by_test_id("khqr-amount")).to_have_text("19,50 USD")
            await expect(page.get_by_test_id("bank-amount")).to_be_hidden()
            await page.get_by_test_id("language-en").click()
            await page.get_by_test_id("khqr-fault").select_option("short")
            await page.get_by_test_id("khqr-pay").click()
            if size == DESK:
                await expect(page.get_by_test_id("bank-scan")).to_be_visible()
            else:
                await expect(page.get_by_test_id("bank-trouble")).to_contain_text("paid already")
            await expect(page.get_by_test_id("khqr-payment")).to_contain_text("9.75 USD")
            await expect(page.get_by_test_id("khqr-payment")).to_have_attribute("data-fault", "short")


async def test_riel_have_no_cents_and_lists_can_be_refused(house: House) -> None:
    await show(house, code(house, 40_000, "KHR"))
    async with looking_at(house.base) as page:
        await scan(page)
        await expect(page.get_by_test_id("khqr-amount")).to_have_text("40.000 KHR")
        await page.get_by_test_id("khqr-pay").click()
        await expect(page.get_by_test_id("khqr-payment")).to_contain_text("40.000 KHR")
        await page.get_by_test_id("fault-bakong-list").dispatch_event("click")
        await expect(page.get_by_test_id("fault-bakong-list")).to_be_checked()
        assert house.street.bakong.list_refused
