"""The buyer chooses how to pay, changes their mind, and is never offered what the seller forbids."""

from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.journeys.people import CODE, KEY, Town, buttons, said, token_of, tokens

SHELF = """
[shop]
name = "Tiệm Nhiều Cách"
code_prefix = "KX"

[[product]]
slug = "software"
kind = "licence"
name = "Ảnh Đẹp Pro"

[[product.plan]]
slug = "free"
name = "Tùy chọn"
price = 79_000
prices = { USD = 3.20, XTR = 150 }

[[product.plan]]
slug = "bound"
name = "Theo luật"
price = 79_000
prices = { USD = 3.20, XTR = 150 }
pay_with = { telegram = ["bakong", "stars"], zalo = ["bank"] }

[[product.plan]]
slug = "elsewhere"
name = "Chỉ ở Zalo"
price = 79_000
sell_on = ["zalo"]
"""
FREE, BOUND = 0, 1


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shelf = tmp_path / "shop.toml"
    shelf.write_text(SHELF, encoding="utf-8")
    return Settings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", port=0, shop_file=shelf)


async def offered(town: Town, start: str = "way:") -> list[str]:
    """Gateway and currency of each way on the newest page."""
    found: list[str] = await town.until(lambda state: tokens(town.buyer.seen_in(state), start))
    return [token.split(":")[-1].rpartition(".")[0] for token in found]


async def ask(town: Town, plan: int) -> list[str]:
    """Walk to the question how to pay; answer the ways on the page."""
    await town.buyer.write("/start")
    plans = await town.until(lambda state: tokens(town.buyer.seen_in(state), "plan:"))
    for token in (plans[plan], "buy:", "nomail:"):
        await town.buyer.press(token)
    return await offered(town)


async def paying(town: Town, way: str) -> tuple[str, dict[str, Any]]:
    """Choose the way on the newest page; answer the order's code and the message that asks for the money."""
    await town.buyer.press_way(way)
    asked = await town.until(lambda state: newest_with(town.buyer.seen_in(state), "paid:"))
    code = CODE.search(said(asked))
    assert code is not None
    return code[0], asked


def newest_with(messages: list[dict[str, Any]], token: str) -> dict[str, Any] | None:
    """The newest message that has such a button."""
    found = (each for each in reversed(messages) if any(token_of(b).startswith(token) for b in buttons(each)))
    return next(found, None)


async def states(town: Town, code: str) -> list[tuple[str, str]]:
    return [(each["gateway"], each["state"]) for each in (await town.order(code))["attempts"]]


async def test_to_another_way_and_back(town: Town) -> None:
    code = await town.buyer.order(FREE, email=None, way="casso")
    await town.buyer.press("ways:")
    assert {"casso.VND", "vnpay.VND", "bakong.USD", "stars.XTR"} <= set(await offered(town, "pay:"))
    await town.buyer.press_way("vnpay")
    page = await town.buyer.sees("trang VNPay")
    assert [each["url"] for each in buttons(page) if "url" in each]
    await town.buyer.press("ways:")
    await town.buyer.press_way("casso")
    await town.buyer.cards(2)
    assert await states(town, code) == [("casso", "replaced"), ("vnpay", "replaced"), ("casso", "open")]
    await town.pay()
    assert KEY.search(said(await town.buyer.sees("🎁")))
    assert await states(town, code) == [("casso", "replaced"), ("vnpay", "replaced"), ("casso", "paid")]


async def test_a_part_in_dong_and_all_of_it_in_dollars(town: Town) -> None:
    code = await town.buyer.order(FREE, email=None, way="casso")
    await town.pay(amount=10_000)
    await town.buyer.sees("còn thiếu")
    await town.buyer.cards(2)
    await town.buyer.press("ways:")
    page = await town.buyer.sees("bằng cách nào")
    labels = [each["text"].replace("\u00a0", " ") for each in buttons(page)]
    assert any("69.000 ₫" in label for label in labels)
    assert any("3,20" in label for label in labels)
    await town.buyer.press_way("bakong.USD")
    await town.buyer.cards(3)
    scanned = await town.ask("bank/scan", phone=town.buyer.id)
    await town.ask("bakong/pay", qr=scanned["qr"], fault="none")
    await town.buyer.press("paid:")
    await town.buyer.sees("🎁")
    books = await town.ledger()
    assert books["balanced"]
    held = {currency: {k: v for k, v in totals.items() if v} for currency, totals in books["totals"].items()}
    assert held == {"VND": {"received": 10_000, "credit": 10_000}, "USD": {"received": 320, "revenue": 320}}
    story = await town.order(code)
    assert (story["order"]["payment"], story["order"]["total"], story["order"]["currency"]) == ("paid", 320, "USD")


async def test_what_the_seller_forbids_is_never_offered_on_telegram(town: Town) -> None:
    assert await ask(town, BOUND) == ["bakong.USD", "stars.XTR"]
    await town.buyer.press_way("bakong")
    await town.buyer.cards(1)
    await town.buyer.press("ways:")
    assert await offered(town, "pay:") == ["bakong.USD", "stars.XTR"]


async def test_what_is_sold_elsewhere_is_not_on_the_shelf(town: Town) -> None:
    await town.buyer.write("/start")
    shelf = await town.buyer.sees("chọn một gói")
    told = " ".join(each["text"] for each in buttons(shelf))
    assert "Theo luật" in told
    assert "Chỉ ở Zalo" not in told
