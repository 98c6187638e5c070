"""The shop in webhook mode: Telegram brings what people do to the shop's own door."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.settings import Settings
from storage.schema.work import inbox
from tests.journeys.people import KEY, PATIENCE, Town, said


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", port=0, telegram_mode="webhook")


async def kept(town: Town) -> int:
    """Updates in the shop's inbox."""
    count = select(func.count()).select_from(inbox)
    return int(await town.opened.house.store.read(lambda unit: unit.conn.execute(count).scalar_one()))


async def until_set(town: Town) -> None:
    """Telegram has been told the address as soon as the bot is awake; what is written earlier waits there."""
    await town.buyer.write("/help")
    await town.buyer.sees("/start")


async def test_a_whole_purchase(town: Town) -> None:
    code = await town.buyer.order()
    await town.pay()
    key = KEY.search(said(await town.buyer.sees("🎁")))
    assert key is not None
    assert code in (await town.letter(key[0]))["subject"]
    assert (await town.ledger())["balanced"]
    hook = town.street.exchange.postman.hook
    assert hook is not None
    assert (hook.url, len(hook.secret) > 30) == (f"{town.opened.base}/telegram/main", True)
    assert town.street.exchange.queue.allowed == ["callback_query", "message", "my_chat_member", "pre_checkout_query"]
    async with town.http.get("/health/ready") as answer:
        assert (answer.status, (await answer.json())["checks"]["telegram"]) == (200, True)


async def test_taps_in_a_storm_are_heard_once_each_and_in_order(town: Town) -> None:
    await until_set(town)
    before = await kept(town)
    await asyncio.gather(*(town.buyer.write(f"/myorders {number}") for number in range(8)))
    async with asyncio.timeout(PATIENCE):
        while len(town.street.exchange.queue):
            await town.street.news.after(town.street.news.version)
    assert await kept(town) == before + 8


async def test_an_update_that_comes_twice_changes_nothing(town: Town) -> None:
    await until_set(town)
    hook = town.street.exchange.postman.hook
    assert hook is not None
    before = await kept(town)
    update = {"update_id": 5, "message": {"chat": {"id": town.buyer.id}, "text": "x"}}
    for secret, status in ((hook.secret, 200), (hook.secret, 200), ("wrong", 401), ("é", 401)):
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        async with town.http.post("/telegram/main", data=json.dumps(update), headers=headers) as answer:
            assert answer.status == status
    assert await kept(town) == before + 1


async def test_a_lost_webhook_leaves_what_people_do_at_telegram(town: Town) -> None:
    await until_set(town)
    await town.street.exchange.postman.serve(None)
    await town.buyer.write("/start")
    assert len(town.street.exchange.queue) == 1
    room = town.opened.house.telegram
    assert room is not None
    await room.room.webhook._look(f"{town.opened.base}/telegram/main", "another-secret")
    hook = town.street.exchange.postman.hook
    assert hook is not None
    assert hook.secret == "another-secret"
