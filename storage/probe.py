"""Finding out whether a database takes writes, without writing anything."""

from sqlalchemy import false, update
from sqlalchemy.exc import DBAPIError

from storage.schema.shop import shops
from storage.store import Store
from storage.unit import Unit


async def takes_writes(store: Store) -> bool:
    """False for one that can only be read, such as PostgreSQL's standby; raises StoreBusy as `Store.write` does."""
    try:
        await store.write(_change_nothing)
    except DBAPIError:
        return False
    return True


def _change_nothing(unit: Unit) -> None:
    unit.conn.execute(update(shops).where(false()).values(slug=""))
