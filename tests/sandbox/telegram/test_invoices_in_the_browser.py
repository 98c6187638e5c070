"""An invoice on the phone, in a real browser: pressed, asked about, paid, given back; the test plays the bot."""

import re

from playwright.async_api import expect

from tests.sandbox.browser import looking_at
from tests.sandbox.house import House
from tests.sandbox.telegram.test_invoices import CHAT, sent, updates

WAITING = re.compile(r"\bwaiting\b")


async def test_an_invoice_is_paid_and_given_back(house: House) -> None:
    await updates(house)
    await sent(house, title="Ảnh <b>Đẹp", description="Đơn KX2345678")
    async with looking_at(house.base) as page:
        invoice = page.get_by_test_id("invoice")
        await expect(invoice).to_contain_text("Ảnh <b>Đẹp")
        await expect(invoice).to_contain_text("⭐ 100")
        pay = page.get_by_test_id("choice")
        await expect(pay).to_have_attribute("data-kind", "pay")
        await pay.click()
        await expect(pay).to_have_class(WAITING)
        query = (await updates(house))[-1]["pre_checkout_query"]["id"]
        await house.call("answerPreCheckoutQuery", pre_checkout_query_id=query, ok=True)
        await expect(page.get_by_test_id("receipt")).to_contain_text("⭐ 100")
        await expect(pay).not_to_have_class(WAITING)
        charge = (await updates(house))[-1]["message"]["successful_payment"]["telegram_payment_charge_id"]
        await house.call("refundStarPayment", user_id=CHAT, telegram_payment_charge_id=charge)
        await expect(page.get_by_test_id("receipt")).to_have_count(2)


async def test_a_refusal_stands_over_the_chat(house: House) -> None:
    await updates(house)
    await sent(house)
    async with looking_at(house.base) as page:
        await page.get_by_test_id("choice").click()
        await expect(page.get_by_test_id("choice")).to_have_class(WAITING)
        query = (await updates(house))[-1]["pre_checkout_query"]["id"]
        told = {"pre_checkout_query_id": query, "ok": False, "error_message": "Hết hạn rồi"}
        await house.call("answerPreCheckoutQuery", **told)
        await expect(page.get_by_test_id("alert")).to_contain_text("Hết hạn rồi")
        await expect(page.get_by_test_id("receipt")).to_have_count(0)
