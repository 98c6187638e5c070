"""Figures of a span of time, counted by the database: each is one statement over sets, on both databases.

A span begins at `since` (None: with the shop) and ends now. Nothing here is on the path of a payment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Select, Table, func, literal_column, or_, select, type_coerce

from sales.ids import ShopId
from sales.posting import Account
from sales.refund import GONE
from storage.reviews import Kind
from storage.schema.goods import deliveries, grants
from storage.schema.money import decisions, notices, postings, refunds, reviews
from storage.schema.orders import orders
from storage.schema.work import inbox, outbox
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Waits:
    """How long buyers waited from payment to the first arrival of their goods; None when nothing arrived."""

    count: int
    median: timedelta | None
    p95: timedelta | None


@dataclass(frozen=True, slots=True)
class Problems:
    """What waits for a person now: `money` counts transfers by meaning, `goods` counts orders.

    `refunds` and `claims` are buyers' wishes and refunds that came back, and transfers that buyers claim.
    """

    money: dict[str, int]
    goods: int
    jobs: int
    notices: int
    refunds: int = 0
    claims: int = 0


def placed(unit: Unit, shop: ShopId, since: datetime | None) -> dict[str, int]:
    """Payment state → how many of the orders placed in the span stand there now."""
    mine = [orders.c.shop_id == shop, *_since(orders.c.created_at, since)]
    query = select(orders.c.payment, func.count()).where(*mine).group_by(orders.c.payment)
    return {payment: int(count) for payment, count in unit.conn.execute(query)}


def received(unit: Unit, shop: ShopId, since: datetime | None) -> dict[str, int]:
    """Currency → minor units that came in on the shop's accounts, whatever they were for."""
    query = (
        select(postings.c.currency, func.sum(postings.c.amount))
        .join(decisions, decisions.c.id == postings.c.decision_id)
        .where(postings.c.shop_id == shop, postings.c.account == Account.RECEIVED)
        .where(*_since(decisions.c.decided_at, since))
        .group_by(postings.c.currency)
    )
    return {currency: int(minor) for currency, minor in unit.conn.execute(query)}


def returned(unit: Unit, shop: ShopId, since: datetime | None) -> dict[str, int]:
    """Currency → minor units that were sent back in the span."""
    sent = [refunds.c.shop_id == shop, refunds.c.state.in_(sorted(GONE)), *_since(refunds.c.sent_at, since)]
    query = select(refunds.c.currency, func.sum(refunds.c.amount)).where(*sent).group_by(refunds.c.currency)
    return {currency: int(minor) for currency, minor in unit.conn.execute(query)}


def delivered(unit: Unit, shop: ShopId, since: datetime | None) -> dict[str, int]:
    """How deliveries ended ("sent", "failed") → how many did so in the span."""
    ended = [deliveries.c.shop_id == shop, deliveries.c.ended_at.is_not(None), *_since(deliveries.c.ended_at, since)]
    query = select(deliveries.c.state, func.count()).where(*ended).group_by(deliveries.c.state)
    return {state: int(count) for state, count in unit.conn.execute(query)}


def waits(unit: Unit, shop: ShopId, since: datetime | None) -> Waits:
    """How long it took, over the orders whose goods first arrived in the span.

    A percentile is the smallest wait that so many of a hundred do not exceed (nearest rank): one that really was.
    """
    waited = _first_arrivals(shop, since).subquery()
    rank = func.row_number().over(order_by=waited.c.wait)
    ranked = select(waited.c.wait, rank.label("rank"), func.count().over().label("all")).subquery()
    at = {share: ranked.c.rank * 100 >= ranked.c.all * share for share in (50, 95)}
    query = select(
        func.count(),
        func.min(ranked.c.wait).filter(at[50]),
        func.min(ranked.c.wait).filter(at[95]),
    ).select_from(ranked)
    count, median, p95 = unit.conn.execute(query).one()
    return Waits(int(count), _milliseconds(median), _milliseconds(p95))


