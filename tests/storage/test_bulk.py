from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from storage.bulk import Bulk, names
from storage.errors import Conflict
from storage.store import Store
from tests.storage.tables import metadata, things

AT = datetime(2026, 11, 21, 3, 4, 5, 678000, tzinfo=UTC)
FULL = {"label": "đủ", "number": 2**60, "data": {"a": ["ô", None]}, "raw": b"\x00\xff", "lit": True, "at": AT}
EMPTY = dict.fromkeys(FULL) | {"label": "none"}


@pytest.fixture
async def stocked(store: Store) -> Store:
    await store.alter(metadata.create_all)
    return store


async def kept(store: Store) -> list[dict[str, Any]]:
    query = select(things).order_by(things.c.id)
    rows = await store.read(lambda unit: [dict(row) for row in unit.conn.execute(query).mappings()])
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


async def test_every_type_is_written_as_it_is_read(stocked: Store) -> None:
    write = Bulk(things, names(things))
    await stocked.write(lambda unit: write(unit, [FULL, EMPTY]))
    assert await kept(stocked) == [FULL, EMPTY]


async def test_one_row_is_written_like_many(stocked: Store) -> None:
    await stocked.write(lambda unit: Bulk(things, names(things))(unit, [FULL]))
    assert await kept(stocked) == [FULL]


async def test_nothing_is_no_statement(stocked: Store) -> None:
    assert await stocked.write(lambda unit: Bulk(things, ("label",))(unit, [])) == 0


async def test_a_taken_key_fails_all_or_is_passed_over(stocked: Store) -> None:
    rows = [{"label": label} for label in ("a", "b", "a")]
    with pytest.raises(Conflict):
        await stocked.write(lambda unit: Bulk(things, ("label",))(unit, rows))
    assert await kept(stocked) == []
    new = await stocked.write(lambda unit: Bulk(things, ("label",), ignore=True)(unit, rows))
    assert new in (2, -1)  # asyncpg does not count what many rows have come to
    assert [row["label"] for row in await kept(stocked)] == ["a", "b"]


async def test_what_the_type_refuses_is_refused(stocked: Store) -> None:
    naive = {"label": "x", "at": AT.replace(tzinfo=None)}
    with pytest.raises(ValueError, match="without a zone"):
        await stocked.write(lambda unit: Bulk(things, ("label", "at"))(unit, [naive]))
    assert await kept(stocked) == []


async def test_an_id_is_written_only_where_it_was_drawn(stocked: Store) -> None:
    assert "id" not in names(things)
    write = Bulk(things, names(things, drawn=True))
    await stocked.write(lambda unit: write(unit, [FULL | {"id": 77}]))
    assert await stocked.read(lambda unit: unit.conn.scalar(select(things.c.id))) == 77
