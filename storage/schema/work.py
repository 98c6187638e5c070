"""Durable work: what came in and is to be worked off, what is to go out, and what has happened."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from storage.columns import BigInt, Json, UtcTime, identity, table

_STATES = "state IN ('ready', 'running', 'done', 'dead')"


def _job_columns() -> list[Column[object]]:
    """Columns shared by every queue; storage/queue.py moves rows through them."""
    return [
        Column("lane", Text),
        Column("state", Text, nullable=False, default="ready"),
        Column("run_at", UtcTime, nullable=False),
        Column("attempts", BigInt, nullable=False, default=0),
        Column("lease_until", UtcTime),
        Column("owner", Text),
        Column("last_error", Text),
        Column("done_at", UtcTime),
    ]


outbox = table(
    "outbox",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("topic", Text, nullable=False),
    Column("dedupe", Text, nullable=False),
    Column("payload", Json, nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id")),
    Column("created_at", UtcTime, nullable=False),
    *_job_columns(),
    UniqueConstraint("shop_id", "dedupe"),
    CheckConstraint(_STATES, name="state"),
)

inbox = table(
    "inbox",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    *_job_columns(),
    UniqueConstraint("shop_id", "channel", "event"),
    CheckConstraint(_STATES, name="state"),
)

events = table(
    "events",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id")),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("detail", Json, nullable=False),
)


def _queue_indexes(queue: Table) -> None:
    """Finished rows outnumber the others by far, so only those that wait, or were given up, are indexed."""
    waiting = queue.c.state.in_(("ready", "running"))
    Index(f"ix_{queue.name}_due", queue.c.run_at, queue.c.id, sqlite_where=waiting, postgresql_where=waiting)
    Index(f"ix_{queue.name}_lane", queue.c.lane, queue.c.id, sqlite_where=waiting, postgresql_where=waiting)
    ended = queue.c.done_at.is_not(None)
    Index(f"ix_{queue.name}_done", queue.c.done_at, sqlite_where=ended, postgresql_where=ended)
    buried = queue.c.state == "dead"
    Index(f"ix_{queue.name}_dead", queue.c.shop_id, sqlite_where=buried, postgresql_where=buried)


_queue_indexes(outbox)
_queue_indexes(inbox)
Index("ix_outbox_order", outbox.c.order_id)
Index("ix_events_order", events.c.order_id)
