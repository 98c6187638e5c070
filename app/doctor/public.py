"""The public address: does the world find the shop there, and how long is its certificate good."""

import asyncio
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aiohttp import ClientError

from app.doctor.finding import Finding, Patient, broken, missing, works

FEW = 14
"""Days under which a certificate should have been renewed."""


async def check(patient: Patient) -> list[Finding]:
    """Ask its own health at the public address, the way that a gateway comes."""
    url = patient.settings.public_url
    if url is None:
        return [missing("doctor-no-public")]
    try:
        async with patient.session.get(f"{url}/health/live", ssl=patient.tls or True) as answer:
            alive = answer.status == 200 and await answer.json() == {"live": True}
    except (ClientError, OSError, ValueError) as error:
        return [broken("doctor-public-silent", address=url, error=type(error).__name__)]
    if not alive:
        return [broken("doctor-public-other", address=url)]
    if not url.startswith("https://"):
        return [missing("doctor-public-plain", address=url)]
    days = await _days_left(url, patient)
    return [(missing if days < FEW else works)("doctor-public", address=url, days=days)]


async def _days_left(url: str, patient: Patient) -> int:
    """Days until the certificate runs out; it was found good a moment ago."""
    parts = urlsplit(url)
    trusted = patient.tls or ssl.create_default_context()
    _, writer = await asyncio.open_connection(parts.hostname, parts.port or 443, ssl=trusted)
    try:
        ends = ssl.cert_time_to_seconds(writer.get_extra_info("peercert")["notAfter"])
    finally:
        writer.close()
    return (datetime.fromtimestamp(ends, UTC) - patient.clock()).days
