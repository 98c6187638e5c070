import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

import app.inbox
from app.inbox import MOST_ATTEMPTS, Inbox
from app.worker import Worker
from bot.talk.answer import answer
from flows.messages import Incoming
from locales import Texts
from sales.errors import Malformed
from storage import queue, work
from storage.queue import Claimed
from storage.schema.people import peers
from storage.schema.work import inbox as inbox_table
from storage.unit import Unit
from tests.app.workplace import claim_one, hired, states, until_done
from tests.clock import FrozenClock
from tests.flows.shop import Shop

LONG = timedelta(minutes=10)
"""Longer than any wait between two tries."""


class Toy:
    """A channel whose updates are JSON: who said what; it can be slow, and it can stumble."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.slow: dict[str, asyncio.Event] = {}
        self.waits = asyncio.Event()
        self.troubles: list[Exception] = []

    async def feed(self, body: str) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        try:
            told = json.loads(body)
        except ValueError:
            raise Malformed("not JSON") from None
        if told["peer"] in self.slow:
            self.waits.set()
            await self.slow[told["peer"]].wait()
        if told["text"]:
            await self.inbox.hear(Incoming("toy", told["peer"], told["event"], told["text"], language="vi"))


@pytest.fixture
def inbox(shop: Shop) -> Inbox:
    return Inbox(shop.store, shop.premises, Texts())


@pytest.fixture
def toy(inbox: Inbox) -> Iterator[Toy]:
    inbox.feeds["toy"] = (toy := Toy(inbox)).feed
    yield toy
    assert toy.troubles == []


def update(event: int, peer: str = "an", text: str = "/help") -> tuple[str, str, str]:
    return str(event), peer, json.dumps({"event": str(event), "peer": peer, "text": text})


def worker(shop: Shop, inbox: Inbox) -> Worker:
    return Worker(shop.store, inbox_table, inbox.handle)


async def test_what_is_kept_is_answered(shop: Shop, inbox: Inbox, toy: Toy) -> None:
    await inbox.keep("toy", [update(1, text="/start"), update(2, "binh")])
    async with hired(worker(shop, inbox)):
        await until_done(shop, 2, inbox_table)
    assert (await shop.said("an"), await shop.said("binh")) == (["welcome"], ["help-page"])


async def test_a_buyer_is_answered_in_the_order_of_asking(shop: Shop, inbox: Inbox, toy: Toy) -> None:
    texts = ["/start", "/help", "/myorders", "/language", "/cancel"]
    await inbox.keep("toy", [update(place, text=text) for place, text in enumerate(texts)])
    async with hired(worker(shop, inbox)):
        await until_done(shop, len(texts), inbox_table)
    assert await shop.said("an") == ["welcome", "help-page", "no-orders", "choose-language", "nothing-to-cancel"]


async def test_a_slow_buyer_delays_no_other(shop: Shop, inbox: Inbox, toy: Toy) -> None:
    toy.slow["an"] = asyncio.Event()
    await inbox.keep("toy", [update(1), update(2), update(3, "binh"), update(4, "binh")])
    async with hired(worker(shop, inbox)):
        await until_done(shop, 2, inbox_table)
        assert (await shop.said("an"), len(await shop.said("binh"))) == ([], 2)
        toy.slow["an"].set()
        await until_done(shop, 4, inbox_table)


async def test_a_repeated_update_changes_nothing(shop: Shop, inbox: Inbox, toy: Toy) -> None:
    await inbox.keep("toy", [update(1), update(1)])
    await inbox.keep("toy", [update(1)])
    await inbox.handle(await claim_one(shop, inbox_table))
    await inbox.keep("toy", [update(1, text="/start")])
    assert await states(shop, inbox_table) == ["done"]
    assert await shop.said("an") == ["help-page"]


async def test_the_same_event_of_another_channel_is_another_one(shop: Shop, inbox: Inbox, toy: Toy) -> None:
    await inbox.keep("toy", [update(1)])
    await inbox.keep("zalo", [update(1)])
    assert await states(shop, inbox_table) == ["ready", "ready"]


async def test_an_unreadable_update_is_buried_and_its_lane_goes_on(shop: Shop, inbox: Inbox, toy: Toy) -> None:
    await inbox.keep("toy", [("1", "an", "{"), update(2)])
    async with hired(worker(shop, inbox)):
        await until_done(shop, 1, inbox_table)
    rows = await shop.rows(inbox_table)
    assert [(row.state, row.last_error) for row in rows] == [("dead", "Malformed"), ("done", None)]
    assert await shop.said("an") == ["help-page"]


async def test_an_update_that_says_nothing_to_the_shop_is_done(shop: Shop, inbox: Inbox, toy: Toy) -> None:
    await inbox.keep("toy", [update(1, text="")])
    await inbox.handle(await claim_one(shop, inbox_table))
    assert await states(shop, inbox_table) == ["done"]
    assert await shop.jobs() == []


async def test_an_answer_that_fails_half_way_is_written_whole_the_next_time(
    shop: Shop, inbox: Inbox, toy: Toy, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(app.inbox, "answer", fall_after(answer))
        await inbox.keep("toy", [update(1)])
        await inbox.handle(await claim_one(shop, inbox_table))
    [row] = await shop.rows(inbox_table)
    assert (row.state, row.attempts, row.last_error) == ("ready", 1, "ZeroDivisionError")
    assert clock() < row.run_at <= clock() + LONG
    assert (await shop.jobs(), await shop.rows(peers)) == ([], [])
    clock.move(LONG)
    await inbox.handle(await claim_one(shop, inbox_table))
    assert await shop.said("an") == ["help-page"]


async def test_a_hopeless_update_is_buried_in_the_end(shop: Shop, inbox: Inbox, toy: Toy, clock: FrozenClock) -> None:
    toy.troubles = [ZeroDivisionError() for _ in range(MOST_ATTEMPTS)]
    await inbox.keep("toy", [update(1)])
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert await states(shop, inbox_table) == ["ready"]
        row = await claim_one(shop, inbox_table)
        assert row.attempts == attempt
        await inbox.handle(row)
        clock.move(LONG)
    assert await states(shop, inbox_table) == ["dead"]


async def test_a_row_that_somebody_else_has_taken_over_is_left_to_them(
    shop: Shop, inbox: Inbox, toy: Toy, clock: FrozenClock
) -> None:
    await inbox.keep("toy", [update(1)])
    late = await claim_one(shop, inbox_table, timedelta(seconds=1))
    clock.move(timedelta(seconds=2))
    current = await claim_one(shop, inbox_table)
    await inbox.handle(late)
    assert (await states(shop, inbox_table), await shop.said("an")) == (["running"], [])
    await inbox.handle(current)
    await inbox.handle(late)
    assert (await states(shop, inbox_table), await shop.said("an")) == (["done"], ["help-page"])


async def test_what_a_dead_process_had_claimed_is_free_at_the_next_start(shop: Shop, inbox: Inbox, toy: Toy) -> None:
    await inbox.keep("toy", [update(1)])
    await claim_one(shop, inbox_table)
    await shop.store.write(work.take_over)
    await inbox.handle(await claim_one(shop, inbox_table))
    assert await shop.said("an") == ["help-page"]


async def test_each_answer_ends_the_row_it_belongs_to(shop: Shop, inbox: Inbox, toy: Toy) -> None:
    """Two at the same time: the second is heard while the first still waits."""
    toy.slow["an"] = asyncio.Event()
    await inbox.keep("toy", [update(1), update(2, "binh")])
    first, second = await claim_two(shop)
    waiting = asyncio.create_task(inbox.handle(first))
    await toy.waits.wait()
    await inbox.handle(second)
    assert await states(shop, inbox_table) == ["running", "done"]
    toy.slow["an"].set()
    await waiting
    assert (await shop.said("an"), await shop.said("binh")) == (["help-page"], ["help-page"])


async def claim_two(shop: Shop) -> list[Claimed]:
    return await shop.store.write(lambda unit: queue.claim(unit, inbox_table, "test", 2, LONG))


def fall_after(whole: Callable[..., None]) -> Callable[..., None]:
    """Do all of it, then fail."""

    def fall(unit: Unit, *rest: Any) -> None:
        whole(unit, *rest)
        raise ZeroDivisionError

    return fall
