"""The ledger's memory: notices, sightings, transfers, decisions and postings, written many at a time."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, Table, func, insert, select, tuple_, update

from sales.ids import BuyerId, OrderId, ShopId
from sales.money import Money
from sales.order import Bill, Payment
from sales.posting import Account
from storage.columns import insert_ignore
from storage.schema.money import decisions, notices, postings, sightings, transfers
from storage.schema.orders import orders
from storage.unit import Unit

Ref = tuple[str, str]
"""A source and its own name for a movement."""


def known(unit: Unit, shop: ShopId, refs: Collection[Ref]) -> set[Ref]:
    """Which of these movements have been seen before."""
    named = tuple_(sightings.c.source, sightings.c.ref).in_(list(refs))
    query = select(sightings.c.source, sightings.c.ref).where(sightings.c.shop_id == shop, named)
    return {(source, ref) for source, ref in unit.conn.execute(query)}


def bills(unit: Unit, shop: ShopId, codes: Collection[str]) -> dict[str, Bill]:
    """The orders of those codes as settlement sees them, locked until the Unit ends.

    They are locked in the order of their ids, so that two processes never wait for each other. That nobody adds
    to the deposits meanwhile rests on the store: a write is as if it ran alone (SERIALIZABLE on PostgreSQL).
    """
    mine = (orders.c.shop_id == shop) & orders.c.code.in_(codes)
    rows = unit.conn.execute(select(orders).where(mine).order_by(orders.c.id).with_for_update()).all()
    deposited = deposits(unit, shop, [OrderId(row.id) for row in rows])
    return {row.code: _bill(row, deposited.get(OrderId(row.id), 0)) for row in rows}


def deposits(unit: Unit, shop: ShopId, wanted: Collection[OrderId]) -> dict[OrderId, int]:
    """Minor units that short payments have left on each order."""
    query = (
        select(postings.c.order_id, -func.sum(postings.c.amount))
        .where(postings.c.shop_id == shop, postings.c.order_id.in_(wanted), postings.c.account == Account.DEPOSIT)
        .group_by(postings.c.order_id)
    )
    return {OrderId(order): int(minor) for order, minor in unit.conn.execute(query)}


def keep_notices(unit: Unit, shop: ShopId, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Keep notices that brought something new; ids in the order of `rows`.

    A body that was kept before, because it failed then, is settled now.
    """
    if not rows:
        return []
    full = [row | {"shop_id": shop, "state": "settled", "received_at": unit.now} for row in rows]
    unit.conn.execute(insert_ignore(notices), full)
    digests = [row["digest"] for row in rows]
    named = (notices.c.shop_id == shop) & notices.c.digest.in_(digests)
    settled = update(notices).where(named).values(state="settled", error=None)
    ids = {
        (gateway, digest): int(id_)
        for gateway, digest, id_ in unit.conn.execute(
            settled.returning(notices.c.gateway, notices.c.digest, notices.c.id)
        )
    }
    return [ids[row["gateway"], row["digest"]] for row in rows]


def add_transfers(unit: Unit, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Keep real movements; they never change."""
    return _add(unit, transfers, rows)


def add_sightings(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Keep what sources said; a repeated (source, ref) fails the whole Unit."""
    unit.conn.execute(insert(sightings), list(rows))


def add_decisions(unit: Unit, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Keep decisions; they are only ever added."""
    return _add(unit, decisions, rows)


def add_postings(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the double entries."""
    if rows:
        unit.conn.execute(insert(postings), list(rows))


def fail_notice(unit: Unit, shop: ShopId, gateway: str, digest: str, body: str, error: str) -> bool:
    """Keep a true notice that could not be settled; False when it was kept before."""
    same = (notices.c.shop_id == shop) & (notices.c.gateway == gateway) & (notices.c.digest == digest)
    if unit.conn.execute(select(notices.c.id).where(same)).scalar() is not None:
        return False
    row = {"shop_id": shop, "gateway": gateway, "digest": digest, "body": body, "state": "failed", "error": error}
    unit.conn.execute(insert(notices).values(row | {"received_at": unit.now}))
    return True


def settle_failed(unit: Unit, shop: ShopId, gateway: str, digest: str) -> None:
    """Note that a notice that had failed is settled, though all it says was known from others by then."""
    same = (notices.c.shop_id == shop) & (notices.c.gateway == gateway) & (notices.c.digest == digest)
    unit.conn.execute(update(notices).where(same).values(state="settled", error=None))


def totals(unit: Unit, shop: ShopId) -> dict[str, dict[str, int]]:
    """Currency → account → sum of its postings, signed as they are written."""
    query = (
        select(postings.c.currency, postings.c.account, func.sum(postings.c.amount))
        .where(postings.c.shop_id == shop)
        .group_by(postings.c.currency, postings.c.account)
    )
    found: dict[str, dict[str, int]] = {}
    for currency, account, total in unit.conn.execute(query):
        found.setdefault(currency, {})[account] = int(total)
    return found


def unbalanced(unit: Unit, shop: ShopId) -> list[int]:
    """Decisions whose postings do not sum to zero; there must never be one."""
    query = (
        select(postings.c.decision_id)
        .where(postings.c.shop_id == shop)
        .group_by(postings.c.decision_id, postings.c.currency)
        .having(func.sum(postings.c.amount) != 0)
    )
    return [int(decision) for decision in unit.conn.execute(query).scalars()]


def movements(unit: Unit, shop: ShopId, order: OrderId | None = None) -> list[Row[Any]]:
    """Every transfer with its sighting and latest decision, oldest first; of one order when named."""
    later = decisions.alias("later")
    latest = select(func.max(later.c.id)).where(later.c.transfer_id == transfers.c.id).scalar_subquery()
    query = (
        select(
            transfers,
            sightings.c.source,
            sightings.c.ref,
            sightings.c.reference,
            decisions.c.id.label("decision_id"),
            decisions.c.meaning,
            decisions.c.order_id,
            orders.c.code,
        )
        .select_from(
            transfers.join(sightings, sightings.c.transfer_id == transfers.c.id)
            .join(decisions, decisions.c.transfer_id == transfers.c.id)
            .outerjoin(orders, orders.c.id == decisions.c.order_id)
        )
        .where(transfers.c.shop_id == shop, decisions.c.id == latest)
        .order_by(transfers.c.id)
    )
    if order is not None:
        query = query.where(decisions.c.order_id == order)
    return list(unit.conn.execute(query))


def postings_of(unit: Unit, shop: ShopId, wanted: Collection[int]) -> dict[int, list[Row[Any]]]:
    """Postings of several decisions."""
    query = select(postings).where(postings.c.shop_id == shop, postings.c.decision_id.in_(wanted))
    found: dict[int, list[Row[Any]]] = {}
    for row in unit.conn.execute(query.order_by(postings.c.id)):
        found.setdefault(row.decision_id, []).append(row)
    return found


def _add(unit: Unit, into: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    written = insert(into).returning(into.c.id, sort_by_parameter_order=True)
    return [int(id_) for id_ in unit.conn.execute(written, list(rows)).scalars()]


def _bill(row: Row[Any], deposited: int) -> Bill:
    return Bill(
        OrderId(row.id),
        row.code,
        BuyerId(row.buyer_id),
        Payment(row.payment),
        Money(row.total, row.currency),
        Money(deposited, row.currency),
        row.pay_until,
        row.watch_until,
    )
