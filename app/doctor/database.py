"""The database: does it open, is it at the newest schema, does it take writes, and is its work being done."""

from datetime import timedelta

from app.commands import with_store
from app.doctor.finding import Finding, Patient, broken, missing, works
from app.opening import visit_shop
from app.settings import Settings
from app.vault_key import key_to_set
from sales.errors import Misconfigured, StoreBusy
from storage import queue
from storage.probe import takes_writes
from storage.store import Store
from storage.unit import Unit
from storage.work import INBOX, OUTBOX

BELATED = timedelta(minutes=15)
"""Work that is due for so long lies there because nobody does it: retries are at most ten minutes apart."""

FRESH = ("database-not-migrated", "shop-not-founded")


async def check(patient: Patient) -> list[Finding]:
    """Open it, and look at it as a start does."""
    settings = patient.settings
    if settings.nothing_there:
        return [missing("database-not-migrated")]

    async def look(store: Store) -> list[Finding]:
        await visit_shop(store, settings)
        if not await takes_writes(store):
            return [broken("doctor-read-only")]
        return [works("doctor-database"), *_next_key(settings), *await _queues(store, patient)]

    try:
        return await with_store(settings.database, look)
    except Misconfigured as error:
        return [(missing if error.message in FRESH else broken)(error.message, **error.values)]
    except StoreBusy as error:
        return [broken("database-unreachable", reason=str(error))]


def _next_key(settings: Settings) -> list[Finding]:
    """A new vault key that only the seller can put in its place."""
    path = key_to_set(settings)
    return [] if path is None else [missing("vault-next-left", path=str(path))]


async def _queues(store: Store, patient: Patient) -> list[Finding]:
    def depths(unit: Unit) -> dict[str, queue.Depths]:
        return {table.name: queue.depths(unit, table) for table in (OUTBOX, INBOX)}

    stands = await store.read(depths)
    found = [works("doctor-queues", waiting=sum(each.ready + each.running for each in stands.values()))]
    if dead := sum(each.dead for each in stands.values()):
        found.append(missing("doctor-buried", dead=dead))
    for name, each in stands.items():
        if each.oldest_due is not None and patient.clock() - each.oldest_due > BELATED:
            found.append(missing("doctor-belated", queue=name, since=each.oldest_due))
    return found
