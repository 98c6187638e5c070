"""The seller's side of the bank's app, in a real browser: paying a card, bouncing it, and money without a code."""

import pytest
from playwright.async_api import expect

from tests.sandbox.bank.test_scan import show
from tests.sandbox.browser import DESK, HAND, looking_at
from tests.sandbox.house import ACCOUNT, House
from tests.sandbox.pictures import vietqr

PAYEE = "0071000123456"
MEMO = "RF7R2M9CF HOAN TIEN"


@pytest.mark.parametrize("size", [DESK, HAND], ids=["desk", "hand"])
async def test_the_seller_pays_a_card_and_it_comes_back(house: House, size: tuple[int, int]) -> None:
    await show(house, vietqr(50_000, MEMO, PAYEE), house.street.seller_chat)
    async with looking_at(house.base, size) as page:
        if size == HAND:
            await page.get_by_test_id("tab-bank").click()
        await page.get_by_test_id("bank-seller").click()
        await expect(page.get_by_test_id("bank-manual")).to_be_hidden()
        await page.get_by_test_id("bank-scan").click()
        await expect(page.get_by_test_id("bank-memo")).to_have_value(MEMO)
        await expect(page.get_by_test_id("bank-from-account")).to_be_hidden()
        await expect(page.get_by_test_id("bank-pay")).to_have_text("Chuyển từ tài khoản của shop")
        await expect(page.get_by_test_id("bank-fault").locator("option[value=short]")).to_be_hidden()
        await page.get_by_test_id("bank-pay").click()
        await expect(page.get_by_test_id("payment")).to_contain_text("shop chuyển đi")
        ((out,),) = house.door.heard
        assert (out.amount, out.payer.account, out.payer.bank) == (-50_000, PAYEE, "MBBank")
        await page.get_by_test_id("bounce").click()
        await expect(page.get_by_test_id("payment")).to_have_count(2)
        await expect(page.get_by_test_id("bounce")).to_have_count(0)
        await expect(page.get_by_test_id("payment").locator("b")).to_have_text(["+ 50.000 ₫", "− 50.000 ₫"])
        await page.get_by_test_id("bank-buyer").click()
        await expect(page.get_by_test_id("payment").locator("b")).to_have_text(["− 50.000 ₫", "+ 50.000 ₫"])
        assert [seen.amount for (seen,) in house.door.heard] == [-50_000, 50_000]


async def test_a_picture_on_the_sellers_phone_is_scanned_with_the_sellers_app(house: House) -> None:
    await show(house, vietqr(50_000, MEMO, PAYEE), house.street.seller_chat)
    async with looking_at(house.base) as page:
        await page.get_by_test_id("phone-seller").click()
        await page.get_by_test_id("photo-scan").click()
        await expect(page.get_by_test_id("bank-seller")).to_have_attribute("aria-pressed", "true")
        await expect(page.get_by_test_id("bank-pay")).to_have_text("Chuyển từ tài khoản của shop")


async def test_a_transfer_by_hand_comes_from_whom_one_types(house: House) -> None:
    async with looking_at(house.base) as page:
        await page.get_by_test_id("bank-manual").click()
        await expect(page.get_by_test_id("bank-account")).to_have_value(ACCOUNT.account)
        await expect(page.get_by_test_id("bank-memo")).to_have_value("")
        await expect(page.get_by_test_id("bank-from-account")).to_have_value("1028000814")
        await page.get_by_test_id("bank-amount").fill("79000")
        await page.get_by_test_id("bank-from-account").fill("19001234567890")
        await page.get_by_test_id("bank-from-name").fill("TRAN THI B")
        await page.get_by_test_id("bank-pay").click()
        await expect(page.get_by_test_id("payment")).to_have_count(1)
        ((seen,),) = house.door.heard
        assert (seen.amount, seen.memo, seen.payer.account, seen.payer.name) == (
            79_000, "", "19001234567890", "TRAN THI B",
        )  # fmt: skip


async def test_the_statement_is_saved_in_the_language_of_the_page(house: House) -> None:
    async with looking_at(house.base) as page:
        async with page.expect_download() as csv:
            await page.get_by_test_id("statement-csv").click()
        assert (await csv.value).suggested_filename == "statement.csv"
        await page.get_by_test_id("language-en").click()
        await expect(page.get_by_test_id("statement-xlsx")).to_have_attribute(
            "href", "/sandbox/statement.xlsx?language=en"
        )
        async with page.expect_download() as xlsx:
            await page.get_by_test_id("statement-xlsx").click()
        assert (await xlsx.value).suggested_filename == "statement.xlsx"
