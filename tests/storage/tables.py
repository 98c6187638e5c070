"""Two tables of the tests' own: a counter to quarrel about, and a queue with the columns every queue has."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import CheckConstraint, Column, MetaData, Text, insert, select, update

from storage.columns import BigInt, Blob, Flag, Json, UtcTime, identity, table
from storage.unit import Unit

metadata = MetaData()

counters = table(
    "counters",
    Column("name", Text, primary_key=True),
    Column("value", BigInt, nullable=False),
    CheckConstraint("value >= 0", name="value"),
    within=metadata,
)

things = table(
    "things",
    identity(),
    Column("label", Text, unique=True),
    Column("number", BigInt),
    Column("data", Json),
    Column("raw", Blob),
    Column("lit", Flag),
    Column("at", UtcTime),
    within=metadata,
)

jobs = table(
    "jobs",
    identity(),
    Column("shop_id", BigInt, nullable=False),
    Column("lane", Text),
    Column("state", Text, nullable=False, default="ready"),
    Column("run_at", UtcTime, nullable=False),
    Column("attempts", BigInt, nullable=False, default=0),
    Column("lease_until", UtcTime),
    Column("owner", Text),
    Column("last_error", Text),
    Column("done_at", UtcTime),
    within=metadata,
)


def set_counter(name: str, value: int) -> Callable[[Unit], None]:
    def work(unit: Unit) -> None:
        unit.conn.execute(insert(counters).values(name=name, value=value))

    return work


def get_counter(name: str) -> Callable[[Unit], int | None]:
    def work(unit: Unit) -> int | None:
        return unit.conn.scalar(select(counters.c.value).where(counters.c.name == name))

    return work


def read_then_write(name: str) -> Callable[[Unit], int]:
    """Read in one statement and write in another, as every decision of the shop does."""

    def work(unit: Unit) -> int:
        value = unit.conn.scalar(select(counters.c.value).where(counters.c.name == name)) or 0
        unit.conn.execute(update(counters).where(counters.c.name == name).values(value=value + 1))
        return value + 1

    return work


def names(unit: Unit) -> list[str]:
    return list(unit.conn.scalars(select(counters.c.name).order_by(counters.c.name)))


def put_thing(**values: Any) -> Callable[[Unit], int]:
    def work(unit: Unit) -> int:
        key: int = unit.conn.execute(insert(things).values(**values).returning(things.c.id)).scalar_one()
        return key

    return work
