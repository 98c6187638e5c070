"""The page in a real browser; the test itself plays the bot."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import FormData
from playwright.async_api import Page, expect

from tests.sandbox.browser import DESK, HAND, looking_at
from tests.sandbox.house import House
from tests.sandbox.pictures import vietqr
from tests.sandbox.test_mailbox import letter, send

KEYBOARD = {
    "inline_keyboard": [
        [{"text": "Gói 1 năm", "callback_data": "plan:1"}],
        [{"text": "Chép khóa", "copy_text": {"text": "ABCD-EFGH"}}, {"text": "Mở", "url": "https://example.com/x"}],
    ]
}


async def show_card(house: House) -> None:
    form = FormData({"chat_id": str(house.street.buyer_chat), "caption": "Quét mã"})
    form.add_field("photo", vietqr(), filename="card.png")
    async with house.session.post(f"/sandbox/telegram/bot{house.street.token}/sendPhoto", data=form) as answer:
        assert answer.status == 200


async def next_update(house: House) -> dict[str, Any]:
    (update,) = (await house.call("getUpdates", timeout=10))["result"]
    await house.call("getUpdates", offset=update["update_id"] + 1)
    found: dict[str, Any] = update
    return found


async def tab(page: Page, name: str, size: tuple[int, int]) -> None:
    if size == HAND:
        await page.get_by_test_id(f"tab-{name}").click()


async def test_start_is_one_button_and_then_one_writes(house: House) -> None:
    async with looking_at(house.base) as page:
        await expect(page.get_by_test_id("chat-input")).to_be_hidden()
        await page.get_by_test_id("chat-start").click()
        assert (await next_update(house))["message"]["text"] == "/start"
        await page.get_by_test_id("chat-input").fill("xin chào <b>")
        await page.get_by_test_id("chat-send").click()
        assert (await next_update(house))["message"]["text"] == "xin chào <b>"
        await expect(page.get_by_test_id("message")).to_have_count(2)
        await expect(page.get_by_test_id("chat-input")).to_have_value("")


async def test_markup_is_drawn_from_entities_and_never_from_text(house: House) -> None:
    await house.sent("<b>đậm <i>nghiêng</i></b> &lt;img src=x&gt; <code>ABCD</code>", parse_mode="HTML")
    async with looking_at(house.base) as page:
        words = page.get_by_test_id("message").locator(".words")
        await expect(words).to_have_text("đậm nghiêng <img src=x> ABCD")
        await expect(words.locator("b > i")).to_have_text("nghiêng")
        await expect(words.locator("code")).to_have_text("ABCD")
        await expect(words.locator("img")).to_have_count(0)


async def test_a_press_waits_until_it_is_answered_and_messages_change_in_place(house: House) -> None:
    message = await house.sent("Chọn gói", reply_markup=KEYBOARD)
    async with looking_at(house.base) as page:
        button = page.get_by_test_id("choice").filter(has_text="Gói 1 năm")
        await button.click()
        query = (await next_update(house))["callback_query"]
        assert query["data"] == "plan:1"
        await expect(button).to_contain_class("waiting")
        await house.call("answerCallbackQuery", callback_query_id=query["id"], text="Được rồi")
        await expect(page.get_by_test_id("toast")).to_contain_text("Được rồi")
        await expect(button).not_to_contain_class("waiting")
        await button.click()
        query = (await next_update(house))["callback_query"]
        await house.call("answerCallbackQuery", callback_query_id=query["id"], text="Chú ý", show_alert=True)
        await expect(page.get_by_test_id("alert")).to_have_text("Chú ý")
        await page.locator("#alert-close").click()
        await expect(page.get_by_test_id("alert")).to_be_hidden()
        place = {"chat_id": house.street.buyer_chat, "message_id": message["message_id"]}
        await house.call("editMessageText", **place, text="Đã chọn")
        await expect(page.get_by_test_id("message")).to_have_count(1)
        await expect(page.get_by_test_id("message").locator(".words")).to_have_text("Đã chọn")
        await expect(page.get_by_test_id("choice")).to_have_count(0)


async def test_copy_buttons_copy_and_links_open_elsewhere(house: House) -> None:
    await house.sent("Khóa", reply_markup=KEYBOARD)
    async with looking_at(house.base) as page:
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.get_by_test_id("choice").filter(has_text="Chép khóa").click()
        await expect(page.get_by_test_id("toast")).to_contain_text("ABCD-EFGH")
        assert await page.evaluate("navigator.clipboard.readText()") == "ABCD-EFGH"
        link = page.get_by_test_id("choice").filter(has_text="Mở")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")
        await expect(link).to_have_attribute("target", "_blank")


@pytest.mark.parametrize("size", [DESK, HAND], ids=["desk", "hand"])
async def test_the_card_is_scanned_and_paid(house: House, size: tuple[int, int]) -> None:
    await show_card(house)
    async with looking_at(house.base, size) as page:
        await page.get_by_test_id("photo-scan").click()
        await expect(page.get_by_test_id("bank-holder")).to_have_text("NGUYEN VAN A")
        await expect(page.get_by_test_id("bank-amount")).to_have_value("199.000")
        await expect(page.get_by_test_id("bank-memo")).to_have_value("KX7R2M9CF")
        await page.get_by_test_id("bank-amount").fill("250000")
        await page.get_by_test_id("bank-fault").select_option("twice")
        await page.get_by_test_id("bank-pay").click()
        await expect(page.get_by_test_id("answer")).to_have_text("Casso 200 ×2 đã nhận")
        await expect(page.get_by_test_id("bank-scan")).to_be_visible()
        assert [seen.amount for (seen,) in house.door.heard] == [250_000, 250_000]
        await send(house.street.smtp_url, letter("Hóa đơn", "<p id='key'>ABCD</p><script>parent.x = 1</script>"))
        await tab(page, "mail", size)
        await expect(page.get_by_test_id("mail-item")).to_contain_text("Hóa đơn")


async def test_a_letter_is_read_in_a_frame_that_can_do_nothing(house: House) -> None:
    await send(house.street.smtp_url, letter("Hóa đơn", "<p id='key' style='color: green'>ABCD</p>"))
    async with looking_at(house.base) as page:
        await page.get_by_test_id("mail-item").click()
        frame = page.get_by_test_id("letter-html")
        await expect(frame).to_have_attribute("sandbox", "")
        await expect(frame.content_frame.locator("#key")).to_have_text("ABCD")
        await expect(frame.content_frame.locator("#key")).to_have_css("color", "rgb(0, 128, 0)")
        await page.get_by_test_id("mail-back").click()
        await expect(page.get_by_test_id("mail-item")).to_be_visible()


async def test_trouble_is_told_in_the_language_of_the_page(house: House) -> None:
    async with looking_at(house.base) as page:
        await page.get_by_test_id("bank-scan").click()
        await expect(page.get_by_test_id("bank-trouble")).to_contain_text("chưa có ảnh nào")
        await page.get_by_test_id("language-en").click()
        await expect(page.get_by_test_id("chat-start")).to_have_text("START")
        await page.get_by_test_id("bank-scan").click()
        await expect(page.get_by_test_id("bank-trouble")).to_contain_text("no picture")
        await expect(page.get_by_test_id("phone-language-en")).to_have_attribute("aria-pressed", "true")
        assert [phone["language"] for phone in (await house.state())["phones"]] == ["en", "en"]


async def test_the_sellers_phone_the_clock_and_the_faults(house: House) -> None:
    start = house.clock()
    commands = [{"command": "stats", "description": "Doanh thu"}]
    await house.call("setMyCommands", commands=commands)
    async with looking_at(house.base) as page:
        await expect(page.get_by_test_id("chat-start")).to_be_visible()
        await house.call("sendMessage", chat_id=house.street.seller_chat, text="Có đơn mới")
        await expect(page.get_by_test_id("phone-seller").locator(".badge")).to_be_visible()
        await page.get_by_test_id("phone-seller").click()
        await expect(page.get_by_test_id("message")).to_contain_text("Có đơn mới")
        await expect(page.get_by_test_id("phone-seller").locator(".badge")).to_be_hidden()
        await page.get_by_test_id("chat-commands").click()
        await page.get_by_test_id("command").click()
        update = await next_update(house)
        assert (update["message"]["text"], update["message"]["chat"]["id"]) == ("/stats", house.street.seller_chat)

        await page.get_by_test_id("clock-forward-day").click()
        await expect(page.get_by_test_id("street")).to_contain_text("22/11/2026")
        assert house.clock() - start == timedelta(hours=24)

        await page.get_by_test_id("fault-block").dispatch_event("click")
        await page.get_by_test_id("phone-buyer").click()
        await expect(page.get_by_test_id("chat-input")).to_be_hidden()
        await page.get_by_test_id("chat-unblock").click()
        await expect(page.get_by_test_id("chat-unblock")).to_be_hidden()
        await page.get_by_test_id("fault-mail-down").dispatch_event("click")
        await expect(page.get_by_test_id("mail")).to_contain_text("đang tắt")
        await page.get_by_test_id("fault-chat-down").dispatch_event("click")
        await expect(page.get_by_test_id("fault-chat-down")).to_be_checked()
        assert (await house.call("getMe"))["error_code"] == 502


async def test_on_a_small_screen_what_comes_behind_another_tab_is_counted(house: House) -> None:
    await house.sent("one")
    async with looking_at(house.base, HAND) as page:
        await expect(page.get_by_test_id("bank")).to_be_hidden()
        await expect(page.get_by_test_id("message")).to_have_count(1)
        await page.get_by_test_id("tab-bank").click()
        await expect(page.get_by_test_id("phone")).to_be_hidden()
        await house.sent("two")
        badge = page.get_by_test_id("tab-phone").locator(".badge")
        await expect(badge).to_have_text("1")
        await page.get_by_test_id("tab-phone").click()
        await expect(badge).to_be_hidden()
        assert await page.evaluate("document.documentElement.scrollWidth") == HAND[0]


async def test_the_clock_does_not_jump_back_when_the_page_is_drawn_again(house: House) -> None:
    async with looking_at(house.base) as page:
        clock = page.get_by_test_id("clock")
        await page.clock.install()
        await page.reload()
        await expect(clock).to_contain_text("16:00:")
        await page.clock.fast_forward(61_000)
        await expect(clock).to_contain_text("16:01:")
        await page.get_by_test_id("phone-seller").click()
        await expect(clock).to_contain_text("16:01:")
