"""Durable work: rows that are claimed, done, tried again or buried; the same for the outbox and the inbox.

A row is `ready`, `running` under a lease, `done` or `dead`. It is done at least once: a lease that runs out
gives the row to somebody else, and the fence (owner and attempt) keeps the first one from marking it then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate, Update

from sales.ids import ShopId
from storage.columns import UtcTime
from storage.members import among
from storage.unit import Unit

_LONGEST = timedelta(minutes=10)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours until its lease ends; `attempts` counts this one, `row` holds all columns by name."""

    id: int
    owner: str
    attempts: int
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Depths:
    """How much work stands where; `oldest_due` is the `run_at` of the most belated ready row."""

    ready: int
    running: int
    dead: int
    oldest_due: datetime | None


@dataclass(frozen=True, slots=True)
class Topics:
    """Some of the jobs in a queue: those of the named topics, or `others` than those."""

    names: tuple[str, ...]
    others: bool = False


def claim(
    unit: Unit, table: Table, owner: str, limit: int, lease: timedelta, topics: Topics | None = None
) -> list[Claimed]:
    """Take up to `limit` due rows for `owner` until now + `lease`, oldest `run_at` first; None for all topics.

    Of a lane only its oldest unfinished row is taken, so that what one person is told keeps its order; a row
    that was never tried and waits for a later moment holds nobody up. `lease` must exceed the slowest work.
    """
    named = {"me": owner, "room": limit, "moment": unit.now, "until": unit.now + lease}
    taken = unit.conn.execute(_claiming(table, topics), named).mappings()
    rows = sorted(taken, key=lambda row: (row["run_at"], row["id"]))
    return [Claimed(row["id"], owner, row["attempts"], dict(row)) for row in rows]


def complete(unit: Unit, table: Table, claimed: Claimed) -> bool:
    """Mark as done; False when the lease has gone to somebody else."""
    return _leave(unit, table, claimed, state="done", done_at=unit.now)


def complete_all(unit: Unit, table: Table, claimed: Sequence[Claimed]) -> list[bool]:
    """Mark many as done by one statement for each attempt; False where the lease has gone to somebody else."""
    fenced: dict[tuple[str, int], list[int]] = {}
    for each in claimed:
        fenced.setdefault((each.owner, each.attempts), []).append(each.id)
    done: set[tuple[str, int, int]] = set()
    for (owner, attempts), ids in fenced.items():
        named = {"me": owner, "attempt": attempts, "rows": ids, "moment": unit.now}
        done.update((owner, attempts, id_) for id_ in unit.conn.scalars(_completing(table), named))
    return [(each.owner, each.attempts, each.id) in done for each in claimed]


def retry(unit: Unit, table: Table, claimed: Claimed, run_at: datetime, error: str) -> bool:
    """Give back for another attempt at `run_at`; False when the lease has gone to somebody else."""
    return _leave(unit, table, claimed, state="ready", owner=None, run_at=run_at, last_error=error)


def postpone(unit: Unit, table: Table, claimed: Claimed, run_at: datetime, reason: str) -> bool:
    """Give back as if never tried, since nothing could be tried; False when the lease has gone to somebody else."""
    untried = {"attempts": claimed.attempts - 1, "run_at": run_at, "last_error": reason}
    return _leave(unit, table, claimed, state="ready", owner=None, **untried)


def bury(unit: Unit, table: Table, claimed: Claimed, error: str) -> bool:
    """Give up, visibly: the row stays as `dead`; False when the lease has gone to somebody else."""
    return _leave(unit, table, claimed, state="dead", last_error=error)


def backoff(attempts: int, random: Random) -> timedelta:
    """Answer how long to wait after so many attempts: 1 s, doubling up to 10 min, and up to half of it less.

    The jitter keeps those that failed together from coming back together; it never goes below 1 s.
    """
    longest = min(2.0 ** min(attempts, 16) / 2, _LONGEST.total_seconds())
    return timedelta(seconds=max(1.0, longest * random.uniform(0.5, 1.0)))


def waiting(unit: Unit, table: Table, shop: ShopId, lane: str) -> int:
    """Count the rows of a lane that are due or under way."""
    mine = and_(table.c.shop_id == shop, table.c.lane == lane, _is(table, "ready", "running"))
    due = or_(table.c.run_at <= unit.now, table.c.attempts > 0)
    return int(unit.conn.execute(select(func.count()).select_from(table).where(mine, due)).scalar_one())


