"""The gateways: which value is in force for each key, and do the doors answer that no other check knocks at."""

from collections.abc import Iterator

from app.doctor.door import SHOWN, knock
from app.doctor.finding import Finding, Patient, broken, missing, works
from app.gateway_settings import SECRETS
from app.holdings import Holding, Origin
from gateways.casso import CASSO
from gateways.payos import PAYOS

KNOWN = (CASSO, PAYOS)
"""They have checks of their own."""


async def check(patient: Patient) -> list[Finding]:
    """Say for each gateway how it stands; nothing of one that has no keys."""
    told = [finding for held in patient.holdings for finding in _standing(held)]
    doors = [held.gateway for held in patient.holdings if held.open and held.gateway not in KNOWN]
    return [*told, *[await knock(patient, each) for each in doors if each.method is not None]]


def _standing(held: Holding) -> Iterator[Finding]:
    named = {"gateway": SHOWN.get(held.gateway.name, held.gateway.name)}
    if held.off:
        yield missing("doctor-gateway-off", name=held.gateway.name, **named)
    elif held.begun and held.gateway not in KNOWN:
        yield broken("gateway-begun", missing=", ".join(held.lacking), **named)
    elif held.secrets:
        given, sealed = (_variables_from(held, origin) for origin in (Origin.ENVIRONMENT, Origin.SEALED))
        come = "given" if sealed == "-" else "sealed" if given == "-" else "both"
        yield works("doctor-gateway", given=given, sealed=sealed, come=come, **named)
    for name in held.differing:
        yield missing("doctor-gateway-differs", variable=_variable(held, name), name=name, **named)


def _variables_from(held: Holding, origin: Origin) -> str:
    """The variables of what comes from there, "-" without any."""
    return ", ".join(_variable(held, name) for name, each in held.origins.items() if each is origin) or "-"


def _variable(held: Holding, name: str) -> str:
    return SECRETS[held.gateway.name][name]
