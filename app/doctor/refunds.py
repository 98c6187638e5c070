"""Refunds by VietQR are closed by the bank's word on money that goes out: does anybody tell of such money."""

from datetime import timedelta

from app.commands import with_store
from app.doctor.finding import Finding, Patient, missing, works
from app.opening import visit_shop
from sales.errors import Misconfigured, StoreBusy
from sales.refund import Means
from storage.refunds_heard import Heard, heard
from storage.store import Store

LATELY = timedelta(days=30)
"""A feed that was switched off since then no longer tells, though it once did."""


async def check(patient: Patient) -> list[Finding]:
    """Warn when refunds were sent lately and the feed has shown incoming money only; nothing while none was sent."""

    async def look(store: Store) -> Heard:
        premises = await visit_shop(store, patient.settings)
        return await store.read(lambda unit: heard(unit, premises.shop.id, Means.VIETQR, patient.clock() - LATELY))

    if patient.settings.nothing_there:
        return []
    try:
        found = await with_store(patient.settings.database, look)
    except (Misconfigured, StoreBusy):  # the check of the database says why
        return []
    if not found.sent:
        return []
    told = {"sent": found.sent, "settled": found.settled}
    return [works("doctor-refunds-heard", **told) if found.outgoing else missing("doctor-refunds-unheard", **told)]
