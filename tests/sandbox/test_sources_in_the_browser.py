"""Silence, troubles and SePay's webhook on the page."""

from playwright.async_api import expect

from sandbox.trouble import APIS, Trouble
from tests.sandbox.browser import DESK, HAND, looking_at
from tests.sandbox.house import House

MESSAGES = {"vi": "im lặng", "en": "silent"}


async def test_a_source_is_silenced_and_its_api_troubled(house: House) -> None:
    async with looking_at(house.base) as page:
        await expect(page.locator(".source")).to_have_count(len(APIS))
        await expect(page.get_by_test_id("silent-bakong")).to_have_count(0)
        await page.get_by_test_id("silent-casso").dispatch_event("click")
        await expect(page.get_by_test_id("silent-casso")).to_be_checked()
        assert house.street.silence.is_silent("casso")
        await page.get_by_test_id("trouble-payos").select_option("html")
        await expect(page.get_by_test_id("trouble-payos")).to_contain_class("on")
        assert house.street.troubles.of("payos") is Trouble.HTML
        await house.post("sources", source="casso", silent=False)
        await expect(page.get_by_test_id("silent-casso")).not_to_be_checked()


async def test_sepays_webhook_is_chosen(house: House) -> None:
    async with looking_at(house.base) as page:
        await page.get_by_test_id("sepay-proof").select_option("apikey")
        await page.get_by_test_id("sepay-form").select_option("multipart")
        await house.post("sources", source="vnpay", silent=True)
        await expect(page.get_by_test_id("silent-vnpay")).to_be_checked()
        assert house.street.webhook.state() == {"proof": "apikey", "form": "multipart"}
        await expect(page.get_by_test_id("sepay-proof")).to_have_value("apikey")


async def test_the_words_follow_the_language(house: House) -> None:
    async with looking_at(house.base) as page:
        for language, word in MESSAGES.items():
            await page.get_by_test_id(f"language-{language}").click()
            await expect(page.locator(".source").first).to_contain_text(word)


async def test_everything_can_be_reached_on_every_screen(house: House) -> None:
    for size in (DESK, HAND):
        async with looking_at(house.base, size) as page:
            if size == HAND:
                await page.get_by_test_id("tab-street").click()
            await page.get_by_test_id("sepay-form").scroll_into_view_if_needed()
            await expect(page.get_by_test_id("sepay-form")).to_be_in_viewport()
            overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert await page.evaluate(overflow) <= 0
