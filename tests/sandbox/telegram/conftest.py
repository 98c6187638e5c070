"""Two independent clients of the Bot API, one after the other, over real loopback HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiogram
import aiogram.exceptions
import aiogram.types
import pytest
import telegram
import telegram.error
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.sandbox.house import House


@dataclass
class Client:
    """`bot` and `types` of one library; both name methods and fields alike."""

    name: str
    bot: Any
    types: Any
    bad_request: type[Exception]
    blocked: type[Exception]
    too_fast: type[Exception]
    wrong_token: type[Exception]
    conflict: type[Exception]

    def file(self, data: bytes) -> Any:
        return self.types.BufferedInputFile(data, "card.png") if self.name == "aiogram" else data

    def keyboard(self, *rows: list[dict[str, Any]]) -> Any:
        buttons = [[self.types.InlineKeyboardButton(**button) for button in row] for row in rows]
        return self.types.InlineKeyboardMarkup(inline_keyboard=buttons)

    async def download(self, file_id: str) -> bytes:
        found = await self.bot.get_file(file_id)
        if self.name == "aiogram":
            return bytes((await self.bot.download_file(found.file_path)).read())
        return bytes(await found.download_as_bytearray())


def aiogram_client(house: House, token: str) -> Client:
    session = AiohttpSession(api=TelegramAPIServer.from_base(house.api))
    errors = aiogram.exceptions
    return Client(
        "aiogram",
        aiogram.Bot(token, session=session),
        aiogram.types,
        errors.TelegramBadRequest,
        errors.TelegramForbiddenError,
        errors.TelegramRetryAfter,
        errors.TelegramUnauthorizedError,
        errors.TelegramConflictError,
    )


def ptb_client(house: House, token: str) -> Client:
    bot = telegram.Bot(token, base_url=f"{house.api}/bot", base_file_url=f"{house.api}/file/bot")
    errors = telegram.error
    return Client(
        "ptb",
        bot,
        telegram,
        errors.BadRequest,
        errors.Forbidden,
        errors.RetryAfter,
        errors.InvalidToken,
        errors.Conflict,
    )


MAKERS = {"aiogram": aiogram_client, "ptb": ptb_client}


async def close(client: Client) -> None:
    if client.name == "aiogram":
        await client.bot.session.close()
    else:
        await client.bot.shutdown()
        await client.bot.request.shutdown()  # what `shutdown` leaves open when getMe was refused


@pytest.fixture(params=sorted(MAKERS))
async def client(request: pytest.FixtureRequest, house: House) -> AsyncIterator[Client]:
    client = MAKERS[request.param](house, house.street.token)
    if client.name == "ptb":
        await client.bot.initialize()
    yield client
    await close(client)


@pytest.fixture(params=sorted(MAKERS))
async def stranger(request: pytest.FixtureRequest, house: House) -> AsyncIterator[Client]:
    """A client with a well-formed token that is not the bot's."""
    client = MAKERS[request.param](house, "7000000001:" + "x" * 35)
    yield client
    await close(client)
