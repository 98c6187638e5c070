"""Paying in Stars, in the chat itself: invoice, pre-checkout, payment and refund, by both ways of hearing Telegram."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from telegram import Message as TelegramMessage

from app.settings import Settings
from tests.journeys.people import CODE, KEY, PATIENCE, Message, Town, buttons, said

SHELF = """
[shop]
name = "Tiệm Sao"
code_prefix = "KX"

[[product]]
slug = "software"
kind = "licence"
name = "Ảnh Đẹp Pro cho máy tính và điện thoại"

[[product.plan]]
slug = "stars"
name = "1 tháng"
days = 30
prices = { XTR = 100 }
"""


@pytest.fixture(params=["polling", "webhook"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    shelf = tmp_path / "shop.toml"
    shelf.write_text(SHELF, encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    return Settings(database_url=url, port=0, shop_file=shelf, telegram_mode=request.param)


async def invoices(town: Town, count: int = 1) -> list[Message]:
    """Wait until so many invoices stand in the buyer's chat."""

    def shown(state: dict[str, Any]) -> list[Message] | None:
        found = [each for each in town.buyer.seen_in(state) if "invoice" in each]
        return found if len(found) == count else None

    found: list[Message] = await town.until(lambda state: shown(state) or (count == 0 and shown(state) == [] and [{}]))
    return found


async def order(town: Town) -> tuple[str, Message]:
    """Walk from /start to the invoice; answer the order's code and the message."""
    await town.buyer.write("/start")
    for token in ("plan:", "buy:", "nomail:"):
        await town.buyer.press(token)
    invoice = (await invoices(town))[-1]
    code = CODE.search(invoice["invoice"]["description"])
    assert code is not None
    return code[0], invoice


async def pay(town: Town, invoice: Message) -> None:
    await town.ask(f"phones/{town.buyer.id}/pay", message=invoice["message_id"])


async def alert(town: Town) -> str:
    """What the platform shows over the chat."""

    def seen(state: dict[str, Any]) -> str | None:
        toasts = next(phone["toasts"] for phone in state["phones"] if phone["id"] == town.buyer.id)
        return next((str(each["text"]) for each in toasts if each["alert"]), None)

    told: str = await town.until(seen)
    return told


async def test_a_key_is_bought_in_the_chat_itself(town: Town) -> None:
    code, invoice = await order(town)
    shown = invoice["invoice"]
    assert (shown["currency"], shown["total_amount"]) == ("XTR", 100)
    assert shown["title"] == "Ảnh Đẹp Pro cho máy tính và điệ…"
    first, *others = buttons(invoice)
    assert (first["pay"], first["text"]) == (True, "⭐ Trả 100\u00a0⭐")
    assert [each["callback_data"].partition("|")[2] for each in others] == [f"cancel:{code}", "orders"]
    await pay(town, invoice)
    key = KEY.search(said(await town.buyer.sees("🎁")))
    assert key is not None
    # A paid invoice stays: it is Telegram's own receipt.
    assert len(await invoices(town, 1)) == 1
    story = await town.order(code)
    assert (story["order"]["payment"], story["order"]["currency"]) == ("paid", "XTR")
    assert [each["state"] for each in story["attempts"]] == ["paid"]
    books = await town.ledger()
    assert books["balanced"]
    assert books["totals"]["XTR"]["revenue"] == 100
    assert (await town.state())["chat"]["stars"] == 100


async def test_a_payment_that_is_told_twice_pays_once(town: Town) -> None:
    await town.ask("faults", pay_twice=True)
    code, invoice = await order(town)
    await pay(town, invoice)
    await town.buyer.sees("🎁")
    await town.buyer.write("/terms")
    await town.buyer.sees("điều khoản")  # whatever came before it has been worked off
    assert [each["decision"] for each in (await town.ledger())["transfers"]] == ["exact"]
    assert len((await town.order(code))["grants"]) == 1


async def test_an_invoice_that_is_over_takes_no_money(town: Town) -> None:
    code, invoice = await order(town)
    await town.buyer.press(f"cancel:{code}")
    await town.buyer.press(f"cancelled:{code}")
    await invoices(town, 0)
    # A phone that was slow still shows it.
    phone = town.street.exchange.phones[town.buyer.id]
    phone.keep(_kept(invoice))
    await pay(town, invoice)
    assert code in await alert(town)
    assert (await town.ledger())["transfers"] == []


def _kept(invoice: Message) -> TelegramMessage:
    kept: TelegramMessage = TelegramMessage.de_json(invoice)
    return kept


async def test_somebody_elses_invoice_takes_no_money(town: Town) -> None:
    _, invoice = await order(town)
    seller = town.street.exchange.phones[town.seller.id]
    stars = town.street.exchange.stars
    seller.keep(_kept(invoice))
    stars.payloads[seller.id, invoice["message_id"]] = stars.payloads[town.buyer.id, invoice["message_id"]]
    await town.ask(f"phones/{town.seller.id}/pay", message=invoice["message_id"])

    def refused(state: dict[str, Any]) -> bool:
        return any(
            each["alert"] for phone in state["phones"] if phone["id"] == town.seller.id for each in phone["toasts"]
        )

    assert await town.until(refused)
    assert stars.charges == {}


async def test_a_busy_writer_keeps_nobody_who_pays_waiting(town: Town) -> None:
    _, invoice = await order(town)
    house = town.opened.house
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(_unit: object) -> None:
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(PATIENCE)

    holding = asyncio.create_task(house.store.write(hold))
    if town.street.exchange.postman.hook is None:
        # Its keeping waits for the writer. The street brings one update after the other to a door, real Telegram many.
        await town.buyer.write("/help")
    await pay(town, invoice)
    await town.until(lambda state: state["chat"]["stars"] == 100)
    assert not holding.done()
    release.set()
    await holding
    await town.buyer.sees("🎁")


async def test_stars_are_given_back_once(town: Town) -> None:
    await town.seller.write("/start")
    code, invoice = await order(town)
    await pay(town, invoice)
    await town.buyer.sees("🎁")
    await town.seller.write(f"/refund {code} 40")
    await town.seller.sees("nguyên khoản")
    await town.seller.write(f"/refund {code}")
    await town.seller.press("refund-yes:")
    await town.buyer.sees("vào tài khoản của bạn")
    await town.seller.sees("Telegram đã trả lại")
    await town.until(lambda state: state["chat"]["stars"] == 0)
    story = await town.order(code)
    assert [(each["state"], each["amount"], each["currency"]) for each in story["refunds"]] == [("settled", 100, "XTR")]
    assert [each["state"] for each in story["grants"]] == ["revoked"]
    books = await town.ledger()
    assert books["balanced"]
    assert (books["totals"]["XTR"]["refund_paid"], books["totals"]["XTR"]["refund_owed"]) == (100, 0)
    assert [each["decision"] for each in books["transfers"]] == ["exact"], (
        "the platform's own word is no second booking"
    )


async def test_both_commands_that_a_bot_must_answer(town: Town) -> None:
    await town.buyer.write("/paysupport")
    await town.buyer.sees("hỗ trợ thanh toán")
    await town.buyer.write("/terms")
    await town.buyer.sees("điều khoản mua hàng")
    commands = (await town.state())["phones"][0]["commands"]
    assert {"paysupport", "terms"} <= {each["command"] for each in commands}
