"""Links on the page: who tells of a payment, payOS's switches, the checkout page."""

from aiohttp import FormData
from playwright.async_api import Page, expect

from tests.sandbox.browser import looking_at
from tests.sandbox.house import House
from tests.sandbox.payos.seller import Told, open_link
from tests.sandbox.pictures import qr


async def show_link(house: House) -> Told:
    """Open a link and put its code onto the buyer's phone."""
    link = await open_link(house)
    form = FormData({"chat_id": str(house.street.buyer_chat)})
    form.add_field("photo", qr(link["qrCode"]), filename="card.png")
    async with house.session.post(f"/sandbox/telegram/bot{house.street.token}/sendPhoto", data=form) as answer:
        assert answer.status == 200
    return link


async def pay(page: Page) -> None:
    await page.get_by_test_id("bank-scan").click()
    await expect(page.get_by_test_id("bank-holder")).to_have_text("NGUYEN VAN A")
    await page.get_by_test_id("bank-pay").click()
    await expect(page.get_by_test_id("bank-scan")).to_be_visible()


async def test_one_sees_which_gateways_have_told(house: House) -> None:
    await show_link(house)
    async with looking_at(house.base) as page:
        await pay(page)
        await expect(page.get_by_test_id("answer")).to_have_text(["payOS 200 đã nhận", "Casso 200 đã nhận"])


async def test_the_second_source_can_be_kept_out(house: House) -> None:
    await show_link(house)
    async with looking_at(house.base) as page:
        await page.get_by_test_id("bank-scan").click()
        tellers = page.locator("#bank-tellers")
        await expect(page.get_by_test_id("bank-source-casso")).to_be_checked()
        await tellers.get_by_text("Casso").click()
        await page.get_by_test_id("bank-pay").click()
        await expect(page.get_by_test_id("answer")).to_have_text(["payOS 200 đã nhận"])
        await page.get_by_test_id("bank-scan").click()
        await expect(page.get_by_test_id("bank-source-casso")).to_be_checked()
        await tellers.get_by_text("payOS").click()
        await page.get_by_test_id("bank-account").fill("0001112223334")
        await page.get_by_test_id("bank-pay").click()
        await expect(page.get_by_test_id("payment")).to_have_count(2)
        await expect(page.get_by_test_id("answer").first).to_have_text("Casso 200 đã nhận")


async def test_payos_has_switches_once_there_is_a_link(house: House) -> None:
    async with looking_at(house.base) as page:
        await expect(page.get_by_test_id("fault-mail-down")).to_be_attached()
        await expect(page.get_by_text("payOS sập")).to_be_hidden()
        await open_link(house)
        for name, words in (("down", "payOS sập"), ("slow", "payOS trả lời chậm"), ("limit", "payOS lỗi 429")):
            await page.get_by_text(words).click()
            await expect(page.get_by_test_id(f"fault-payos-{name}")).to_be_checked()
        faults = house.street.payos.faults
        assert (faults.down, faults.slow, faults.limit_next) == (True, True, True)


async def test_the_checkout_page_is_drawn(house: House) -> None:
    link = await show_link(house)
    async with looking_at(house.base) as page:
        await page.goto(link["checkoutUrl"])
        await expect(page.get_by_test_id("checkout-account")).to_have_text(link["accountNumber"])
        await expect(page.get_by_test_id("checkout-memo")).to_have_text(link["description"])
        await expect(page.get_by_test_id("checkout-status")).to_have_text("chờ thanh toán")
