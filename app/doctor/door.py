"""Knocks at a gateway's door from outside, with a notice that nobody has signed."""

from aiohttp import ClientError

from app.doctor.finding import Finding, Patient, broken, missing, works
from app.opening import FIRST_SHOP
from app.settings import Settings

REFUSED = 401
SHOWN = {"casso": "Casso", "payos": "payOS"}
"""Gateways as they write themselves."""


def address(settings: Settings, gateway: str) -> str:
    """The exact address to paste into the gateway's dashboard; a path when no public address is known."""
    return f"{settings.public_url or ''}/webhooks/{FIRST_SHOP}/{gateway}"


async def knock(patient: Patient, gateway: str) -> Finding:
    """A door that is open refuses it with 401; whatever else answers is not our door."""
    facts = {"gateway": SHOWN[gateway], "address": address(patient.settings, gateway)}
    if patient.settings.public_url is None:
        return missing("doctor-door-unknown", **facts)
    try:
        async with patient.session.post(
            facts["address"], json={}, ssl=patient.tls or True, allow_redirects=False
        ) as answer:
            status = answer.status
    except (ClientError, OSError) as error:
        return broken("doctor-door-silent", **facts, error=type(error).__name__)
    if status == REFUSED:
        return works("doctor-door", **facts)
    return broken("doctor-door-wrong", **facts, status=status)
