"""A real shop on a database of either kind, opened and asked from inside and from the command line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from app.commands import with_store
from app.opening import visit_shop
from app.run import Open, Role, open_house
from app.settings import Settings
from flows.premises import Premises
from storage import gateways
from storage.store import Store
from storage.vault import new_vault_key
from tests.app.command import Result, command
from tests.house.source import ROOT

TOKEN = "123456789:AAEhBOweik6ad6PsVTRxTTDPEDxIaaaaaaa"
BOT = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:1"}
"""What makes a shop a real one without any gateway; its chat stays silent."""


@dataclass(slots=True)
class SealedShop:
    """`environment` holds variables by their names; whatever a test changes there holds from the next start on."""

    environment: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        values: dict[str, Any] = {name.lower(): value for name, value in self.environment.items()}
        return Settings(**values)

    @asynccontextmanager
    async def open(self, roles: Role = Role.ALL) -> AsyncIterator[Open]:
        async with open_house(self.settings, roles) as opened:
            yield opened

    async def start_once(self) -> None:
        async with self.open():
            pass

    async def say(self, *words: str, typed: bytes = b"", cwd: Path = ROOT) -> Result:
        """The command line, with this shop's environment."""
        return await asyncio.to_thread(command, *words, cwd=cwd, typed=typed, **self.environment)

    async def visit(self) -> Premises:
        return await with_store(self.settings.database, lambda store: visit_shop(store, self.settings))

    async def sealed(self) -> dict[str, dict[str, str]]:
        """What lies in the database, opened."""

        async def look(store: Store) -> dict[str, dict[str, str]]:
            there = await visit_shop(store, self.settings)
            return await store.read(lambda unit: gateways.secrets_of(unit, there.shop.id, there.vault))

        return await with_store(self.settings.database, look)


def sealed_shop(url: str, **environment: str) -> SealedShop:
    """A shop that is not founded yet, on this database."""
    key = {} if url.startswith("sqlite") else {"VAULT_KEY": new_vault_key()}
    file = {"SHOP_FILE": str(ROOT / "shop.toml"), "PORT": "0", "DATABASE_URL": url}
    return SealedShop(BOT | file | key | environment)


async def knock(opened: Open, gateway: str) -> int:
    """The status that an unsigned notice gets."""
    async with ClientSession() as http, http.post(f"{opened.base}/webhooks/main/{gateway}", json={}) as answer:
        return answer.status
