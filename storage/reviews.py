"""What needs a person: opened with what happened, closed once, by the first who decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, select, update

from sales.ids import OrderId, RefundId, ShopId
from storage.bulk import Bulk, names
from storage.members import among
from storage.schema.money import reviews
from storage.unit import Unit

RULE = "rule"
"""Who closes a review that no person has decided."""


class Kind(StrEnum):
    """What a review is about."""

    MONEY = "money"
    REFUND = "refund"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Review:
    """One thing that waits for a person, or has waited; one of `transfer`, `refund` and `claim` is named. UTC times.

    `closed_by` and `outcome` are "" while it waits.
    """

    id: int
    kind: Kind
    transfer: int | None
    refund: RefundId | None
    claim: int | None
    order: OrderId | None
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str
    outcome: str
    reason: str


_OPEN = Bulk(reviews, tuple(name for name in names(reviews) if name != "closed_at"), ignore=True)
_COLUMNS = {Kind.MONEY: "transfer_id", Kind.REFUND: "refund_id", Kind.CLAIM: "claim_id"}


def open_reviews(unit: Unit, shop: ShopId, kind: Kind, about: Sequence[tuple[int, OrderId | None]]) -> None:
    """Let these wait for a person, each with the order it is about; what waits already is left as it is."""
    blank = {"transfer_id": None, "refund_id": None, "claim_id": None, "closed_by": "", "outcome": "", "reason": ""}
    shared = blank | {"shop_id": shop, "kind": kind, "opened_at": unit.now}
    _OPEN(unit, [shared | {_COLUMNS[kind]: id_, "order_id": order} for id_, order in about])


def close(unit: Unit, shop: ShopId, review: int, by: str, outcome: str, reason: str = "") -> bool:
    """Note what was decided, and by whom; False when somebody was first."""
    waiting = (reviews.c.shop_id == shop) & (reviews.c.id == review) & reviews.c.closed_at.is_(None)
    said = {"closed_at": unit.now, "closed_by": by, "outcome": outcome, "reason": reason}
    return unit.conn.execute(update(reviews).where(waiting).values(said)).rowcount == 1


def close_about(
    unit: Unit, shop: ShopId, kind: Kind, about: Collection[int], by: str, outcome: str, reason: str = ""
) -> None:
    """Close what waits about these: they need a person no longer."""
    column = reviews.c[_COLUMNS[kind]]
    waiting = (reviews.c.shop_id == shop) & among(column, "about") & reviews.c.closed_at.is_(None)
    said = {"closed_at": unit.now, "closed_by": by, "outcome": outcome, "reason": reason}
    unit.conn.execute(update(reviews).where(waiting).values(said), {"about": about})


def by_id(unit: Unit, shop: ShopId, review: int) -> Review | None:
    """One of them, waiting or closed."""
    row = unit.conn.execute(select(reviews).where(reviews.c.shop_id == shop, reviews.c.id == review)).one_or_none()
    return None if row is None else _review(row)


def waiting(unit: Unit, shop: ShopId, limit: int, after: int = 0) -> list[Review]:
    """What waits, the oldest first, behind the one of that id."""
    query = select(reviews).where(reviews.c.shop_id == shop, reviews.c.closed_at.is_(None), reviews.c.id > after)
    return [_review(row) for row in unit.conn.execute(query.order_by(reviews.c.id).limit(limit))]


def count(unit: Unit, shop: ShopId) -> int:
    """How many wait."""
    query = select(func.count()).where(reviews.c.shop_id == shop, reviews.c.closed_at.is_(None))
    return int(unit.conn.execute(query).scalar_one())


def decided(unit: Unit, shop: ShopId, transfer: int) -> bool:
    """Whether a person, and no rule, has said what becomes of that money."""
    mine = (reviews.c.shop_id == shop) & (reviews.c.transfer_id == transfer) & reviews.c.closed_at.is_not(None)
    query = select(reviews.c.id).where(mine, reviews.c.closed_by != RULE).limit(1)
    return unit.conn.execute(query).scalar() is not None


def all_about(unit: Unit, shop: ShopId, kind: Kind, about: Collection[int]) -> list[Review]:
    """All about these, waiting or closed, the oldest first."""
    query = select(reviews).where(reviews.c.shop_id == shop, among(reviews.c[_COLUMNS[kind]], "about"))
    return [_review(row) for row in unit.conn.execute(query.order_by(reviews.c.id), {"about": about})]


def of_order(unit: Unit, shop: ShopId, order: OrderId) -> list[Review]:
    """All about one order, the oldest first."""
    query = select(reviews).where(reviews.c.shop_id == shop, reviews.c.order_id == order)
    return [_review(row) for row in unit.conn.execute(query.order_by(reviews.c.id))]


def _review(row: Row[Any]) -> Review:
    return Review(
        row.id,
        Kind(row.kind),
        row.transfer_id,
        None if row.refund_id is None else RefundId(row.refund_id),
        row.claim_id,
        None if row.order_id is None else OrderId(row.order_id),
        row.opened_at,
        row.closed_at,
        row.closed_by,
        row.outcome,
        row.reason,
    )
