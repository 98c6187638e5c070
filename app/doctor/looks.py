"""The second look: do the gateways answer that are asked for money nobody has told of."""

from app.commands import with_store
from app.doctor.door import SHOWN
from app.doctor.finding import Finding, Patient, missing, works
from app.opening import visit_shop
from sales.errors import Misconfigured, StoreBusy
from storage import looks
from storage.looks import Look
from storage.store import Store

SILENT = 3
"""Failures in a row from which on it is worth a look: one or two are the network's."""


async def check(patient: Patient) -> list[Finding]:
    """Say when each answered last; nothing before the first call, nor while the shop cannot be opened."""

    async def look(store: Store) -> list[Look]:
        premises = await visit_shop(store, patient.settings)
        return await store.read(lambda unit: looks.rows(unit, premises.shop.id))

    if patient.settings.nothing_there:
        return []
    try:
        found = await with_store(patient.settings.database, look)
    except (Misconfigured, StoreBusy):  # the check of the database says why
        return []
    used = {held.gateway.name for held in patient.holdings if held.open}
    return [_finding(each) for each in found if each.gateway in used and each.asked_at is not None]


def _finding(look: Look) -> Finding:
    named = {"gateway": SHOWN.get(look.gateway, look.gateway)}
    if look.answered_at is None:
        return missing("doctor-look-never", failures=look.failures, reason=look.error or "-", **named)
    if look.failures >= SILENT:
        return missing("doctor-look-fails", failures=look.failures, reason=look.error, at=look.answered_at, **named)
    return works("doctor-look", at=look.answered_at, **named)
