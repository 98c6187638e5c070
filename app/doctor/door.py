"""Knocks at a gateway's door from outside, with a notice that nobody has signed."""

from aiohttp import ClientError

from app.doctor.finding import Finding, Patient, broken, missing, works
from app.opening import FIRST_SHOP
from app.settings import Settings
from gateways.gateway import Answer, Gateway, Verdict
from gateways.json_text import parse
from sales.errors import Malformed

OK = 200
LONG = 10_000
"""Bytes of an answer that are read."""

SHOWN = {
    "casso": "Casso",
    "payos": "payOS",
    "sepay": "SePay",
    "sepay-pg": "SePay PG",
    "vnpay": "VNPay",
    "bakong": "Bakong",
    "stars": "Telegram Stars",
    "payos-payout": "payOS Payout",
}
"""Gateways as they write themselves."""


def address(settings: Settings, gateway: str) -> str:
    """The exact address to paste into the gateway's dashboard; a path when no public address is known."""
    return f"{settings.public_url or ''}/webhooks/{FIRST_SHOP}/{gateway}"


async def knock(patient: Patient, gateway: Gateway) -> Finding:
    """A door that is open refuses it in the gateway's own words; whatever else answers is not our door."""
    facts = {"gateway": SHOWN.get(gateway.name, gateway.name), "address": address(patient.settings, gateway.name)}
    if patient.settings.public_url is None:
        return missing("doctor-door-unknown", **facts)
    try:
        async with patient.session.request(
            gateway.method or "POST", facts["address"], json={}, ssl=patient.tls or True, allow_redirects=False
        ) as answer:
            status, told = answer.status, await answer.content.read(LONG)
    except (ClientError, OSError) as error:
        return broken("doctor-door-silent", **facts, error=type(error).__name__)
    refusal = gateway.acknowledge(Verdict.FORGED)
    # Some gateways want to hear everything with the status 200: then the words decide.
    if status == refusal.status and (status != OK or _says(told, refusal)):
        return works("doctor-door", **facts)
    return broken("doctor-door-wrong", **facts, status=status)


def _says(told: bytes, refusal: Answer) -> bool:
    try:
        return bool(parse(told) == refusal.body)
    except Malformed:
        return False
