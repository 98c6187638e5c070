"""The bank account that buyers pay to."""

from app.doctor.finding import Finding, Patient, broken, missing, works
from app.doctor.selling import nobody_can_pay, used
from app.invoicing import invoicing


async def check(patient: Patient) -> list[Finding]:
    """Say which it is, so that a wrong digit is seen before a buyer pays there."""
    bank, (_, spare) = patient.settings.bank, invoicing(used(patient.holdings))
    if bank is not None:
        return [works("doctor-bank", bin=bank[0], account=bank[1], holder=bank[2])]
    if nobody_can_pay(patient.settings, patient.holdings):
        return [broken("doctor-nobody-can-pay")]
    # Links are paid to the gateway's own accounts; beside Casso ours must be known to pair what both tell of.
    return [] if spare is None else [missing("start-no-bank")]
