"""The types mean the same on both databases, and STRICT keeps the wrong ones out."""

import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from storage.columns import insert_ignore
from storage.errors import Conflict
from storage.sqlite import SqliteStore
from storage.store import Store
from storage.unit import Unit
from tests.storage.tables import counters, put_thing, set_counter, things

NOON = datetime(2026, 11, 21, 12, 0, 0, 123000, tzinfo=UTC)


async def kept(store: Store, name: str, value: object) -> object:
    key = await store.write(put_thing(**{name: value}))
    return await store.read(lambda unit: unit.conn.scalar(select(things.c[name]).where(things.c.id == key)))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("number", 2**63 - 1),
        ("number", -(2**63)),
        ("label", "Nguyễn Văn A — 🎁"),
        ("raw", b"\x00\xff"),
        ("lit", True),
        ("lit", False),
        ("at", NOON),
        ("at", datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        ("data", {"tên": ["a", 1, None, 2.5, True]}),
        ("data", []),
        *[(name, None) for name in ("number", "label", "raw", "lit", "at", "data")],
    ],
)
async def test_what_is_put_in_comes_out(scratch: Store, column: str, value: object) -> None:
    back = await kept(scratch, column, value)
    assert back == value
    assert type(back) is type(value)


async def test_a_time_is_kept_in_whole_milliseconds_of_utc(scratch: Store) -> None:
    hanoi = timezone(timedelta(hours=7))
    back = await kept(scratch, "at", datetime(2026, 11, 21, 19, 0, 0, 123999, tzinfo=hanoi))
    assert back == NOON
    assert isinstance(back, datetime)
    assert back.utcoffset() == timedelta(0)
    raw = await scratch.read(lambda unit: unit.conn.scalar(text("SELECT at FROM things")))
    assert raw == 1795262400123


async def test_a_time_without_a_zone_is_refused(scratch: Store) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        await scratch.write(put_thing(at=datetime(2026, 11, 21)))  # noqa: DTZ001 - the mistake that is tested


async def test_json_is_compact_text_and_never_nan(scratch: Store) -> None:
    await scratch.write(put_thing(data={"giá": [1, 2]}))
    assert await scratch.read(lambda unit: unit.conn.scalar(text("SELECT data FROM things"))) == '{"giá":[1,2]}'
    with pytest.raises(StatementError, match="JSON compliant"):
        await scratch.write(put_thing(data={"a": float("nan")}))


async def test_times_sort_and_compare_in_the_database(scratch: Store) -> None:
    for hours in (2, 1, 3):
        await scratch.write(put_thing(at=NOON + timedelta(hours=hours), number=hours))
    query = select(things.c.number).where(things.c.at > NOON + timedelta(hours=1)).order_by(things.c.at)
    assert await scratch.read(lambda unit: list(unit.conn.scalars(query))) == [2, 3]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO counters (name, value) VALUES ('a', 'many')",
        "INSERT INTO counters (name, value) VALUES ('a', 1.5)",
        "INSERT INTO things (number) VALUES ('12 apples')",
        "INSERT INTO things (at) VALUES ('2026-11-21')",
        "INSERT INTO things (lit) VALUES ('yes')",
        "INSERT INTO things (label) VALUES (x'00ff')",
        "INSERT INTO things (raw) VALUES ('text')",
    ],
)
async def test_strict_tables_refuse_the_wrong_type(sqlite: SqliteStore, statement: str) -> None:
    """An ordinary SQLite table would have kept each of these, and handed back a string where a sum was meant."""
    with pytest.raises(DBAPIError, match="cannot store"):
        await sqlite.write(lambda unit: unit.conn.execute(text(statement)))


async def test_a_broken_check_is_no_conflict(scratch: Store) -> None:
    with pytest.raises(DBAPIError, match="value"):
        await scratch.write(set_counter("a", -1))


async def test_an_id_is_never_given_out_twice(scratch: Store) -> None:
    first = await scratch.write(put_thing(label="a"))
    await scratch.write(lambda unit: unit.conn.execute(delete(things)).rowcount)
    assert await scratch.write(put_thing(label="b")) > first


async def test_insert_ignore_passes_over_what_is_there_and_returns_the_rest(scratch: Store) -> None:
    await scratch.write(set_counter("b", 7))

    def put(unit: Unit) -> list[str]:
        rows = [{"name": name, "value": 1} for name in "abc"]
        return list(unit.conn.scalars(insert_ignore(counters).returning(counters.c.name), rows))

    assert sorted(await scratch.write(put)) == ["a", "c"]
    assert await scratch.write(put) == []
    values = await scratch.read(lambda unit: list(unit.conn.scalars(select(counters.c.value).order_by("name"))))
    assert values == [1, 7, 1]


async def test_insert_ignore_forgives_only_a_repetition(scratch: Store) -> None:
    with pytest.raises(DBAPIError):
        await scratch.write(lambda unit: unit.conn.execute(insert_ignore(counters).values(name="a", value=-1)))
    with pytest.raises(DBAPIError):
        await scratch.write(lambda unit: unit.conn.execute(insert_ignore(counters).values(name="a", value=None)))


@pytest.mark.parametrize("values", [{"value": None}, {"value": 1}], ids=["empty", "taken"])
async def test_errors_do_not_show_the_values(scratch: Store, values: dict[str, int | None]) -> None:
    """An e-mail address or a sealed key in a log line would come from here, with the trace of the error."""
    person = "NGUYEN VAN A"
    await scratch.write(set_counter(person, 1))
    with pytest.raises((DBAPIError, Conflict)) as caught:
        await scratch.write(lambda unit: unit.conn.execute(insert(counters).values(name=person, **values)))
    assert person not in "".join(traceback.format_exception(caught.value))
