"""Paying on VNPay's page: told by its notice, or found by asking when none comes."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.async_api import expect

from app.settings import Settings
from tests.journeys.pay_pages import PRICE, choose, leading, shop_with, story
from tests.journeys.people import KEY, Town, said
from tests.webhooks.test_checkout_in_the_browser import browser


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return shop_with("vnpay", tmp_path)


async def ask(town: Town) -> tuple[str, str]:
    """Walk to the message that leads to VNPay; answer the order's code, and where the page stands that opens."""
    await choose(town, "vnpay")
    return await led(town)


async def led(town: Town) -> tuple[str, str]:
    """Follow the newest button that leads to a page which nobody has opened yet."""

    def fresh(state: dict[str, Any]) -> list[tuple[str, str]]:
        opened = {each["number"] for each in state["vnpay"]}
        return [each for each in leading(town, state) if _number(each[1]) not in opened]

    code, address = (await town.until(fresh))[-1]
    async with town.http.get(address) as answer:
        assert answer.status == 200
        return code, str(answer.url)


def _number(address: str) -> str:
    return dict(parse_qsl(urlsplit(address).query))["vnp_TxnRef"]


async def press(town: Town, page: str, act: str, language: str = "en", fault: str = "none") -> str:
    """Press a button on VNPay's page; answer the page of ours that the browser comes back to."""
    async with town.http.post(page, data={"act": act, "fault": fault}, headers={"Accept-Language": language}) as answer:
        assert answer.status == 200
        assert answer.url.path == "/return/main/vnpay"
        return await answer.text()


async def told(town: Town, *answers: str) -> None:
    """Wait until the shop's door has answered so about the only payment."""
    await town.until(lambda state: state["vnpay"][0]["answers"] == list(answers))


async def test_a_buyer_pays_on_the_page_and_gets_the_key(town: Town) -> None:
    code, page = await ask(town)
    back = await press(town, page, "pay")
    assert "Thanh toán thành công" in back  # the buyer's own language, whatever the browser speaks
    assert KEY.search(said(await town.buyer.sees("🎁")))
    await told(town, "00")
    assert await story(town, code) == ("paid", ["exact"], ["granted"])
    assert (await town.ledger())["totals"]["VND"]["revenue"] == PRICE
    attempts = (await town.order(code))["attempts"]
    assert [(each["gateway"], each["state"]) for each in attempts] == [("vnpay", "paid")]


async def test_who_cancels_there_may_pay_another_way(town: Town) -> None:
    code, page = await ask(town)
    assert "Đã hủy thanh toán" in await press(town, page, "cancel")
    await town.buyer.sees("Bạn đã hủy thanh toán")
    await told(town, "00")
    assert await story(town, code) == ("open", [], [])
    await town.buyer.press("ways:")
    await town.buyer.press_way("casso")
    await town.buyer.cards(1)
    await town.pay()
    await town.buyer.sees("🎁")
    assert await story(town, code) == ("paid", ["exact"], ["granted"])


async def test_whose_card_fails_may_try_again(town: Town) -> None:
    code, page = await ask(town)
    assert "không thành công" in await press(town, page, "fail")
    await town.buyer.sees("không thành công")
    await town.buyer.press("ways:")
    await town.buyer.press_way("vnpay")
    again, other = await led(town)
    assert (again, other != page) == (code, True)
    await press(town, other, "pay")
    await town.buyer.sees("🎁")
    attempts = (await town.order(code))["attempts"]
    assert [each["state"] for each in attempts] == ["failed", "paid"]


async def test_a_silent_vnpay_is_asked(town: Town) -> None:
    await town.ask("sources", source="vnpay", silent=True)
    code, page = await ask(town)
    await press(town, page, "pay")
    await town.forward(minutes=1)
    await town.buyer.sees("🎁")
    assert (await town.state())["vnpay"][0]["answers"] == []
    assert await story(town, code) == ("paid", ["exact"], ["granted"])


