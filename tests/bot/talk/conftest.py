"""A shop with somebody in front of it; the talk does not depend on the database, so SQLite does for most."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from storage.store import Store, open_store
from tests.bot.talk.chooser import PRICES, choosing, sell, sold
from tests.bot.talk.people import Person
from tests.clock import FrozenClock
from tests.flows.shop import FILE, Shop, open_shop


@pytest.fixture
async def lite(sqlite_url: str, clock: FrozenClock) -> AsyncIterator[Store]:
    opened = await open_store(sqlite_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def shop(lite: Store) -> Shop:
    return await open_shop(lite)


@pytest.fixture
async def person(shop: Shop) -> Person:
    return Person(shop)


@pytest.fixture
async def strict(lite: Store) -> Person:
    """Somebody in front of a shop that sells nothing without an e-mail address."""
    return Person(await open_shop(lite, replace(FILE, email_optional=False)))


@pytest.fixture
async def chooser(person: Person) -> Person:
    """Somebody in front of a shop with four gateways that sells one plan in four currencies."""
    await sell(person, sold(*PRICES))
    return choosing(person)
