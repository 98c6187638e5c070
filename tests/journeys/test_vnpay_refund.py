"""What was paid by card goes back to the card: VNPay takes it, and is asked until its bank has it."""

import asyncio
from pathlib import Path

import pytest

from app.settings import Settings
from tests.journeys.pay_pages import PRICE, shop_with
from tests.journeys.people import PATIENCE, Town, buttons, token_of
from tests.journeys.test_vnpay import ask, press


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return shop_with("vnpay", tmp_path)


async def test_all_of_it_goes_back_by_vnpay(town: Town) -> None:
    await town.seller.write("/start")
    code, page = await ask(town)
    await press(town, page, "pay")
    await town.buyer.sees("🎁")
    await town.seller.write(f"/refund {code}")
    await town.seller.press("refund-yes:")
    await town.seller.press("refund-by:vnpay")
    turned = await town.seller.sees("VNPay đang gửi trả")
    assert [token_of(each) for each in buttons(turned)] == []
    (refund,) = await town.until(lambda state: state["vnpay"][0]["refunds"])
    assert refund == {"amount": PRICE, "refused": False}
    async with asyncio.timeout(PATIENCE):  # the shop keeps the answer after VNPay has given it
        while (await town.order(code))["refunds"][0]["state"] == "approved":
            await town.state()
    await town.forward(minutes=2)
    (kept,) = (await town.order(code))["refunds"]
    assert kept["state"] == "sent", "VNPay has taken it, and the bank not yet"
    await town.forward(minutes=30)
    await town.buyer.sees("VNPay đã trả lại")
    (kept,) = (await town.order(code))["refunds"]
    ledger = await town.ledger()
    assert (kept["state"], ledger["balanced"], ledger["totals"]["VND"]["refund_paid"]) == ("settled", True, PRICE)
    assert (await town.order(code))["grants"][0]["state"] == "revoked"
