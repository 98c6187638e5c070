"""A shop with a history to back up, on either database, and the settings that lead to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from app.settings import Settings
from flows.premises import Premises
from gateways.casso import CASSO
from sales.purchase import Order
from storage import queue, shops
from storage.schema import metadata
from storage.schema.work import outbox
from storage.store import open_store
from storage.unit import Unit
from storage.vault import Vault
from tests.clock import FrozenClock
from tests.flows.mouths import Mouth
from tests.flows.shop import ADMIN, LEASE, PRICE, Shop, open_shop

KEY = "A" * 43
"""32 bytes of zero, in base64."""


def settings(url: str, **changes: Any) -> Settings:
    """A real shop on that database."""
    return Settings(**({"database_url": url, "casso_checksum_key": "dummy", "vault_key": KEY} | changes))


async def found(url: str, clock: FrozenClock) -> list[Order]:
    """Found a shop that has sold, has been paid short and over, and waits for money; its orders, the open one last.

    A job is left under the lease of a worker that will be gone.
    """
    store = await open_store(url, clock)
    shop = await open_shop(store, key=KEY)
    paid, short, surplus, waiting = [await shop.order(email="an@example.com") for _ in range(4)]
    await shop.settle(shop.sighting(paid.code), shop.sighting(short.code, 10_000), shop.sighting("xyz", 7_000))
    await shop.settle(shop.sighting(surplus.code, PRICE + 5))
    await shop.work()
    await shop.order()
    await store.write(lambda unit: queue.claim(unit, outbox, "gone", 1, LEASE))
    await store.close()
    return [paid, short, surplus, waiting]


@asynccontextmanager
async def opened(url: str, clock: FrozenClock) -> AsyncIterator[Shop]:
    """The shop as it stands there, opened with the same vault key."""
    store = await open_store(url, clock)
    known = await store.read(lambda unit: shops.find(unit, "main"))
    assert known is not None
    premises = Premises(known, Vault.from_text(KEY), CASSO, (ADMIN,))
    shop = Shop(store, premises, {"telegram": Mouth("telegram"), "email": Mouth("email")})
    for _ in range(1000):  # references that the shop before has used
        next(shop.refs)
    yield shop
    await store.close()


async def rows(url: str, clock: FrozenClock) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the shop's tables, as the program reads it."""
    store = await open_store(url, clock)

    def look(unit: Unit) -> dict[str, list[tuple[Any, ...]]]:
        tables = metadata.sorted_tables
        return {table.name: [tuple(row) for row in unit.conn.execute(select(table).order_by("id"))] for table in tables}

    try:
        return await store.read(look)
    finally:
        await store.close()


def leftovers(folder: Path) -> list[str]:
    """Files beside the ones that should be there."""
    return sorted(path.name for path in folder.iterdir() if ".restoring" in path.name or path.name.startswith("."))


async def nothing_is_there(url: str, clock: FrozenClock) -> None:
    """No row, and on SQLite no file either."""
    if url.startswith("sqlite"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        assert [path.name for path in folder.glob("*")] in ([], ["shop.lock"])
        return
    store = await open_store(url, clock)
    query = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    assert await store.read(lambda unit: unit.conn.scalar(query)) == 0
    await store.close()
