"""What the one-shot commands do with a shop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from app.holdings import Holding, given_by, merge
from app.opening import look_at_holdings, visit_shop
from app.settings import Settings
from flows.premises import Premises
from sales.clock import utc_now
from sales.errors import Misconfigured, StoreBusy
from storage.store import Store, migrate, open_store
from storage.unit import Unit

T = TypeVar("T")
Look = Callable[[Unit, Premises], dict[str, Any] | None]


def bring_to_head(settings: Settings) -> str:
    """Migrate the database that is named, or else the one this run would use; answers its address."""
    url = settings.database_url or settings.database
    asyncio.run(with_store(url, migrate))
    return url if url.startswith("sqlite") else _without_login(url)


def look_at_shop(settings: Settings, look: Look) -> dict[str, Any] | None:
    """Read something from the shop without changing it; raises Misconfigured when there is no shop yet."""
    if settings.nothing_there:
        raise Misconfigured("database-not-migrated")

    async def read(store: Store) -> dict[str, Any] | None:
        premises = await visit_shop(store, settings)
        return await store.read(lambda unit: look(unit, premises))

    return asyncio.run(with_store(settings.database, read))


async def holdings_in_force(settings: Settings) -> tuple[Holding, ...]:
    """What the shop holds for its gateways; while it cannot be looked at, what the environment says."""
    outside = merge(given_by(settings), {}, ())
    if settings.nothing_there:
        return outside
    try:
        return await with_store(settings.database, lambda store: look_at_holdings(store, settings))
    except (Misconfigured, StoreBusy):
        return outside


def _without_login(url: str) -> str:
    """Scheme, host and database name; logins can stand in many places of such an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


async def with_store(url: str, act: Callable[[Store], Awaitable[T]]) -> T:
    """Open the database, do one thing with it, and close it again."""
    store = await open_store(url, utc_now)
    try:
        return await act(store)
    finally:
        await store.close()
