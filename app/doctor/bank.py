"""The bank account that buyers pay to."""

from app.doctor.finding import Finding, Patient, missing, works


async def check(patient: Patient) -> list[Finding]:
    """Say which it is, so that a wrong digit is seen before a buyer pays there."""
    bank = patient.settings.bank
    return [works("doctor-bank", bin=bank[0], account=bank[1], holder=bank[2])] if bank else [missing("start-no-bank")]
