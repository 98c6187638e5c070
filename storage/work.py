"""Putting durable work into the queues, and the log of what has happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, func, insert, select, update

from sales.ids import OrderId, ShopId
from storage.columns import insert_ignore
from storage.schema.work import events, inbox, outbox
from storage.unit import Unit

Queue = Table
"""A table whose rows are durable work."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done after the commit, at least once.

    `dedupe`: the same key twice is one job. `lane`: jobs of one lane run one after the other.
    `run_at`: not before that moment; None is now.
    """

    topic: str
    dedupe: str
    payload: Mapping[str, Any]
    lane: str | None = None
    order: OrderId | None = None
    run_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened, for the log that is only ever added to."""

    kind: str
    order: OrderId | None = None
    actor: str = "shop"
    detail: Mapping[str, Any] = field(default_factory=dict)


def enqueue(unit: Unit, shop: ShopId, jobs: Iterable[Job]) -> None:
    """Write jobs into the outbox and ring for the workers after the commit; known dedupe keys are passed over."""
    rows = [_job_row(unit, shop, job) for job in jobs]
    if rows:
        unit.conn.execute(insert_ignore(outbox), rows)
        unit.ring = True


def receive(unit: Unit, shop: ShopId, channel: str, updates: Sequence[tuple[str, str, str]]) -> None:
    """Keep raw updates (event id, lane, body) in the inbox; an event id that is known changes nothing."""
    rows = [_update_row(unit, shop, channel, told) for told in updates]
    if rows:
        unit.conn.execute(insert_ignore(inbox), rows)
        unit.ring = True


def take_over(unit: Unit) -> None:
    """Free what a dead process had claimed; only for a database that no second process uses."""
    for queue in (outbox, inbox):
        held = update(queue).where(queue.c.state == "running")
        unit.conn.execute(held.values(state="ready", owner=None, lease_until=None))


def log(unit: Unit, shop: ShopId, happened: Iterable[Event]) -> None:
    """Add to the log of what has happened."""
    rows = [
        {
            "shop_id": shop,
            "order_id": event.order,
            "at": unit.now,
            "actor": event.actor,
            "kind": event.kind,
            "detail": dict(event.detail),
        }
        for event in happened
    ]
    if rows:
        unit.conn.execute(insert(events), rows)


def events_of(unit: Unit, shop: ShopId, order: OrderId) -> list[Row[Any]]:
    """What has happened to an order, oldest first."""
    query = select(events).where(events.c.shop_id == shop, events.c.order_id == order).order_by(events.c.id)
    return list(unit.conn.execute(query))


def depths(unit: Unit) -> dict[tuple[str, str], int]:
    """(queue, state) → rows that are not done."""
    found: dict[tuple[str, str], int] = {}
    for queue in (outbox, inbox):
        query = select(queue.c.state, func.count()).where(queue.c.state != "done").group_by(queue.c.state)
        found |= {(queue.name, state): int(count) for state, count in unit.conn.execute(query)}
    return found


def _job_row(unit: Unit, shop: ShopId, job: Job) -> dict[str, Any]:
    return {
        "shop_id": shop,
        "topic": job.topic,
        "dedupe": job.dedupe,
        "payload": dict(job.payload),
        "order_id": job.order,
        "lane": job.lane,
        "run_at": job.run_at or unit.now,
        "created_at": unit.now,
    }


def _update_row(unit: Unit, shop: ShopId, channel: str, told: tuple[str, str, str]) -> dict[str, Any]:
    event, lane, body = told
    return {
        "shop_id": shop,
        "channel": channel,
        "event": event,
        "lane": f"{channel}:{lane}",
        "body": body,
        "run_at": unit.now,
        "received_at": unit.now,
    }
