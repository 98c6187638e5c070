"""The books: whether every đồng is where they say."""

from app.commands import with_store
from app.doctor.finding import Finding, Patient, broken, works
from app.opening import visit_shop
from flows import check_books
from sales.errors import Misconfigured, StoreBusy
from storage.store import Store


async def check(patient: Patient) -> list[Finding]:
    """Say whether they add up; nothing while the shop cannot be opened."""

    async def look(store: Store) -> list[check_books.Finding]:
        premises = await visit_shop(store, patient.settings)
        return await store.read(lambda unit: check_books.check_books(unit, premises), bounded=False)

    if patient.settings.nothing_there:
        return []
    try:
        found = await with_store(patient.settings.database, look)
    except (Misconfigured, StoreBusy):  # the check of the database says why
        return []
    kinds = ", ".join(each.kind for each in found)
    return [broken("doctor-books-wrong", kinds=kinds) if found else works("doctor-books")]
