"""Who asks without end is answered as fast as the platform lets us speak, and fills no queue of others."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.inbox import MOST_UNSAID, Inbox
from app.worker import Worker
from flows.messages import Incoming
from locales import Texts
from storage import queue
from storage.schema.work import inbox as inbox_table
from storage.schema.work import outbox
from tests.app.workplace import hired, tick_off, until_done
from tests.flows.shop import Shop

FLOOD = MOST_UNSAID * 3


@pytest.fixture
async def inbox(shop: Shop) -> AsyncIterator[Inbox]:
    opened = Inbox(shop.store, shop.premises, Texts())

    async def feed(body: str) -> None:
        event, peer = json.loads(body)
        await opened.hear(Incoming("toy", peer, event, "/help", language="vi"))

    opened.feeds["toy"] = feed
    yield opened
    assert {row.state for row in await shop.rows(inbox_table)} == {"done"}


async def test_a_flood_is_answered_up_to_a_measure(shop: Shop, inbox: Inbox) -> None:
    await asked(shop, inbox, *["an"] * FLOOD, "binh")
    assert len(await shop.said("an")) == MOST_UNSAID
    assert await shop.said("binh") == ["help-page"]


async def test_whoever_has_been_told_may_ask_again(shop: Shop, inbox: Inbox) -> None:
    await asked(shop, inbox, *["an"] * FLOOD)
    [told] = await shop.store.write(lambda unit: queue.claim(unit, outbox, "test", 10, timedelta(minutes=3)))
    await asked(shop, inbox, "an", first=FLOOD)
    assert len(await shop.said("an")) == MOST_UNSAID
    await tick_off(shop, told)
    await asked(shop, inbox, "an", "an", first=FLOOD + 1)
    assert len(await shop.said("an")) == MOST_UNSAID + 1


async def test_money_is_heard_however_much_was_asked_before(shop: Shop, inbox: Inbox) -> None:
    await asked(shop, inbox, *["an"] * FLOOD)
    money = shop.sighting("", source="stars", currency="XTR", number=0)

    async def feed(body: str) -> None:
        await inbox.hear(Incoming("toy", "an", json.loads(body)[0], paid=money))

    inbox.feeds["toy"] = feed
    await asked(shop, inbox, "an", first=FLOOD)
    assert await shop.meanings() == ["unmatched"]


async def asked(shop: Shop, inbox: Inbox, *peers: str, first: int = 0) -> None:
    """Let people ask for help, and work all of it off."""
    events = [(str(event), peer) for event, peer in enumerate(peers, first)]
    await inbox.keep("toy", [(event, peer, json.dumps([event, peer])) for event, peer in events])
    async with hired(Worker(shop.store, inbox_table, inbox.handle)):
        await until_done(shop, first + len(peers), inbox_table)
