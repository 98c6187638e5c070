"""payOS: are its keys complete and good, and does its door answer. Where it sends notices cannot be asked."""

from app.doctor.door import address, knock
from app.doctor.finding import Finding, Patient, broken, missing, works
from app.holdings import Holding
from gateways.gateway import Reach
from gateways.payos import PAYOS
from gateways.payos_api import links
from sales.errors import GiveUp, Later, Misconfigured

NEVER_USED = 9_007_199_254_740_991
"""The largest number payOS takes: the shop counts its own from the second of its founding, and never gets there."""


async def check(patient: Patient) -> list[Finding]:
    """Look whether its keys are complete, try them, and knock at the door."""
    held = patient.held_for(PAYOS)
    if not held.secrets:
        return [missing("doctor-no-payos", address=address(patient.settings, PAYOS.name))]
    if held.begun:
        return [broken("payos-not-set", missing=", ".join(held.lacking))]
    return [] if held.off else await _tried(patient, held)


async def _tried(patient: Patient, held: Holding) -> list[Finding]:
    """Ask for a link that does not exist: signed, answered, and nothing is changed."""
    try:
        await links(Reach(held.secrets, held.url, patient.session, patient.clock)).ask(NEVER_USED)
    except Misconfigured as error:
        return [broken(error.message, **error.values)]
    except Later as error:
        return [broken("doctor-payos-silent", reason=str(error))]
    except GiveUp as error:
        return [broken("doctor-payos-refused", reason=str(error))]
    return [works("doctor-payos"), await knock(patient, PAYOS)]
