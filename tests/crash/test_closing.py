"""A shop that is told to close lets its work end and closes soon."""

import asyncio

import pytest

from tests.crash.outside import Outside
from tests.crash.shop import GOODBYE, Shop


async def test_a_shop_can_be_closed_as_soon_as_it_is_open(shop: Shop) -> None:
    await shop.start()
    assert await shop.close() == 0


async def test_work_that_is_under_way_is_ended_first(
    shop: Shop, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    take = outside.mailbox.handle_DATA

    async def take_slowly(*given: object) -> str:
        begun.set()
        await may_end.wait()
        return await take(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(outside.mailbox, "handle_DATA", take_slowly)
    await shop.start()
    await outside.ask_for_order()
    assert await outside.notify(shop.base, await outside.code()) == 200
    await begun.wait()
    await outside.until(outside.keys_in_chat)
    assert not outside.hung_up.is_set()
    shop.terminate()
    await outside.hung_up.wait()
    may_end.set()
    assert await shop.dies(GOODBYE) == 0
    assert len(outside.keys_in_mail()) == 1
    assert shop.rows("SELECT state FROM deliveries") == [("sent",), ("sent",)]
    assert shop.rows("SELECT id FROM outbox WHERE state = 'running'") == []
    assert await outside.notify(shop.base, "") is None
