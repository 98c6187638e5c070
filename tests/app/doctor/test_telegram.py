from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from app.doctor.finding import Mark
from app.doctor.telegram import check
from app.words import said
from tests.app.doctor.patients import NOWHERE, always, patient, serving, told

TOKEN = "7000000001:AAE-secret_half"
ADDRESS = "https://shop.example.com/telegram/main"
WEBHOOK = {"telegram_mode": "webhook", "telegram_webhook_secret": "s", "public_url": "https://shop.example.com"}


class Bot:
    """What Telegram says of the bot's webhook, and what it was asked."""

    def __init__(self) -> None:
        self.webhook: dict[str, Any] = {"url": "", "pending_update_count": 3}
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        token, _, method = request.path.removeprefix("/bot").partition("/")
        self.asked.append(method)
        if token != TOKEN:
            return web.json_response({"ok": False, "error_code": 401}, status=401)
        return web.json_response({"ok": True, "result": {"getMe": {"username": "my_bot"}}.get(method, self.webhook)})


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def url(bot: Bot) -> AsyncIterator[str]:
    async with serving(bot.answer) as address:
        yield address


async def test_a_good_token_is_told_with_the_bots_name(url: str, bot: Bot) -> None:
    async with patient(telegram_api_url=url, telegram_bot_token=TOKEN) as shop:
        found = await check(shop)
    assert told(found) == [(Mark.WORKS, "doctor-telegram"), (Mark.WORKS, "doctor-polling")]
    assert (found[0].values["name"], found[1].values["pending"]) == ("my_bot", 3)
    assert bot.asked == ["getMe", "getWebhookInfo"], "it looks and changes nothing"


@pytest.mark.parametrize(
    ("token", "message"),
    [("7:wrong", "telegram-token-refused"), ("no token", "telegram-token-malformed"), (None, "start-no-telegram")],
)
async def test_a_token_that_is_wrong_or_not_there(url: str, token: str | None, message: str) -> None:
    async with patient(telegram_api_url=url, telegram_bot_token=token) as shop:
        found = await check(shop)
    assert told(found) == [(Mark.BROKEN if token else Mark.MISSING, message)]


async def test_a_webhook_that_is_left_over_keeps_updates_away(url: str, bot: Bot) -> None:
    bot.webhook["url"] = "https://old.example.com/hook"
    async with patient(telegram_api_url=url, telegram_bot_token=TOKEN) as shop:
        found = await check(shop)
    assert told(found)[1] == (Mark.BROKEN, "doctor-webhook-left")
    assert "https://old.example.com/hook" in said(found[1].message, found[1].values)


@pytest.mark.parametrize(
    ("stands", "mark", "message"),
    [
        (ADDRESS, Mark.WORKS, "doctor-webhook"),
        ("", Mark.BROKEN, "doctor-webhook-elsewhere"),
        ("https://old.example.com/hook", Mark.BROKEN, "doctor-webhook-elsewhere"),
    ],
)
async def test_in_webhook_mode_the_address_is_ours(url: str, bot: Bot, stands: str, mark: Mark, message: str) -> None:
    bot.webhook["url"] = stands
    async with patient(telegram_api_url=url, telegram_bot_token=TOKEN, **WEBHOOK) as shop:
        found = await check(shop)
    assert told(found)[1:] == [(mark, message)]
    assert ADDRESS in said(found[1].message, found[1].values)


async def test_the_last_failure_of_a_webhook_is_told_in_telegrams_words(url: str, bot: Bot) -> None:
    bot.webhook = {"url": ADDRESS, "last_error_date": 1_790_000_000, "last_error_message": "Connection refused"}
    async with patient(telegram_api_url=url, telegram_bot_token=TOKEN, **WEBHOOK) as shop:
        found = await check(shop)
    assert told(found)[2] == (Mark.MISSING, "doctor-webhook-error")
    assert "Connection refused" in said(found[2].message, found[2].values)


@pytest.mark.parametrize(
    ("lacking", "message"),
    [("public_url", "telegram-webhook-no-address"), ("telegram_webhook_secret", "telegram-webhook-no-secret")],
)
async def test_webhook_mode_needs_address_and_secret(url: str, lacking: str, message: str) -> None:
    async with patient(telegram_api_url=url, telegram_bot_token=TOKEN, **(WEBHOOK | {lacking: None})) as shop:
        assert told(await check(shop))[1] == (Mark.BROKEN, message)


@pytest.mark.parametrize("answer", [always(502), always(200, []), always(200, {"ok": True, "result": 1})])
async def test_nonsense_and_silence_tell_no_token(answer: Any) -> None:
    async with serving(answer) as address:
        for place in (address, NOWHERE):
            async with patient(telegram_api_url=place, telegram_bot_token=TOKEN) as shop:
                found = await check(shop)
            assert told(found) == [(Mark.BROKEN, "doctor-telegram-unreachable")]
            assert TOKEN not in said(found[0].message, found[0].values)
