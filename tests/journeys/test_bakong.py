"""A shop that sells in dollars and riel by KHQR: nobody tells it of money, so it asks."""

from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.journeys.people import CODE, KEY, Message, Town, said, tokens

SHOP = """
[shop]
name = "Cửa hàng Đồ Số"
zone = "Asia/Phnom_Penh"
language = "vi"
code_prefix = "KX"
email = "optional"
payment_minutes = 30
monitoring_hours = 24

[[product]]
slug = "anh-dep"
kind = "licence"
name = "Ảnh Đẹp Pro"
description = "Phần mềm chỉnh ảnh."
activation = "Dán mã rồi bấm Kích hoạt."
download_url = "https://example.com/anh-dep"

[[product.plan]]
slug = "anh-dep-30"
name = "1 tháng"
days = 30
prices = { USD = 9.50, KHR = 40_000 }

[[product.plan]]
slug = "anh-dep-mai-mai"
name = "Trọn đời"
prices = { USD = 49 }
"""
COSTS = {"USD": 950, "KHR": 40_000}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shop = tmp_path / "shop.toml"
    shop.write_text(SHOP, encoding="utf-8")
    return Settings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", port=0, shop_file=shop)


async def order(town: Town, currency: str = "USD") -> tuple[str, Message]:
    """Walk from /start to the card, to be paid in that currency; answers the order's code and the card."""
    buyer = town.buyer
    await ask_for(town, 0)
    ways = await town.until(lambda state: tokens(buyer.seen_in(state), "way:"))
    await buyer.press(next(each for each in ways if f"bakong.{currency}" in each))
    return await card_of(town)


async def ask_for(town: Town, plan: int) -> None:
    """Say which plan, and that no letter is wanted."""
    buyer = town.buyer
    await buyer.write("/start")
    plans = await town.until(lambda state: tokens(buyer.seen_in(state), "plan:"))
    for token in (plans[plan], "buy:", "nomail:"):
        await buyer.press(token)


async def card_of(town: Town) -> tuple[str, Message]:
    buyer = town.buyer
    (card,) = await buyer.cards(1)
    code = CODE.search(said(card))
    assert code is not None
    return code[0], card


async def scanned(town: Town) -> dict[str, Any]:
    return await town.ask("bank/scan", phone=town.buyer.id)


async def pay(town: Town, fault: str = "none") -> dict[str, Any]:
    """Scan the card on the buyer's phone and pay it."""
    return await town.ask("bakong/pay", qr=(await scanned(town))["qr"], fault=fault)


async def asked_again(town: Town) -> None:
    """Let the time pass until the shop asks for a fresh payment again."""
    await town.ask("clock", seconds=6)


async def books(town: Town, currency: str) -> tuple[list[str], dict[str, int]]:
    told = await town.ledger()
    assert told["balanced"]
    return [each["decision"] for each in told["transfers"]], told["totals"].get(currency, {})


@pytest.mark.parametrize(("currency", "shown"), [("USD", "9,50\u00a0US$"), ("KHR", "40.000\u00a0KHR")])
async def test_a_buyer_pays_by_khqr_and_gets_the_key(town: Town, currency: str, shown: str) -> None:
    code, card = await order(town, currency)
    assert shown in said(card)
    assert "nguyen_van_a@toyb" in said(card)
    form = await scanned(town)
    assert (form["currency"], form["amount"], form["memo"]) == (currency, COSTS[currency], code)
    assert (form["holder"], form["account"]) == ("Cua hang Do So", "nguyen_van_a@toyb")
    await pay(town)
    await asked_again(town)
    assert KEY.search(said(await town.buyer.sees("🎁")))
    decisions, totals = await books(town, currency)
    assert decisions == ["exact"]
    assert (totals["received"], totals["revenue"]) == (COSTS[currency], COSTS[currency])
    story = await town.order(code)
    assert story["order"]["payment"] == "paid"
    assert [(each["gateway"], each["state"]) for each in story["attempts"]] == [("bakong", "paid")]


async def test_where_the_list_is_refused_codes_are_asked_for_one_by_one(town: Town) -> None:
    await town.ask("bakong/list", refused=True)
    await order(town)
    await pay(town)
    await asked_again(town)
    await town.buyer.sees("🎁")
    assert (await books(town, "USD"))[0] == ["exact"]


async def test_asking_again_and_again_settles_once(town: Town) -> None:
    code, _ = await order(town)
    await pay(town)
    await asked_again(town)
    await town.buyer.sees("🎁")
    await town.buyer.press(f"order:{code}")
    for _ in range(3):
        await asked_again(town)
    assert (await books(town, "USD"))[0] == ["exact"]
    assert len((await town.order(code))["grants"]) == 1


async def test_money_for_somebody_else_pays_nothing(town: Town) -> None:
    code, _ = await order(town)
    await pay(town, "elsewhere")
    before = (await town.state())["bakong"]["asked"]
    await asked_again(town)
    await town.until(lambda state: state["bakong"]["asked"] > before + 1)
    assert (await town.ledger())["transfers"] == []
    assert (await town.order(code))["order"]["payment"] == "open"


async def test_another_currency_is_kept_for_a_person(town: Town) -> None:
    await ask_for(town, 1)
    code, _ = await card_of(town)
    await pay(town, "wrong_currency")
    await asked_again(town)
    await town.seller.sees(code)
    decisions, totals = await books(town, "KHR")
    assert decisions == ["wrong_currency"]
    assert totals["received"] == 4900
    assert (await town.order(code))["order"]["payment"] == "open"


async def test_half_of_it_asks_for_the_other_half_by_a_new_code(town: Town) -> None:
    code, _ = await order(town)
    await pay(town, "short")
    await asked_again(town)
    await town.buyer.sees("còn thiếu")
    await town.buyer.cards(2)
    form = await scanned(town)
    assert (form["amount"], form["memo"]) == (475, code)
    await pay(town)
    await asked_again(town)
    await town.buyer.sees("🎁")
    decisions, totals = await books(town, "USD")
    assert decisions == ["short", "exact"]
    assert (totals["received"], totals["revenue"], totals["deposit"]) == (950, 950, 0)


async def test_money_that_is_found_late_still_delivers(town: Town) -> None:
    """Paid in time, while Bakong could not be asked until the time to pay was over."""
    await town.ask("sources", source="bakong", trouble="down")
    code, _ = await order(town)
    await pay(town)
    await town.forward(minutes=31)
    await town.buyer.sees("đã hết thời gian thanh toán")
    await town.ask("sources", source="bakong", trouble="none")
    await town.forward(minutes=11)
    await town.buyer.sees("🎁")
    assert (await town.order(code))["order"]["payment"] == "paid"


async def test_a_code_that_has_ended_takes_no_money(town: Town) -> None:
    await order(town)
    qr = (await scanned(town))["qr"]
    await town.forward(minutes=31)
    async with town.http.post("/sandbox/api/bakong/pay", json={"qr": qr}) as answer:
        assert (answer.status, await answer.json()) == (400, {"error": "sandbox-error-khqr-ended"})
