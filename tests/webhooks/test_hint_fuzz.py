"""A fuzz of the door for hints: whoever sends whatever, signed or not, nothing is kept but when to ask next."""

import json
from collections.abc import AsyncIterator
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from gateways.gateway import Request
from gateways.sepay_pg import SEPAY_PG
from sales.purchase import Attempt
from storage.schema.orders import attempts
from storage.store import open_store
from tests.clock import FrozenClock
from tests.flows.paying_page import ask_by_page, sell_by_page
from tests.flows.shop import Shop, open_shop
from tests.gateways.sepay_pg_signing import NOTICE
from tests.webhooks.house import Visitor
from tests.webhooks.mutations import garbled, mutated
from tests.webhooks.test_door_fuzz import ONLY_HINTS, SENDERS, Sender, door, everything, name_sepay_pg, sent

ROUNDS, BODIES = 8, 40
PATH = "/webhooks/main/sepay-pg"
[SENDER] = [each for each in SENDERS if each.gateway is SEPAY_PG]


@pytest.fixture
async def shop(sqlite_url: str, clock: FrozenClock) -> AsyncIterator[Shop]:
    store = await open_store(sqlite_url, clock)
    yield sell_by_page(await open_shop(store))
    await store.close()


def notice(attempt: Attempt, kind: str = "ORDER_PAID") -> dict[str, Any]:
    body = deepcopy(dict(NOTICE)) | {"notification_type": kind}
    body["order"]["order_invoice_number"] = f"{attempt.memo}-{attempt.number}"
    return body


def signed(body: Any, sender: Sender = SENDER) -> Request:
    return name_sepay_pg(json.dumps(body).encode(), sender.proof)


def unsigned(body: Any) -> Request:
    return sent(json.dumps(body).encode())


def wrong(request: Request) -> Request:
    headers = tuple((name, f"{value}x" if name == "x-secret-key" else value) for name, value in request.headers)
    return replace(request, headers=headers)


async def tell(visitor: Visitor, request: Request) -> int:
    return (await visitor.notify(request, PATH)).status


async def kept(shop: Shop) -> dict[str, list[Any]]:
    """All rows of all tables, but for when payments are asked for."""
    rows = await everything(shop)
    place = list(attempts.c.keys()).index("look_at")
    rows["attempts"] = [row[:place] + row[place + 1 :] for row in map(tuple, rows["attempts"])]
    return rows


async def looks(shop: Shop) -> dict[int, datetime | None]:
    return {row.number: row.look_at for row in await shop.rows(attempts)}


async def test_whatever_comes_nothing_is_kept(shop: Shop) -> None:
    chance = Random("sepay-pg")
    waiting = [await ask_by_page(shop, await shop.order()) for _ in range(3)]
    before, statuses = await kept(shop), []
    async with door(shop) as visitor:
        for _ in range(ROUNDS):
            for _ in range(BODIES):
                body = notice(chance.choice(waiting), chance.choice(["ORDER_PAID", "TRANSACTION_VOID"]))
                text = garbled(json.dumps(body).encode(), chance) if chance.random() < 0.3 else None
                text = text or json.dumps(mutated(body, chance)).encode()
                proof = (("x-secret-key", SENDER.proof["secret"]),) if chance.random() < 0.5 else ()
                statuses.append(await tell(visitor, sent(text, *proof)))
            assert await tell(visitor, wrong(signed(notice(chance.choice(waiting))))) == 401
            assert await kept(shop) == before
    assert set(statuses) == {200, 400}
    assert min(statuses.count(200), statuses.count(400)) > len(statuses) // 10
    assert (await shop.books())["transfers"] == []


@pytest.mark.parametrize("kind", ["ORDER_PAID", "TRANSACTION_VOID"])
@pytest.mark.parametrize("write", [signed, unsigned], ids=["signed", "unsigned"])
async def test_a_hint_has_its_payment_asked_for_now(shop: Shop, clock: FrozenClock, kind: str, write: Any) -> None:
    one, other = [await ask_by_page(shop, await shop.order()) for _ in range(2)]
    before = await looks(shop)
    clock.move(timedelta(seconds=1))
    async with door(shop) as visitor:
        assert await tell(visitor, write(notice(one, kind))) == 200
    after = await looks(shop)
    assert after[one.number] != before[one.number]
    assert after.pop(one.number) == clock()
    assert after == {number: when for number, when in before.items() if number != one.number}
    assert other.number in after


async def test_a_wrong_secret_has_nothing_asked_for(shop: Shop) -> None:
    attempt = await ask_by_page(shop, await shop.order())
    before = await looks(shop)
    async with door(shop) as visitor:
        assert await tell(visitor, wrong(signed(notice(attempt)))) == 401
    assert await looks(shop) == before


async def test_hints_at_nobodys_payment_change_nothing(shop: Shop) -> None:
    attempt = await ask_by_page(shop, await shop.order())
    before = await everything(shop)
    async with door(shop) as visitor:
        for number in (attempt.number + 1, 1, 2**53 - 1):
            assert await tell(visitor, unsigned(notice(replace(attempt, number=number)))) == 200
    assert await everything(shop) == before


def test_this_is_who_only_hints() -> None:
    assert {SEPAY_PG.name} == ONLY_HINTS
