"""What was begun on VNPay's and SePay's pages, as the street's page shows it; and those pages themselves."""

import pytest
from playwright.async_api import expect

from tests.sandbox.browser import DESK, HAND, looking_at
from tests.sandbox.house import House
from tests.sandbox.sepay_pg import seller as pg
from tests.sandbox.vnpay import seller as vnpay
from tests.sandbox.vnpay.test_refund import asked, paid

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("size", [DESK, HAND], ids=["desk", "hand"])
async def test_each_payment_says_how_it_stands(house: House, size: tuple[int, int]) -> None:
    wanted = await paid(house)
    await vnpay.answered(house, 1)
    await asked(house, wanted)
    await pg.press(house, await pg.opened(house), "CARD", "forged")
    await pg.answers(house, 1)
    async with looking_at(house.base, size) as page:
        if size == HAND:
            await page.get_by_test_id("tab-bank").click()
        items = page.get_by_test_id("page-payment")
        await expect(items).to_have_count(2)
        await expect(page.get_by_test_id("payments")).to_be_empty()
        one, other = (
            items.filter(has_text=str(vnpay.NUMBER)).filter(has_text="VNPay"),
            items.filter(has_text=pg.INVOICE),
        )
        await expect(one.get_by_test_id("page-state")).to_have_text("VNPay: đã thanh toán")
        await expect(one.get_by_test_id("answer")).to_have_text("VNPay 00 đã nhận")
        await expect(one.get_by_test_id("page-refund")).to_have_text("Đã hoàn: 199.000 ₫")
        await expect(other.get_by_test_id("page-state")).to_have_text("Cổng SePay: chờ thanh toán")
        await expect(other.get_by_test_id("answer")).to_have_text("Cổng SePay 401 từ chối")
        await other.scroll_into_view_if_needed()
        assert await page.evaluate(OVERFLOW) <= 0
        await page.get_by_test_id("language-en").click()
        await expect(one.get_by_test_id("page-refund")).to_have_text("Given back: 199.000 ₫")
        address = await other.get_by_role("link").get_attribute("href")
        await page.goto(f"{house.base}{address}")
        await page.get_by_test_id("pg-fault").select_option("short")
        assert await page.evaluate(OVERFLOW) <= 0
        await page.get_by_test_id("pg-card").click()
        await expect(page.get_by_test_id("pg-status")).to_have_text("đã thanh toán")
    assert await pg.answers(house, 2) == [401, 200]
    assert [hint.amount for [hint] in house.door.heard[1:]] == [189_000]


async def test_refunds_and_ids_are_switched(house: House) -> None:
    async with looking_at(house.base) as page:
        for name in ("fault-vnpay-refunds", "sepay-own-ids"):
            async with page.expect_response(lambda answer: answer.request.method == "POST"):
                await page.get_by_test_id(name).dispatch_event("click")
            await expect(page.get_by_test_id(name)).to_be_checked()
        assert (house.street.refunds.refused, house.street.numbering.own) == (True, True)
        await house.post("vnpay", refunds_refused=False)
        await expect(page.get_by_test_id("fault-vnpay-refunds")).not_to_be_checked()
