"""Admins: is there anybody who is told when money needs a person."""

from app.commands import with_store
from app.doctor.finding import Finding, Patient, broken, missing, works
from app.opening import visit_shop
from flows.admins import admins_of
from sales.errors import Misconfigured, StoreBusy
from storage.store import Store


async def check(patient: Patient) -> list[Finding]:
    """Count those of the settings and those who joined by invitation."""
    try:
        count = max(len(patient.settings.admins), await _in_shop(patient))
    except Misconfigured as error:
        return [broken(error.message, **error.values)]
    return [works("doctor-admins", count=count) if count else missing("start-no-admins")]


async def _in_shop(patient: Patient) -> int:
    """Nobody while the shop cannot be opened: the check of the database says why."""

    async def look(store: Store) -> int:
        premises = await visit_shop(store, patient.settings)
        return len(await store.read(lambda unit: admins_of(unit, premises)))

    if patient.settings.nothing_there:
        return 0
    try:
        return await with_store(patient.settings.database, look)
    except (Misconfigured, StoreBusy):
        return 0