def depths(unit: Unit, table: Table) -> Depths:
    """Count the unfinished rows and those that were given up.

    What is asked of `run_at` and `shop_id` is true of every row: without it SQLite takes no partial index, and
    would read a million finished rows.
    """
    due = func.min(table.c.run_at).filter(table.c.run_at <= unit.now)
    alive = select(table.c.state, func.count(), due).where(_is(table, "ready", "running"), table.c.run_at > _EPOCH)
    found = {state: (count, oldest) for state, count, oldest in unit.conn.execute(alive.group_by(table.c.state))}
    dead = unit.conn.scalar(select(func.count()).select_from(table).where(_is(table, "dead"), table.c.shop_id > 0))
    ready, oldest_due = found.get("ready", (0, None))
    return Depths(ready, found.get("running", (0, None))[0], dead or 0, oldest_due)


def trim(unit: Unit, table: Table, before: datetime, limit: int = 1000) -> int:
    """Delete rows done before that moment, at most `limit` to let others write too; answer how many.

    With a row its dedupe key is forgotten: keep rows longer than anybody could repeat what caused them.
    """
    old = select(table.c.id).where(_is(table, "done"), table.c.done_at < before).limit(limit)
    return unit.conn.execute(delete(table).where(table.c.id.in_(old))).rowcount


# Each statement is built once a table: building one costs several times what running it does.


@cache
def _claiming(table: Table, topics: Topics | None) -> ReturningUpdate[Any]:
    room: BindParameter[int] = bindparam("room", type_=BigInteger)
    picked = _oldest_due(table, topics).limit(room).with_for_update(skip_locked=True).cte("picked")
    taken = {"owner": bindparam("me"), "attempts": table.c.attempts + 1, "lease_until": bindparam("until")}
    chosen = update(table).where(table.c.id.in_(select(picked.c.id)))
    return chosen.values(state="running", **taken).returning(*table.c)


def _oldest_due(table: Table, topics: Topics | None) -> Select[int]:
    now: BindParameter[datetime] = bindparam("moment", type_=UtcTime)
    earlier = table.alias("earlier")
    held_up = select(earlier.c.id).where(
        earlier.c.shop_id == table.c.shop_id,
        earlier.c.lane == table.c.lane,
        earlier.c.id < table.c.id,
        _is(earlier, "ready", "running"),
        or_(earlier.c.run_at <= now, earlier.c.attempts > 0),
    )
    free = or_(_is(table, "ready"), and_(_is(table, "running"), table.c.lease_until <= now))
    due = and_(_is(table, "ready", "running"), table.c.run_at <= now, free, _of(table, topics))
    return select(table.c.id).where(due, ~held_up.exists()).order_by(table.c.run_at, table.c.id)


def _of(table: Table, topics: Topics | None) -> ColumnElement[bool]:
    if topics is None:
        return true()
    return table.c.topic.not_in(topics.names) if topics.others else table.c.topic.in_(topics.names)


@cache
def _completing(table: Table) -> ReturningUpdate[Any]:
    fence = and_(among(table.c.id, "rows"), table.c.owner == bindparam("me"), table.c.attempts == bindparam("attempt"))
    left = update(table).where(fence, _is(table, "running"))
    return left.values(state="done", done_at=bindparam("moment"), lease_until=None).returning(table.c.id)


def _leave(unit: Unit, table: Table, claimed: Claimed, **changes: Any) -> bool:
    fence = {"row": claimed.id, "me": claimed.owner, "attempt": claimed.attempts}
    named = fence | {f"new_{name}": value for name, value in changes.items()}
    return unit.conn.execute(_leaving(table, *changes), named).rowcount == 1


@cache
def _leaving(table: Table, *changed: str) -> Update:
    fence = and_(
        table.c.id == bindparam("row"), table.c.owner == bindparam("me"), table.c.attempts == bindparam("attempt")
    )
    changes: dict[str, BindParameter[Any]] = {name: bindparam(f"new_{name}") for name in changed}
    return update(table).where(fence, _is(table, "running")).values(lease_until=None, **changes)


def _is(rows: FromClause, *states: str) -> ColumnElement[bool]:
    """Write the states into the statement: a partial index is used only where its condition can be read there."""
    named: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return rows.c.state.in_(named) if len(named) > 1 else rows.c.state == named[0]
