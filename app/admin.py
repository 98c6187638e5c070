"""Who runs the shop from the chat, seen from the command line; it may be used while the shop runs."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import ClientError, ClientSession, ClientTimeout

from app.commands import with_store
from app.opening import visit_shop
from app.settings import Settings
from app.words import said
from flows.admins import admins_of
from flows.invite_admins import PAYLOAD, invite_admin, new_token, remove_admin
from flows.premises import Admin, Premises
from sales.errors import Misconfigured
from storage import admins
from storage.store import Store

T = TypeVar("T")

PATIENCE = ClientTimeout(total=5)
"""Seconds until Telegram counts as unreachable; the invitation can be taken without its help."""

UNAUTHORIZED = 401
_USERNAME = re.compile(r"[A-Za-z0-9_]{4,32}")


def invite(settings: Settings) -> list[str]:
    """Open an invitation; answers the lines that say how it is taken. They hold its token: it lies nowhere else."""
    token = new_token()

    async def act(store: Store, premises: Premises) -> list[str]:
        username = await bot_username(settings)
        until = await store.write(lambda unit: invite_admin(unit, premises, token))
        return [_way_in(username, token), said("invite-time", {"until": until}, premises.shop.zone)]

    return _in_shop(settings, act)


def lines_of_admins(settings: Settings) -> list[str]:
    """Everybody who runs the shop, a line each."""

    async def act(store: Store, premises: Premises) -> list[str]:
        joined = await store.read(lambda unit: admins.joined(unit, premises.shop.id))
        names = {Admin(each.channel, each.external): each.name for each in joined}
        everybody = await store.read(lambda unit: admins_of(unit, premises))
        return [_line(premises, admin, names.get(admin, "")) for admin in everybody] or [said("admin-none", {})]

    return _in_shop(settings, act)


def remove(settings: Settings, named: str) -> tuple[str, bool]:
    """Let the admin go who is named like telegram:123; answers what to say, and whether nobody of that name is left."""
    channel, _, external = named.strip().partition(":")

    async def act(store: Store, premises: Premises) -> tuple[str, bool]:
        gone = await store.write(lambda unit: remove_admin(unit, premises, channel, external))
        if Admin(channel, external) in premises.admins:
            return said("admin-in-settings", {"admin": named}), False
        return said("admin-gone" if gone else "admin-unknown", {"admin": named}), gone

    return _in_shop(settings, act)


async def bot_username(settings: Settings) -> str | None:
    """Ask Telegram for the bot's name (getMe); None when it does not tell, Misconfigured when it refuses the token."""
    if settings.telegram_bot_token is None:
        return None
    address = f"{settings.telegram_api_url}/bot{settings.telegram_bot_token.get_secret_value()}/getMe"
    try:
        async with ClientSession(timeout=PATIENCE) as http, http.post(address) as answer:
            if answer.status == UNAUTHORIZED:
                raise Misconfigured("telegram-token-refused")
            name = (await answer.json())["result"]["username"]
    except (ClientError, OSError, ValueError, LookupError, TypeError):
        # Not even logged: an error of aiohttp may quote the address, and the token with it.
        return None
    return name if isinstance(name, str) and _USERNAME.fullmatch(name) else None


def _way_in(username: str | None, token: str) -> str:
    if username is None:
        return said("invite-text", {"text": f"/start {PAYLOAD}{token}"})
    return said("invite-link", {"link": f"https://t.me/{username}?start={PAYLOAD}{token}"})


def _line(premises: Premises, admin: Admin, name: str) -> str:
    message = "admin-line-settings" if admin in premises.admins else "admin-line"
    return said(message, {"channel": admin.channel, "id": admin.external, "name": name}).rstrip()


def _in_shop(settings: Settings, act: Callable[[Store, Premises], Awaitable[T]]) -> T:
    if settings.nothing_there:
        raise Misconfigured("database-not-migrated")

    async def visit(store: Store) -> T:
        return await act(store, await visit_shop(store, settings))

    return asyncio.run(with_store(settings.database, visit))
