"""What one thing a person does costs, beside a handler of plain aiogram that does nothing.

Ours is fed as the house feeds it: the update is read, translated and heard; one Unit reads who speaks and where the
talk stands, writes the reply into the outbox, and is committed (SQLite, synchronous=FULL). The whole way keeps the
update first and works it off from the inbox.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from aiogram import Bot, Dispatcher, Router
from aiogram.types import Message
from sqlalchemy import func, select, update

from app.inbox import Inbox
from app.worker import Worker
from bot.channels.telegram.updates import Feeder
from bot.talk.answer import answer
from flows.messages import Incoming
from flows.premises import Premises
from locales import Texts
from storage.queue import Claimed
from storage.schema.work import inbox as inbox_table
from storage.schema.work import outbox as outbox_table
from storage.store import Store
from tests.bench.shop import open_at

ROUNDS = 5
UPDATES = 1000
AT_ONCE = 32
PEOPLE = 500
TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
AIM = 0.30

Lap = Callable[[Sequence[str]], Awaitable[None]]


def bodies(first: int) -> list[str]:
    """Updates of many people, each a /help in a private chat."""
    return [json.dumps(_update(number)) for number in range(first, first + UPDATES)]


def _update(number: int) -> dict[str, object]:
    person = {"id": 1000 + number % PEOPLE, "first_name": "NGUYEN VAN A"}
    message = {
        "message_id": number,
        "date": 1_790_000_000,
        "chat": person | {"type": "private"},
        "from": person | {"is_bot": False, "language_code": "vi"},
        "text": "/help",
        "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
    }
    return {"update_id": number, "message": message}


async def side_by_side(feed: Callable[[str], Awaitable[object]], updates: Sequence[str]) -> None:
    """Feed them with so many under way at once as a worker has."""
    waiting = iter(updates)

    async def one() -> None:
        for body in waiting:
            await feed(body)

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))


def plain_aiogram(bot: Bot) -> Lap:
    router = Router()

    @router.message()
    async def nothing(_message: Message) -> None:
        return

    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    return lambda updates: side_by_side(lambda body: dispatcher.feed_raw_update(bot, json.loads(body)), updates)


def heard(bot: Bot, store: Store, premises: Premises, texts: Texts) -> Lap:
    async def hear(incoming: Incoming) -> None:
        await store.write(lambda unit: answer(unit, premises, texts, incoming))

    return lambda updates: side_by_side(Feeder(bot, hear).feed, updates)


class WholeWay:
    """From the raw update to the ended inbox row, by the house's own worker."""

    def __init__(self, bot: Bot, store: Store, premises: Premises, texts: Texts) -> None:
        self._store = store
        self._inbox = Inbox(store, premises, texts)
        self._inbox.feeds["telegram"] = Feeder(bot, self._inbox.hear).feed
        self._left = 0
        self._done = asyncio.Event()

    async def __call__(self, updates: Sequence[str]) -> None:
        self._left = len(updates)
        self._done.clear()
        worker = asyncio.create_task(Worker(self._store, inbox_table, self._handle).run())
        for start in range(0, len(updates), 100):  # getUpdates brings a hundred at most
            read = [json.loads(body) for body in updates[start : start + 100]]
            kept = [(str(each["update_id"]), str(each["message"]["chat"]["id"]), json.dumps(each)) for each in read]
            await self._inbox.keep("telegram", kept)
        await self._done.wait()
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)

    async def _handle(self, row: Claimed) -> None:
        await self._inbox.handle(row)
        self._left -= 1
        if not self._left:
            self._done.set()


async def measure(url: str) -> dict[str, list[float]]:
    """Updates per second of each way, round by round."""
    store, opened = await open_at(url)
    bot, texts = Bot(TOKEN), Texts()
    laps: dict[str, Lap] = {
        "aiogram": plain_aiogram(bot),
        "unit": heard(bot, store, opened.premises, texts),
        "whole": WholeWay(bot, store, opened.premises, texts),
    }
    rates: dict[str, list[float]] = {name: [] for name in laps}
    first = 1
    for _ in range(ROUNDS + 1):
        for name, lap in laps.items():
            updates = bodies(first)
            first += UPDATES
            begun = perf_counter()
            await lap(updates)
            rates[name].append(UPDATES / (perf_counter() - begun))
        await store.write(lambda unit: unit.conn.execute(update(outbox_table).values(state="done")).rowcount)
    written = await store.read(lambda unit: unit.conn.scalar(select(func.count()).select_from(outbox_table)))
    assert written == 2 * UPDATES * (ROUNDS + 1), "every update of ours has its reply"
    await store.close()
    return {name: each[1:] for name, each in rates.items()}  # the first round meets new people and cold caches


def told(folder: Path) -> list[str]:
    rates = asyncio.run(measure(f"sqlite:///{folder / 'update.db'}"))
    empty, unit, whole = (median(rates[name]) for name in ("aiogram", "unit", "whole"))
    shares = {name: _share(rates, name) for name in ("unit", "whole")}
    return [
        f"Bot updates a second, {AT_ONCE} under way at once; medians of {ROUNDS} rounds of {UPDATES} in turns",
        f"  aiogram, a handler that does nothing              {empty:>7.0f}",
        f"  ours, heard: one Unit reads and writes the reply  {unit:>7.0f}   {shares['unit']:.2f} (aim: {AIM:.2f})",
        f"  ours, the whole way: kept, claimed, heard, ended  {whole:>7.0f}   {shares['whole']:.2f}",
    ]


def _share(rates: dict[str, list[float]], name: str) -> float:
    return median(ours / empty for ours, empty in zip(rates[name], rates["aiogram"], strict=True))
