"""Updates brought to a door, as the platform brings them; both libraries set it and read what comes."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiogram.types
import pytest
import telegram
from aiohttp import web

from tests.sandbox.house import House
from tests.sandbox.telegram.conftest import Client

SECRET = "a_Secret-1"
PATIENCE = 10.0


@dataclass
class BotDoor:
    """The bot's own web server: answers `script` first, then 200; remembers what was brought."""

    script: deque[int] = field(default_factory=deque)
    brought: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[list[str]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.getall("X-Telegram-Bot-Api-Secret-Token", []))
        self.brought.append(await request.json())
        self.news.set()
        status = self.script.popleft() if self.script else 200
        return web.Response(status=status, headers={"Location": self.url} if status == 302 else {})

    async def until(self, count: int) -> list[str]:
        """Wait until so many posts have come; answer their texts."""
        async with asyncio.timeout(PATIENCE):
            while len(self.brought) < count:
                self.news.clear()
                await self.news.wait()
        return [each["message"]["text"] for each in self.brought]


@pytest.fixture
async def door() -> AsyncIterator[BotDoor]:
    door, app = BotDoor(), web.Application()
    app.router.add_post("/telegram/main", door.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/main"
    yield door
    await runner.cleanup()


async def write(house: House, *texts: str) -> None:
    for text in texts:
        await house.post("phones/500000001/write", text=text)


async def until(house: House, seen: Callable[[telegram.WebhookInfo], object]) -> telegram.WebhookInfo:
    """Look again after each try to deliver."""
    news, postman = house.street.news, house.street.exchange.postman
    async with asyncio.timeout(PATIENCE):
        while not seen(postman.info()):
            await news.after(news.version)
    return postman.info()


async def nothing_waits(house: House) -> None:
    """An answer of 200 is noted a moment after it was given."""
    await until(house, lambda info: not info.pending_update_count)


async def troubled(house: House) -> telegram.WebhookInfo:
    """Wait until a delivery has failed at this moment of the clock."""
    return await until(house, lambda info: info.last_error_date == house.clock())


async def test_either_library_sets_it_reads_it_and_removes_it(client: Client, house: House, door: BotDoor) -> None:
    assert await client.bot.set_webhook(
        door.url, secret_token=SECRET, allowed_updates=["message"], max_connections=7, drop_pending_updates=True
    )
    info = await client.bot.get_webhook_info()
    assert (info.url, info.max_connections, list(info.allowed_updates)) == (door.url, 7, ["message"])
    assert (info.pending_update_count, info.last_error_message) == (0, None)
    assert SECRET not in repr(info) + repr(house.street.exchange.postman.hook)
    await write(house, "xin chào 😀")
    assert await door.until(1) == ["xin chào 😀"]
    assert door.secrets == [[SECRET]]
    with pytest.raises(client.conflict, match="while webhook is active"):
        await client.bot.get_updates()
    assert await client.bot.delete_webhook()
    assert (await client.bot.get_webhook_info()).url == ""
    await nothing_waits(house)
    assert list(await client.bot.get_updates()) == []


async def test_both_libraries_read_what_is_brought(house: House, door: BotDoor) -> None:
    await house.call("setWebhook", url=door.url)
    await write(house, "/start")
    await house.post("phones/500000001/block", blocked=True)
    async with asyncio.timeout(PATIENCE):
        while len(door.brought) < 2:
            door.news.clear()
            await door.news.wait()
    for data in door.brought:
        assert aiogram.types.Update.model_validate(data).update_id == data["update_id"]
        assert telegram.Update.de_json(data).to_dict() == data
    assert door.secrets == [[], []]


async def test_what_waited_comes_first_and_in_order(house: House, door: BotDoor) -> None:
    await write(house, "a", "b")
    await house.call("setWebhook", url=door.url)
    await write(house, "c")
    assert await door.until(3) == ["a", "b", "c"]
    await nothing_waits(house)


@pytest.mark.parametrize("status", [302, 400, 401, 404, 500, 503])
async def test_what_is_not_taken_is_brought_again_before_anything_else(
    house: House, door: BotDoor, status: int
) -> None:
    door.script.extend([status, status])
    await house.call("setWebhook", url=door.url)
    await write(house, "a", "b")
    assert await door.until(1) == ["a"]
    info = await troubled(house)
    assert (info.last_error_message or "").startswith(f"Wrong response from the webhook: {status} ")
    assert info.pending_update_count == 2
    house.clock.move(timedelta(seconds=1))
    await troubled(house)
    house.clock.move(timedelta(seconds=2))
    assert await door.until(4) == ["a", "a", "a", "b"]


async def test_a_door_that_is_not_there_loses_nothing(house: House) -> None:
    await house.call("setWebhook", url="http://127.0.0.1:1/telegram/main")
    await write(house, "a")
    assert (await troubled(house)).last_error_message == "Connection refused"
    assert (await house.call("getUpdates"))["error_code"] == 409
    await house.call("deleteWebhook")
    assert [each["message"]["text"] for each in (await house.call("getUpdates"))["result"]] == ["a"]


async def test_setting_it_ends_a_waiting_poll(house: House, door: BotDoor) -> None:
    poll = asyncio.create_task(house.call("getUpdates", timeout=40))
    await house.street.exchange.queue._news.after(0)
    await house.call("setWebhook", url=door.url)
    lost = await poll
    assert (lost["error_code"], lost["description"]) == (409, "Conflict: terminated by setWebhook request")


async def test_another_address_takes_over(house: House, door: BotDoor) -> None:
    await house.call("setWebhook", url="http://127.0.0.1:1/")
    await write(house, "a")
    await troubled(house)
    await house.call("setWebhook", url=door.url)
    assert await door.until(1) == ["a"]
    assert "last_error_message" not in (await house.call("getWebhookInfo"))["result"]


async def test_only_wanted_kinds_come_and_what_waits_can_be_dropped(house: House, door: BotDoor) -> None:
    await write(house, "old")
    await house.call("setWebhook", url=door.url, allowed_updates=["message"], drop_pending_updates=True)
    message = await house.sent()
    await house.post("phones/500000001/press", message=message["message_id"], data="x")
    await write(house, "new")
    assert await door.until(1) == ["new"]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/hook",
        "http://169.254.169.254/",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "ftp://127.0.0.1/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:x/",
        "//127.0.0.1/",
        "nonsense",
        "http://[::1",
    ],
)
async def test_nothing_leaves_this_machine(house: House, url: str) -> None:
    body = await house.call("setWebhook", url=url)
    assert (body["error_code"], body["description"]) == (
        400,
        "Bad Request: bad webhook: the sandbox delivers to this machine only",
    )
    assert house.street.exchange.postman.hook is None


@pytest.mark.parametrize("secret", ["a b", "khoá", "x" * 257, "a\nb"])
async def test_secrets_of_other_characters_are_refused(house: House, door: BotDoor, secret: str) -> None:
    body = await house.call("setWebhook", url=door.url, secret_token=secret)
    assert body["description"] == "Bad Request: secret token contains unallowed characters"


async def test_an_empty_address_removes_it(house: House, door: BotDoor) -> None:
    await house.call("setWebhook", url=door.url)
    assert (await house.call("setWebhook", url=""))["result"] is True
    assert (await house.call("getWebhookInfo"))["result"]["url"] == ""


async def test_the_house_closes_while_something_is_being_brought(house: House) -> None:
    await house.call("setWebhook", url="http://127.0.0.1:1/")
    await write(house, "a")
    await troubled(house)
    async with asyncio.timeout(PATIENCE):
        await house.street.close()
    assert house.street.exchange.postman.hook is None
