"""The bank accounts that buyers pay to, and whether anybody can pay at all."""

from app.doctor.finding import Finding, Patient, broken, missing, works
from app.doctor.selling import nobody_can_pay, sold_here


async def check(patient: Patient) -> list[Finding]:
    """Say which they are, so that a wrong digit is seen before a buyer pays there."""
    if (sold := sold_here(patient.settings, patient.holdings)) is None:
        return []
    file, means = sold
    found = [works("doctor-bank", bin=each.bin, account=each.account, holder=each.holder) for each in means.accounts]
    if nobody_can_pay(file, means):
        return [*found, broken("doctor-nobody-can-pay")]
    # Links are paid to the gateway's own accounts; beside a watcher ours must be known to pair what both tell of.
    both = means.links and any(each.bank and each.open_invoice is not None for each in means.gateways)
    return found or ([missing("start-no-bank")] if both else [])
