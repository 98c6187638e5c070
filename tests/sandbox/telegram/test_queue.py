"""getUpdates: confirming, waiting, one poller at a time, choosing kinds."""

import asyncio
from datetime import timedelta
from typing import Any

from sandbox.clock import MovableClock
from sandbox.street import Street
from sandbox.telegram import acts
from tests.clock import FrozenClock
from tests.sandbox.house import ACCOUNT, SECRETS, TEXTS, House


async def write(house: House, *texts: str) -> None:
    for text in texts:
        await house.post("phones/500000001/write", text=text)


async def updates(house: House, **params: Any) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = (await house.call("getUpdates", **params))["result"]
    return result


def texts(batch: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in batch]


async def test_an_offset_confirms_what_is_before_it(house: House) -> None:
    await write(house, "a", "b", "c")
    first = await updates(house)
    assert texts(first) == ["a", "b", "c"]
    ids = [update["update_id"] for update in first]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    assert texts(await updates(house)) == ["a", "b", "c"]
    assert texts(await updates(house, offset=ids[1])) == ["b", "c"]
    assert texts(await updates(house)) == ["b", "c"]
    assert await updates(house, offset=ids[2] + 1) == []
    assert await updates(house) == []


async def test_limit_and_negative_offset(house: House) -> None:
    await write(house, "a", "b", "c")
    assert texts(await updates(house, limit=2)) == ["a", "b"]
    assert texts(await updates(house, limit=0)) == ["a"]
    assert texts(await updates(house, offset=-1)) == ["c"]
    assert texts(await updates(house)) == ["c"]


async def test_a_second_poller_ends_the_first_with_409(house: House) -> None:
    first = asyncio.create_task(house.call("getUpdates", timeout=40))
    await house.street.exchange.queue._news.after(0)
    second = asyncio.create_task(house.call("getUpdates", timeout=40))
    lost = await first
    assert lost["error_code"] == 409
    assert lost["description"].startswith("Conflict: terminated by other getUpdates request")
    await write(house, "a")
    assert texts((await second)["result"]) == ["a"]


async def test_a_poll_ends_empty_after_its_time(house: House) -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    assert await updates(house, timeout=1) == []
    assert 0.9 < loop.time() - start < 5


async def test_a_poll_ends_when_the_house_closes(house: House) -> None:
    poll = asyncio.create_task(house.call("getUpdates", timeout=50))
    await house.street.exchange.queue._news.after(0)
    house.street.hang_up()
    assert (await poll)["result"] == []
    assert (await house.call("getUpdates", timeout=50))["error_code"] == 502


async def test_only_allowed_kinds_come(house: House) -> None:
    await updates(house, allowed_updates=["callback_query"])
    message = await house.sent()
    await write(house, "not wanted")
    await house.post("phones/500000001/press", message=message["message_id"], data="x")
    (only,) = await updates(house)
    assert only["callback_query"]["data"] == "x"
    await updates(house, allowed_updates=[], offset=only["update_id"] + 1)
    await write(house, "wanted again")
    assert texts(await updates(house)) == ["wanted again"]


async def test_old_updates_are_dropped_at_last(house: House) -> None:
    exchange = house.street.exchange
    for number in range(1003):
        acts.write(exchange, exchange.phones[house.street.buyer_chat], str(number))
    assert texts(await updates(house, limit=1)) == ["3"]
    assert len(exchange.queue) == 1000


def test_ids_never_come_again_when_the_street_opens_later() -> None:
    base = FrozenClock()
    one = Street(MovableClock(base), SECRETS, ACCOUNT, "main", "", TEXTS)
    base.move(timedelta(seconds=5))
    other = Street(MovableClock(base), SECRETS, ACCOUNT, "main", "", TEXTS)
    assert other.exchange.queue.next_id - one.exchange.queue.next_id == 5000
    assert other.exchange.phones[500000001].last - one.exchange.phones[500000001].last == 5
    assert other.token != one.token
