"""Paying in Stars on the street: both libraries ask, are asked, and give back, as the Bot API says."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiogram.types
import pytest
import telegram
from aiohttp import web

from sandbox.telegram import stars
from tests.sandbox.house import House
from tests.sandbox.telegram.conftest import Client

CHAT = 500_000_001
PATIENCE = 10.0


async def invoice(client: Client, **changes: Any) -> Any:
    fields = {"title": "Ảnh Đẹp", "description": "Đơn KX", "payload": "KX2345678:12", "currency": "XTR"}
    prices = [client.types.LabeledPrice(label="Ảnh Đẹp", amount=100)]
    return await client.bot.send_invoice(chat_id=CHAT, **{**fields, "prices": prices, "provider_token": ""} | changes)


async def sent(house: House, **changes: Any) -> dict[str, Any]:
    """An invoice by a bare call; answers what came of it."""
    fields = {"chat_id": CHAT, "title": "Ảnh", "description": "Đơn", "payload": "KX2345678:12", "currency": "XTR"}
    return await house.call("sendInvoice", **(fields | {"prices": [{"label": "x", "amount": 100}]} | changes))


async def pressed(house: House, message: int) -> dict[str, Any]:
    """Press Pay; answers the update that asks the bot."""
    await house.post(f"phones/{CHAT}/pay", message=message)
    return (await updates(house))[-1]


async def updates(house: House) -> list[dict[str, Any]]:
    await house.call("getUpdates", allowed_updates=["message", "pre_checkout_query"])
    return list((await house.call("getUpdates"))["result"])


async def paid(house: House, fault: bool = False) -> dict[str, Any]:
    """A payment all the way; answers the message that tells of it."""
    await updates(house)
    number = (await sent(house))["result"]["message_id"]
    query = (await pressed(house, number))["pre_checkout_query"]["id"]
    if fault:
        await house.post("faults", pay_twice=True)
    assert (await house.call("answerPreCheckoutQuery", pre_checkout_query_id=query, ok=True))["ok"]
    return dict((await updates(house))[-1]["message"])


async def test_both_libraries_read_what_they_asked_for(client: Client, house: House) -> None:
    message = await invoice(client)
    assert (message.invoice.currency, message.invoice.total_amount, message.invoice.title) == ("XTR", 100, "Ảnh Đẹp")
    assert message.reply_markup.inline_keyboard[0][0].pay is True
    keyboard = client.keyboard([{"text": "Trả", "pay": True}, {"text": "b", "callback_data": "b"}])
    message = await invoice(client, reply_markup=keyboard)
    assert [button.text for row in message.reply_markup.inline_keyboard for button in row] == ["Trả", "b"]
    assert await client.bot.get_my_star_balance()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "x" * 33},
        {"description": ""},
        {"description": "x" * 256},
        {"payload": ""},
        {"payload": "₫" * 43},
        {"currency": "VND"},
        {"provider_token": "a-provider"},
        {"prices": []},
        {"prices": [{"label": "x", "amount": 1}, {"label": "y", "amount": 1}]},
        {"prices": [{"label": "x", "amount": 0}]},
        {"prices": [{"label": "x", "amount": "1"}]},
        {"prices": [{"label": "x", "amount": 100_001}]},
        {"prices": ["x"]},
        {"reply_markup": {"inline_keyboard": [[{"text": "b", "callback_data": "b"}]]}},
    ],
)
async def test_what_the_platform_refuses(house: House, changes: dict[str, Any]) -> None:
    assert (await sent(house, **changes))["error_code"] == 400


async def test_a_payment_is_asked_for_first_and_then_told(house: House) -> None:
    await updates(house)
    number = (await sent(house))["result"]["message_id"]
    update = await pressed(house, number)
    query = update["pre_checkout_query"]
    assert (query["currency"], query["total_amount"], query["invoice_payload"]) == ("XTR", 100, "KX2345678:12")
    assert aiogram.types.Update.model_validate(update).pre_checkout_query.from_user.id == CHAT  # type: ignore[union-attr]
    assert telegram.Update.de_json(update).to_dict() == update
    assert (await house.buyer())["paying"] == [number]
    assert (await house.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True))["result"] is True
    told = (await updates(house))[-1]
    payment = told["message"]["successful_payment"]
    assert (payment["total_amount"], payment["invoice_payload"]) == (100, "KX2345678:12")
    assert payment["telegram_payment_charge_id"]
    assert aiogram.types.Update.model_validate(told).message.successful_payment.currency == "XTR"  # type: ignore[union-attr]
    assert (await house.buyer())["paying"] == []
    assert (await house.call("getMyStarBalance"))["result"]["amount"] == 100


async def test_a_refusal_is_shown_and_nothing_is_taken(house: House) -> None:
    await updates(house)
    query = (await pressed(house, (await sent(house))["result"]["message_id"]))["pre_checkout_query"]["id"]
    assert (await house.call("answerPreCheckoutQuery", pre_checkout_query_id=query, ok=False))["error_code"] == 400
    told = {"pre_checkout_query_id": query, "ok": False, "error_message": "Hết hạn rồi"}
    assert (await house.call("answerPreCheckoutQuery", **told))["ok"]
    assert [(each["text"], each["alert"]) for each in (await house.buyer())["toasts"]] == [("Hết hạn rồi", True)]
    assert (await house.call("answerPreCheckoutQuery", **told))["error_code"] == 400, "once"
    assert (await house.call("getMyStarBalance"))["result"]["amount"] == 0


async def test_who_does_not_answer_in_time_gets_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stars, "PATIENCE", 0.01)
    await updates(house)
    query = (await pressed(house, (await sent(house))["result"]["message_id"]))["pre_checkout_query"]["id"]
    async with asyncio.timeout(PATIENCE):
        while not (await house.buyer())["toasts"]:
            await house.street.news.after(house.street.news.version)
    assert (await house.buyer())["toasts"][0]["text"] == "BOT_PRECHECKOUT_TIMEOUT"
    late = await house.call("answerPreCheckoutQuery", pre_checkout_query_id=query, ok=True)
    assert "query is too old" in late["description"]


async def test_what_is_no_invoice_cannot_be_paid(house: House) -> None:
    number = (await house.call("sendMessage", chat_id=CHAT, text="x"))["result"]["message_id"]
    for message in (number, number + 99):
        assert (await house.post(f"phones/{CHAT}/pay", message=message))["error"] == "sandbox-error-button"


async def test_a_payment_can_be_told_twice(house: House) -> None:
    first = await paid(house, fault=True)
    told = [each["message"] for each in await updates(house) if "successful_payment" in each.get("message", {})]
    assert told == [first, first]
    assert (await house.call("getMyStarBalance"))["result"]["amount"] == 100


async def test_stars_go_back_once_and_the_chat_tells_of_it(house: House) -> None:
    charge = (await paid(house))["successful_payment"]["telegram_payment_charge_id"]
    whose = {"user_id": CHAT, "telegram_payment_charge_id": charge}
    assert (await house.call("refundStarPayment", **whose | {"user_id": CHAT + 1}))["description"].endswith("INVALID")
    assert (await house.call("refundStarPayment", **whose))["result"] is True
    told = (await updates(house))[-1]
    assert told["message"]["refunded_payment"]["telegram_payment_charge_id"] == charge
    assert aiogram.types.Update.model_validate(told).message.refunded_payment.total_amount == 100  # type: ignore[union-attr]
    again = await house.call("refundStarPayment", **whose)
    assert (again["error_code"], again["description"]) == (400, "Bad Request: CHARGE_ALREADY_REFUNDED")
    assert (await house.call("getMyStarBalance"))["result"]["amount"] == 0


@pytest.fixture
async def door() -> AsyncIterator[Callable[[object], str]]:
    """A bot's web door that answers every update with the same body."""
    said: list[object] = []

    async def take(request: web.Request) -> web.Response:
        update = await request.json()
        query = update.get("pre_checkout_query", {}).get("id")
        body = said[0] if isinstance(said[0], str) else {**said[0], "pre_checkout_query_id": query}  # type: ignore[dict-item]
        return web.Response(text=body) if isinstance(body, str) else web.json_response(body)

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()

    def saying(body: object) -> str:
        said.append(body)
        return f"http://127.0.0.1:{runner.addresses[0][1]}/"

    yield saying
    await runner.cleanup()


async def test_an_answer_to_an_update_may_hold_a_call(house: House, door: Callable[[object], str]) -> None:
    url = door({"method": "answerPreCheckoutQuery", "ok": True})
    await house.call("setWebhook", url=url, allowed_updates=["pre_checkout_query"])
    await house.post(f"phones/{CHAT}/pay", message=(await sent(house))["result"]["message_id"])
    async with asyncio.timeout(PATIENCE):
        while not house.street.exchange.stars.balance:
            await house.street.news.after(house.street.news.version)


@pytest.mark.parametrize("body", ["", "ok", "[1]", '{"method": 7}', '{"method": "noSuchMethod"}', "[" * 9999])
async def test_an_answer_that_holds_no_call_is_only_one(house: House, door: Callable[[object], str], body: str) -> None:
    await house.call("setWebhook", url=door(body), allowed_updates=["pre_checkout_query"])
    await house.post(f"phones/{CHAT}/pay", message=(await sent(house))["result"]["message_id"])
    async with asyncio.timeout(PATIENCE):
        while len(house.street.exchange.queue):
            await house.street.news.after(house.street.news.version)
    assert house.street.exchange.stars.balance == 0
