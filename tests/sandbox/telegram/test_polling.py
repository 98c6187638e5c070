"""Whole bots of both libraries, polling the street as they would poll the platform."""

import asyncio
from contextlib import suppress

import aiogram
import telegram
import telegram.ext
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.sandbox.house import House

BUYER = "phones/500000001"


async def answered(house: House, count: int) -> list[str]:
    """Wait until the buyer sees that many messages."""
    phone, news = house.street.exchange.phones[house.street.buyer_chat], house.street.news
    while len(phone.messages) < count:
        await news.after(news.version)
    return [message.text or "" for message in phone.messages.values()]


async def test_an_aiogram_dispatcher_hears_writing_and_pressing(house: House) -> None:
    bot = aiogram.Bot(house.street.token, session=AiohttpSession(api=TelegramAPIServer.from_base(house.api)))
    dispatcher = aiogram.Dispatcher()

    @dispatcher.message()
    async def echo(message: aiogram.types.Message) -> None:
        await message.answer(f"you said {message.text}")

    @dispatcher.callback_query()
    async def pressed(query: aiogram.types.CallbackQuery) -> None:
        assert isinstance(query.message, aiogram.types.Message)
        await query.answer("ok")
        await query.message.answer(f"you pressed {query.data}")

    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
    number = (await house.post(f"{BUYER}/write", text="hello"))["message"]
    assert await answered(house, 2) == ["hello", "you said hello"]
    await house.post(f"{BUYER}/press", message=number, data="x:1")
    assert (await answered(house, 3))[-1] == "you pressed x:1"
    assert [toast["text"] for toast in (await house.buyer())["toasts"]] == ["ok"]

    house.street.hang_up()
    await dispatcher.stop_polling()
    with suppress(asyncio.CancelledError):
        await polling


async def test_a_python_telegram_bot_application_hears_commands(house: House) -> None:
    builder = telegram.ext.Application.builder().token(house.street.token)
    application = builder.base_url(f"{house.api}/bot").base_file_url(f"{house.api}/file/bot").build()

    async def start(update: telegram.Update, _: telegram.ext.ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message
        await update.effective_message.reply_text("welcome")

    application.add_handler(telegram.ext.CommandHandler("start", start))
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling()
        await house.post(f"{BUYER}/write", text="/start")
        assert await answered(house, 2) == ["/start", "welcome"]
        house.street.exchange.queue.close()
        await application.updater.stop()
        await application.stop()


async def test_the_house_closes_at_once_though_a_bot_polls_and_a_page_looks_on(house: House) -> None:
    poll = asyncio.create_task(house.call("getUpdates", timeout=50))
    await house.street.exchange.queue._news.after(0)
    page = await house.session.get("/sandbox/api/events")
    await page.content.readline()
    async with asyncio.timeout(5):
        await house._runner.cleanup()
    assert (await poll)["result"] == []
    page.close()
