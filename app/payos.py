"""Tells payOS where to send its notices."""

import asyncio

from aiohttp import ClientSession

from app.commands import holdings_in_force
from app.holdings import held_for
from app.opening import FIRST_SHOP
from app.settings import Settings
from gateways.payos import PAYOS
from gateways.payos_api import Channel, confirm_webhook
from sales.errors import Misconfigured


def webhook_address(settings: Settings) -> str:
    """Where payOS sends notices of this shop; raises Misconfigured without a PUBLIC_URL that payOS can reach."""
    if settings.public_url is None:
        raise Misconfigured("payos-no-public-url")
    if not settings.public_url.startswith("https://"):
        raise Misconfigured("payos-public-url-insecure")
    return f"{settings.public_url}/webhooks/{FIRST_SHOP}/{PAYOS.name}"


def confirm(settings: Settings) -> tuple[str, Channel]:
    """Register the shop's address at payOS; answers it and the channel. The house must be running meanwhile.

    Raises Misconfigured for what is missing, Rejected when payOS refuses, Later when it cannot be asked now.
    """
    held = held_for(asyncio.run(holdings_in_force(settings)), PAYOS)
    if missing := held.lacking:
        raise Misconfigured("payos-not-set", missing=", ".join(missing))
    url = webhook_address(settings)

    async def ask() -> Channel:
        async with ClientSession() as session:
            return await confirm_webhook(held.secrets, held.url, session, url)

    return url, asyncio.run(ask())
