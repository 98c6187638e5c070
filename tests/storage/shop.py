"""Fixtures of the storage tests that need a whole shop, and bad rows to be refused."""

from typing import Any

import pytest
from sqlalchemy import Table, insert, update
from sqlalchemy.exc import IntegrityError

from storage.store import Store


async def refuses(store: Store, table: Table, constraint: str, row: dict[str, Any]) -> None:
    """Both databases name the CHECK that a row breaks."""
    with pytest.raises(IntegrityError, match=constraint):
        await store.write(lambda unit: unit.conn.execute(insert(table).values(row)))


async def refuses_change(store: Store, table: Table, constraint: str, **changes: Any) -> None:
    """The same for all rows of a table at once."""
    with pytest.raises(IntegrityError, match=constraint):
        await store.write(lambda unit: unit.conn.execute(update(table).values(changes)))
