"""Confirms a webhook's address as payOS does: a signed sample is sent there, and must be taken."""

from datetime import datetime

from aiohttp import ClientSession
from yarl import URL

from gateways.gateway import Secrets
from gateways.payos import PAYOS
from sales.transfer import Sighting
from sandbox.bank.delivery import post
from sandbox.payos import refusals

SAMPLE = Sighting(
    source="payos",
    ref="124c33293c43417ab7879e14c8d9eb18:TF230204212323",
    amount=3000,
    currency="VND",
    account="12345678",
    memo="VQRIO123",
    reference="TF230204212323",
    number=123,
    link="124c33293c43417ab7879e14c8d9eb18",
)
"""What payOS sends of a payment nobody made: order code 123 belongs to no seller."""


async def confirm(url: str, door: str, secrets: Secrets, now: datetime) -> None:
    """Send the sample; raises Refusal when it is not taken, or when the address is not one of our own webhooks.

    Nothing leaves the street: it knocks at `door`, the base address of the house itself, and nowhere else.
    """
    within = f"{door}/webhooks/"
    # Read as it will be called: a path may climb out again by its dots.
    if not url.startswith(within) or not str(URL(url)).startswith(within):
        raise refusals.invalid("webhookUrl cannot be reached")
    async with ClientSession() as client:
        status = await post(client, url, PAYOS.forge(secrets, SAMPLE, now))
    if not 200 <= status < 300:
        raise refusals.invalid("webhookUrl does not answer 2xx")
