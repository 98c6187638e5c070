"""Tells payOS where to send its notices."""

import asyncio

from aiohttp import ClientSession

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


def lacking(settings: Settings) -> list[str]:
    """Variables of payOS's keys that are not set: the door stays closed while one is missing."""
    given = settings.gateway_secrets.get(PAYOS.name, {})
    return [f"PAYOS_{name.upper()}" for name in PAYOS.secrets[0] if name not in given]


def confirm(settings: Settings) -> tuple[str, Channel]:
    """Register the shop's address at payOS; answers it and the channel. The house must be running meanwhile.

    Raises Misconfigured for what is missing, Rejected when payOS refuses, Later when it cannot be asked now.
    """
    secrets = settings.gateway_secrets.get(PAYOS.name, {})
    if missing := lacking(settings):
        raise Misconfigured("payos-not-set", missing=", ".join(missing))
    url = webhook_address(settings)

    async def ask() -> Channel:
        async with ClientSession() as session:
            return await confirm_webhook(secrets, settings.payos_api_url, session, url)

    return url, asyncio.run(ask())
