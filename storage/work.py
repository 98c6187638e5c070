"""Putting durable work into the queues, and the log of what has happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, select, update

from sales.ids import OrderId, ShopId
from storage.bulk import Bulk
from storage.schema.work import events, inbox, outbox
from storage.unit import Unit

_ENQUEUE = Bulk(
    outbox,
    ("shop_id", "topic", "dedupe", "payload", "order_id", "created_at", "lane", "state", "run_at", "attempts"),
    ignore=True,
)
_RECEIVE = Bulk(
    inbox, ("shop_id", "channel", "event", "body", "received_at", "lane", "state", "run_at", "attempts"), ignore=True
)
_LOG = Bulk(events, ("shop_id", "order_id", "at", "actor", "kind", "detail"))

Queue = Table
"""A table whose rows are durable work."""

OUTBOX: Queue = outbox
"""What is to go out, or to be done later."""

INBOX: Queue = inbox
"""What came in and is to be worked off."""


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


def changed(before: str, after: str) -> dict[str, str]:
    """What the log keeps of a move from one state, "" for none, to another."""
    return {"before": str(before), "after": str(after)}


def enqueue(unit: Unit, shop: ShopId, jobs: Iterable[Job]) -> None:
    """Write jobs into the outbox and ring for the workers after the commit; known dedupe keys are passed over."""
    rows = [_job_row(unit, shop, job) for job in jobs]
    if rows:
        _ENQUEUE(unit, rows)
        unit.ring = True


def receive(unit: Unit, shop: ShopId, channel: str, updates: Sequence[tuple[str, str, str]]) -> None:
    """Keep raw updates (event id, lane, body) in the inbox; an event id that is known changes nothing."""
    rows = [_update_row(unit, shop, channel, told) for told in updates]
    if rows:
        _RECEIVE(unit, rows)
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
    _LOG(unit, rows)


def events_of(unit: Unit, shop: ShopId, order: OrderId) -> list[Row[Any]]:
    """What has happened to an order, oldest first."""
    query = select(events).where(events.c.shop_id == shop, events.c.order_id == order).order_by(events.c.id)
    return list(unit.conn.execute(query))


def told_of(unit: Unit, shop: ShopId, order: OrderId | None, kind: str) -> list[Row[Any]]:
    """Events of one kind about an order, or about none, oldest first."""
    about = events.c.order_id.is_(None) if order is None else events.c.order_id == order
    query = select(events).where(events.c.shop_id == shop, about, events.c.kind == kind).order_by(events.c.id)
    return list(unit.conn.execute(query))


def events_of_none(unit: Unit, shop: ShopId, since: datetime, word: str) -> list[Row[Any]]:
    """What has happened since then to nothing that is an order's, of kinds with that word in them, oldest first."""
    query = select(events).where(events.c.shop_id == shop, events.c.order_id.is_(None), events.c.at >= since)
    return list(unit.conn.execute(query.where(events.c.kind.contains(word)).order_by(events.c.id)))


def _job_row(unit: Unit, shop: ShopId, job: Job) -> dict[str, Any]:
    return {
        "shop_id": shop,
        "topic": job.topic,
        "dedupe": job.dedupe,
        "payload": dict(job.payload),
        "order_id": job.order,
        "lane": job.lane,
        "state": "ready",
        "attempts": 0,
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
        "state": "ready",
        "attempts": 0,
        "run_at": unit.now,
        "received_at": unit.now,
    }
