"""The machine's clock, against the Date that Telegram or payOS write on their answers."""

from datetime import UTC
from email.utils import parsedate_to_datetime

from aiohttp import ClientError

from app.doctor.finding import Finding, Patient, broken, works
from gateways.payos import PAYOS

MOST = 30
"""Seconds that may lie between the two."""


async def check(patient: Patient) -> list[Finding]:
    """Say nothing when nobody can be asked, or their answer has no time: others say that they are silent."""
    url = _witness(patient)
    if url is None:
        return []
    try:
        async with patient.session.get(url, allow_redirects=False) as answer:
            told = parsedate_to_datetime(answer.headers.get("Date", ""))
    except (ClientError, OSError, ValueError):
        return []
    offset = round((patient.clock() - told.astimezone(UTC)).total_seconds())
    found = works if abs(offset) <= MOST else broken
    return [found("doctor-clock" if found is works else "doctor-clock-wrong", seconds=abs(offset))]


def _witness(patient: Patient) -> str | None:
    if patient.settings.telegram_bot_token is not None:
        return patient.settings.telegram_api_url
    payos = patient.held_for(PAYOS)
    return payos.url if payos.secrets else None
