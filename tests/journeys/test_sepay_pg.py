"""Paying on SePay's own page: over our page and its form, and confirmed by asking, whoever says what."""

import html
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from app.settings import Settings
from tests.gateways.sepay_pg_signing import notice
from tests.journeys.pay_pages import PRICE, choose, leading, shop_with, story
from tests.journeys.people import KEY, Town, said, tokens
from tests.webhooks.test_checkout_in_the_browser import browser


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return shop_with("sepay-pg", tmp_path)


async def ask(town: Town) -> tuple[str, str]:
    """Walk to the message that leads to the page; answer the order's code and the button's address."""
    await choose(town, "sepay-pg")
    told: tuple[str, str] = (await town.until(lambda state: leading(town, state)))[-1]
    return told


async def follow(town: Town, address: str) -> str:
    """Open our page, post its form as a browser without JavaScript does; answer the path of SePay's page."""
    async with town.http.get(address) as answer:
        assert answer.status == 200
        page = await answer.text()
    [action] = re.findall(r'<form action="([^"]*)" method="post"', page)
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    form = [(name, html.unescape(value)) for name, value in fields]
    async with town.http.post(html.unescape(action), data=form, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        return answer.headers["Location"]


async def press(town: Town, page: str, act: str) -> None:
    async with town.http.post(page, data={"act": act}, allow_redirects=False) as answer:
        assert answer.status == 303


async def told(town: Town, *answers: int) -> None:
    """Wait until the shop's door has answered so about the only order."""
    await town.until(lambda state: state["sepay_pg"][0]["answers"] == list(answers))


async def totals(town: Town) -> dict[str, int]:
    books = await town.ledger()
    assert books["balanced"]
    return {name: minor for name, minor in books["totals"].get("VND", {}).items() if minor}


async def test_a_buyer_pays_on_the_page_and_gets_the_key(town: Town) -> None:
    code, address = await ask(town)
    await press(town, await follow(town, address), "CARD")
    assert KEY.search(said(await town.buyer.sees("🎁")))
    await told(town, 200)
    assert await story(town, code) == ("paid", ["exact"], ["granted"])
    assert await totals(town) == {"received": PRICE, "revenue": PRICE}
    async with town.http.get(address) as answer:
        assert answer.status == 410
        assert "đã kết thúc" in await answer.text()


async def test_a_silent_sepay_is_asked(town: Town) -> None:
    await town.ask("sources", source="sepay-pg", silent=True)
    code, address = await ask(town)
    await press(town, await follow(town, address), "CARD")
    await town.forward(minutes=1)
    await town.buyer.sees("🎁")
    assert (await town.state())["sepay_pg"][0]["answers"] == []
    assert await story(town, code) == ("paid", ["exact"], ["granted"])


async def test_a_notice_without_truth_behind_it_changes_nothing(town: Town) -> None:
    code, address = await ask(town)
    page = await follow(town, address)
    [attempt] = (await town.order(code))["attempts"]
    forged = notice(order_invoice_number=f"{code}-{attempt['number']}", transaction_amount=str(PRICE))
    for kind in ("ORDER_PAID", "TRANSACTION_VOID"):
        async with town.http.post("/webhooks/main/sepay-pg", json=forged | {"notification_type": kind}) as answer:
            assert answer.status == 200
    headers = {"X-Secret-Key": "guessed"}
    async with town.http.post("/webhooks/main/sepay-pg", json=forged, headers=headers) as answer:
        assert answer.status == 401
    await town.forward(minutes=2)
    assert await story(town, code) == ("open", [], [])
    await press(town, page, "CARD")
    await town.buyer.sees("🎁")
    assert await story(town, code) == ("paid", ["exact"], ["granted"])


async def test_a_void_takes_the_goods_back(town: Town) -> None:
    code, address = await ask(town)
    page = await follow(town, address)
    await press(town, page, "CARD")
    await town.buyer.sees("🎁")
    await press(town, page, "void")
    await town.buyer.sees("đã thu hồi khoản")
    await town.seller.sees("đã thu hồi khoản")
    assert await story(town, code) == ("paid", ["exact", "reversed"], ["revoked"])
    assert await totals(town) == {}


async def test_who_cancels_there_may_pay_another_way(town: Town) -> None:
    code, address = await ask(town)
    await press(town, await follow(town, address), "cancel")
    await town.buyer.press("ways:")
    await town.until(lambda state: tokens(town.buyer.seen_in(state), "pay:"))
    await town.buyer.press_way("casso")
    await town.buyer.cards(1)
    await town.pay()
    await town.buyer.sees("🎁")
    assert await story(town, code) == ("paid", ["exact"], ["granted"])


@pytest.mark.parametrize("trouble", ["down", "busy", "html", "wrong"])
async def test_an_api_in_trouble_harms_no_order(town: Town, trouble: str) -> None:
    await town.ask("sources", source="sepay-pg", trouble=trouble)
    code, address = await ask(town)
    await press(town, await follow(town, address), "CARD")
    await told(town, 200)
    await town.forward(minutes=2)
    assert await story(town, code) == ("open", [], [])
    await town.ask("sources", source="sepay-pg", trouble="none")
    await town.forward(minutes=15)
    await town.buyer.sees("🎁")
    assert await story(town, code) == ("paid", ["exact"], ["granted"])


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_all_of_it_in_a_browser(town: Town, script: bool) -> None:
    code, address = await ask(town)
    async with browser(script=script) as (page, troubles):
        await page.goto(address)
        if not script:
            await page.get_by_role("button", name="Sang trang thanh toán").click()
        await expect(page.get_by_test_id("pg-status")).to_have_text("chờ thanh toán")
        await page.get_by_test_id("pg-card").click()
        await expect(page.get_by_test_id("pg-status")).to_have_text("đã thanh toán")
        await page.get_by_test_id("pg-back").click()
        await expect(page.get_by_text("đóng trang này")).to_be_visible()
        assert troubles == []
    await town.buyer.sees("🎁")
    assert (await story(town, code))[0] == "paid"