def problems(unit: Unit, shop: ShopId) -> Problems:
    """What waits for a person, whenever it began."""
    return Problems(
        _undecided(unit, shop),
        _undelivered(unit, shop),
        _count(unit, shop, outbox, "dead") + _count(unit, shop, inbox, "dead"),
        _count(unit, shop, notices, "failed"),
        _waiting(unit, shop, Kind.REFUND),
        _waiting(unit, shop, Kind.CLAIM),
    )


def _first_arrivals(shop: ShopId, since: datetime | None) -> Select[int]:
    """Milliseconds from payment to goods of each order; goods that were asked for again do not count."""
    arrived, earlier = deliveries, deliveries.alias("earlier")
    before = or_(
        earlier.c.ended_at < arrived.c.ended_at,
        (earlier.c.ended_at == arrived.c.ended_at) & (earlier.c.id < arrived.c.id),
    )
    again = select(earlier.c.id).where(earlier.c.order_id == arrived.c.order_id, earlier.c.state == "sent", before)
    wait = type_coerce(arrived.c.ended_at, BigInteger) - type_coerce(orders.c.paid_at, BigInteger)
    return (
        select(wait.label("wait"))
        .select_from(arrived.join(orders, orders.c.id == arrived.c.order_id))
        .where(arrived.c.shop_id == shop, arrived.c.state == "sent", arrived.c.ended_at.is_not(None))
        .where(orders.c.paid_at.is_not(None), ~again.exists(), *_since(arrived.c.ended_at, since))
    )


def _undecided(unit: Unit, shop: ShopId) -> dict[str, int]:
    """Money whose review is open, by what its last decision made of it."""
    later = decisions.alias("later")
    last = select(func.max(later.c.id)).where(later.c.transfer_id == reviews.c.transfer_id).scalar_subquery()
    query = (
        select(decisions.c.meaning, func.count())
        .select_from(reviews.join(decisions, decisions.c.transfer_id == reviews.c.transfer_id))
        .where(*_open(shop, Kind.MONEY), decisions.c.id == last)
        .group_by(decisions.c.meaning)
    )
    return {meaning: int(count) for meaning, count in unit.conn.execute(query)}


def _waiting(unit: Unit, shop: ShopId, kind: Kind) -> int:
    query = select(func.count()).select_from(reviews).where(*_open(shop, kind))
    return int(unit.conn.execute(query).scalar_one())


def _open(shop: ShopId, kind: Kind) -> tuple[ColumnElement[bool], ...]:
    return reviews.c.shop_id == shop, reviews.c.closed_at.is_(None), reviews.c.kind == kind


def _undelivered(unit: Unit, shop: ShopId) -> int:
    """Orders whose goods have arrived by no way, and are on none; goods taken back are nobody's wish any more."""
    other, order = deliveries.alias("other"), deliveries.c.order_id
    hopeful = select(other.c.id).where(other.c.order_id == order, other.c.state != "failed")
    revoked = select(grants.c.id).where(grants.c.order_id == order, grants.c.state == "revoked")
    query = select(func.count(order.distinct())).where(
        deliveries.c.shop_id == shop, _is(deliveries.c.state, ["failed"]), ~hopeful.exists(), ~revoked.exists()
    )
    return int(unit.conn.execute(query).scalar_one())


def _count(unit: Unit, shop: ShopId, table: Table, state: str) -> int:
    query = select(func.count()).select_from(table).where(table.c.shop_id == shop, _is(table.c.state, [state]))
    return int(unit.conn.execute(query).scalar_one())


def _since(
    column: ColumnElement[datetime] | ColumnElement[datetime | None], since: datetime | None
) -> list[ColumnElement[bool]]:
    return [] if since is None else [column >= since]


def _is(column: ColumnElement[str], words: Sequence[str]) -> ColumnElement[bool]:
    """Write the words into the statement: a partial index is used only where its condition can be read there."""
    named: list[ColumnElement[str]] = [literal_column(f"'{word}'") for word in words]
    return column.in_(named) if len(named) > 1 else column == named[0]


def _milliseconds(count: int | None) -> timedelta | None:
    return None if count is None else timedelta(milliseconds=int(count))
