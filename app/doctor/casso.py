"""Casso: its keys, its door, and whether it watches the account that buyers pay to."""

from app.doctor.door import address, knock
from app.doctor.finding import Finding, Patient, broken, missing, works
from app.doctor.selling import money_is_unnoticed, sold_here
from app.holdings import Holding
from gateways.casso import CASSO
from gateways.casso_api import linked_accounts
from sales.errors import GiveUp, Later


async def check(patient: Patient) -> list[Finding]:
    """Look at the keys, knock at the door, and ask Casso's API when there is a key for it."""
    held = patient.held_for(CASSO)
    sold = sold_here(patient.settings, patient.holdings)
    unnoticed = [broken("doctor-money-unnoticed")] if sold and money_is_unnoticed(*sold) else []
    if held.off:
        return unnoticed
    if not held.complete:
        told = missing("doctor-no-casso", address=address(patient.settings, CASSO.name))
        return [*unnoticed, told, *await _accounts(patient, held)]
    forms = [name for name in ("checksum_key", "secure_token") if name in held.secrets]
    named = {"checksum_key": "V2", "secure_token": "V1"}
    keys = works("doctor-casso", forms=" + ".join(named[form] for form in forms))
    return [keys, await knock(patient, CASSO), *await _accounts(patient, held)]


async def _accounts(patient: Patient, held: Holding) -> list[Finding]:
    settings = patient.settings
    if "api_key" not in held.secrets:
        return []
    try:
        linked = await linked_accounts(held.secrets["api_key"], patient.session, held.url)
    except Later as error:
        return [missing("doctor-casso-silent", reason=str(error))]
    except GiveUp as error:
        return [broken("doctor-casso-refused", reason=str(error))]
    numbers = [each.number for each in linked]
    if settings.bank_account is None or settings.bank_account in numbers:
        return [works("doctor-casso-linked", accounts=", ".join(numbers) or "-")]
    return [broken("doctor-casso-other", accounts=", ".join(numbers) or "-", account=settings.bank_account)]