async def test_what_is_suspected_is_held_until_vnpay_clears_it(town: Town) -> None:
    code, page = await ask(town)
    assert "Đang kiểm tra" in await press(town, page, "suspect")
    await town.buyer.sees("Cổng thanh toán đang kiểm tra")
    await town.seller.sees("nghi ngờ gian lận")
    assert await story(town, code) == ("open", ["held"], [])
    await press(town, page, "clear")
    await town.buyer.sees("🎁")
    await told(town, "00", "00")
    assert await story(town, code) == ("paid", ["held", "exact"], ["granted"])


async def test_the_page_of_return_alone_settles_nothing(town: Town) -> None:
    """The signed words are replayed by hand while VNPay is silent and cannot be asked."""
    await town.ask("sources", source="vnpay", silent=True, trouble="down")
    code, page = await ask(town)
    for _ in range(2):
        async with town.http.post(page, data={"act": "pay"}) as answer:
            address = str(answer.url)
        async with town.http.get(address) as answer:
            assert answer.status == 200
    assert await story(town, code) == ("open", [], [])


@pytest.mark.parametrize("trouble", ["down", "busy", "html", "wrong"])
async def test_an_api_in_trouble_harms_no_order(town: Town, trouble: str) -> None:
    await town.ask("sources", source="vnpay", silent=True, trouble=trouble)
    code, page = await ask(town)
    await press(town, page, "pay")
    await town.forward(minutes=2)
    assert await story(town, code) == ("open", [], [])
    await town.ask("sources", source="vnpay", trouble="none")
    await town.forward(minutes=15)
    await town.buyer.sees("🎁")
    assert await story(town, code) == ("paid", ["exact"], ["granted"])


async def test_money_that_nobody_told_of_in_time_still_delivers(town: Town) -> None:
    """Paid in time, told by nobody; the time to pay is over before VNPay can be asked."""
    await town.ask("sources", source="vnpay", silent=True, trouble="down")
    code, page = await ask(town)
    await press(town, page, "pay")
    await town.forward(minutes=31)
    await town.buyer.sees("đã hết thời gian thanh toán")
    await town.ask("sources", source="vnpay", trouble="none")
    await town.forward(minutes=31)
    await town.buyer.sees("🎁")
    assert (await story(town, code))[:2] == ("paid", ["exact"])


async def test_all_of_it_in_a_browser(town: Town) -> None:
    code, address = await ask(town)
    async with browser(script=True) as (page, troubles):
        await page.goto(address)
        await expect(page.get_by_test_id("vnpay-status")).to_have_text("chờ thanh toán")
        await page.get_by_test_id("vnpay-pay").click()
        await expect(page.get_by_role("heading")).to_have_text("Thanh toán thành công")
        assert urlsplit(page.url).path == "/return/main/vnpay"
        await page.go_back()
        await expect(page.get_by_test_id("vnpay-status")).to_have_text("đã thanh toán")
        assert troubles == []
    await town.buyer.sees("🎁")
    assert (await story(town, code))[0] == "paid"


@pytest.mark.parametrize("fault", ["twice", "late"])
async def test_a_notice_that_comes_twice_or_late_pays_once(town: Town, fault: str) -> None:
    code, page = await ask(town)
    await press(town, page, "pay", fault=fault)
    await town.forward(minutes=1)
    await town.buyer.sees("🎁")
    await town.forward(minutes=45)
    answers = {"twice": ["00", "02"], "late": ["02"]}[fault]
    await town.until(lambda state: sorted(state["vnpay"][0]["answers"]) == answers)
    assert await story(town, code) == ("paid", ["exact"], ["granted"])


async def test_too_little_is_kept_and_a_forged_word_is_not(town: Town) -> None:
    code, page = await ask(town)
    async with town.http.post(page, data={"act": "pay", "fault": "forged"}) as answer:
        assert str(answer.url) == page
    await told(town, "97")
    assert await story(town, code) == ("open", [], [])
    await press(town, page, "pay", fault="short")
    await told(town, "97", "04")
    assert await story(town, code) == ("open", ["short"], [])
