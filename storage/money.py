"""The ledger's memory: notices, sightings, transfers, decisions and postings, written many at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from sales.ids import BuyerId, OrderId, ShopId
from sales.money import Money
from sales.order import Bill, Payment
from sales.posting import Account
from storage.bulk import Bulk, names
from storage.identities import draw_ids
from storage.members import among
from storage.schema.money import decisions, notices, postings, sightings, transfers
from storage.schema.orders import orders
from storage.schema.shop import shops
from storage.unit import Unit

Ref = tuple[str, str]
"""A source and its own name for a movement."""

# Statements of the settling path are built once: building one costs several times what running it does.
_KNOWN = select(sightings.c.source, sightings.c.ref).where(
    sightings.c.shop_id == bindparam("shop"), among(sightings.c.source, "sources"), among(sightings.c.ref, "refs")
)
_DEPOSITS = (
    select(postings.c.order_id, postings.c.currency, -func.sum(postings.c.amount))
    .where(
        postings.c.shop_id == bindparam("shop"),
        among(postings.c.order_id, "wanted"),
        postings.c.account == Account.DEPOSIT,
    )
    .group_by(postings.c.order_id, postings.c.currency)
)
_BILLS = (
    select(orders, shops.c.tolerance)
    .join(shops, shops.c.id == orders.c.shop_id)
    .where(orders.c.shop_id == bindparam("shop"), among(orders.c.code, "codes"))
    .order_by(orders.c.id)
)
_BILLED = _BILLS.with_for_update(of=orders)
_SETTLED = (
    update(notices)
    .where(
        notices.c.shop_id == bindparam("shop"),
        among(notices.c.gateway, "gateways"),
        among(notices.c.digest, "digests"),
    )
    .values(state="settled", error=None)
    .returning(notices.c.gateway, notices.c.digest, notices.c.id)
)
_KEEP_NOTICES = Bulk(notices, ("id", "shop_id", "gateway", "digest", "body", "state", "received_at"), ignore=True)
_ADD_TRANSFERS = Bulk(transfers, names(transfers, drawn=True))
_ADD_SIGHTINGS = Bulk(sightings, names(sightings))
_ADD_DECISIONS = Bulk(decisions, names(decisions, drawn=True))
_ADD_POSTINGS = Bulk(postings, ("shop_id", "decision_id", "order_id", "account", "currency", "amount"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Ids for the rows that a list of sightings may bring."""

    notices: list[int]
    transfers: list[int]
    decisions: list[int]


def draw(unit: Unit, count: int) -> Drawn:
    """Draw ids for so many sightings."""
    ids = draw_ids(unit, {notices: count, transfers: count, decisions: count})
    return Drawn(ids[notices], ids[transfers], ids[decisions])


def known(unit: Unit, shop: ShopId, refs: Collection[Ref]) -> set[Ref]:
    """Which of these movements have been seen before."""
    named = {"shop": shop, "sources": {source for source, _ in refs}, "refs": {ref for _, ref in refs}}
    return {(source, ref) for source, ref in unit.conn.execute(_KNOWN, named)} & set(refs)


def bills(unit: Unit, shop: ShopId, codes: Collection[str], *, locked: bool = True) -> dict[str, Bill]:
    """The orders of those codes as settlement sees them, locked until the Unit ends unless it only looks.

    They are locked in the order of their ids, so that two processes never wait for each other. That nobody adds
    to the deposits meanwhile rests on the store: a write is as if it ran alone (SERIALIZABLE on PostgreSQL).
    """
    rows = unit.conn.execute(_BILLED if locked else _BILLS, {"shop": shop, "codes": codes}).all()
    parts = deposits(unit, shop, [OrderId(row.id) for row in rows]) if rows else {}
    return {row.code: _bill(row, parts.get(OrderId(row.id), {})) for row in rows}


def deposits(unit: Unit, shop: ShopId, wanted: Collection[OrderId]) -> dict[OrderId, dict[str, int]]:
    """What short payments have left on each order: currency → minor units, none of them zero."""
    found: dict[OrderId, dict[str, int]] = {}
    for order, currency, minor in unit.conn.execute(_DEPOSITS, {"shop": shop, "wanted": wanted}):
        if minor:
            found.setdefault(OrderId(order), {})[currency] = int(minor)
    return found


def keep_notices(unit: Unit, shop: ShopId, ids: Sequence[int], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Keep notices that brought something new, under the drawn ids; answers the ids they have, in the order of `rows`.

    A body that was kept before, because it failed then, keeps its id and is settled now.
    """
    drawn = list(ids[: len(rows)])
    born = {"shop_id": shop, "state": "settled", "received_at": unit.now}
    if _KEEP_NOTICES(unit, [row | born | {"id": id_} for row, id_ in zip(rows, drawn, strict=True)]) == len(rows):
        return drawn
    named = {"shop": shop} | {f"{name}s": {row[name] for row in rows} for name in ("gateway", "digest")}
    kept = {(gateway, digest): int(id_) for gateway, digest, id_ in unit.conn.execute(_SETTLED, named)}
    return [kept[row["gateway"], row["digest"]] for row in rows]


def add_transfers(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Keep real movements under the ids drawn for them; what moved never changes."""
    _ADD_TRANSFERS(unit, rows)


def add_sightings(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Keep what sources said; a repeated (source, ref) fails the whole Unit."""
    _ADD_SIGHTINGS(unit, rows)


def add_decisions(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Keep decisions under the ids drawn for them; they are only ever added."""
    _ADD_DECISIONS(unit, rows)


def add_postings(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the double entries of decisions."""
    _ADD_POSTINGS(unit, rows)


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


def unbalanced(unit: Unit, shop: ShopId) -> list[tuple[int | None, int | None]]:
    """Decisions and refunds (one of the two; a spending: neither) whose postings do not sum to zero: never one."""
    query = (
        select(postings.c.decision_id, postings.c.refund_id)
        .where(postings.c.shop_id == shop)
        .group_by(postings.c.decision_id, postings.c.refund_id, postings.c.spend_id, postings.c.currency)
        .having(func.sum(postings.c.amount) != 0)
    )
    return [(decision, refund) for decision, refund in unit.conn.execute(query)]


def movements(unit: Unit, shop: ShopId, order: OrderId | None = None) -> list[Row[Any]]:
    """Every transfer with its latest decision, oldest first; of one order when named."""
    later = decisions.alias("later")
    latest = select(func.max(later.c.id)).where(later.c.transfer_id == transfers.c.id).scalar_subquery()
    query = (
        select(
            transfers,
            decisions.c.id.label("decision_id"),
            decisions.c.meaning,
            decisions.c.order_id,
            orders.c.code,
        )
        .select_from(
            transfers.join(decisions, decisions.c.transfer_id == transfers.c.id).outerjoin(
                orders, orders.c.id == decisions.c.order_id
            )
        )
        .where(transfers.c.shop_id == shop, decisions.c.id == latest)
        .order_by(transfers.c.id)
    )
    if order is not None:
        query = query.where(decisions.c.order_id == order)
    return list(unit.conn.execute(query))


def told_of(unit: Unit, shop: ShopId, wanted: Collection[int]) -> dict[int, list[Row[Any]]]:
    """The sightings of several transfers: what each source has said of them, in the order they were heard."""
    query = select(sightings).where(sightings.c.shop_id == shop, among(sightings.c.transfer_id, "wanted"))
    found: dict[int, list[Row[Any]]] = {}
    for row in unit.conn.execute(query.order_by(sightings.c.id), {"wanted": wanted}):
        found.setdefault(row.transfer_id, []).append(row)
    return found


def postings_of(unit: Unit, shop: ShopId, wanted: Collection[int]) -> dict[int, list[Row[Any]]]:
    """Postings of several decisions."""
    query = select(postings).where(postings.c.shop_id == shop, among(postings.c.decision_id, "wanted"))
    found: dict[int, list[Row[Any]]] = {}
    for row in unit.conn.execute(query.order_by(postings.c.id), {"wanted": wanted}):
        found.setdefault(row.decision_id, []).append(row)
    return found


def _bill(row: Row[Any], deposits: Mapping[str, int]) -> Bill:
    return Bill(
        OrderId(row.id),
        row.code,
        BuyerId(row.buyer_id),
        Payment(row.payment),
        Money(row.total, row.currency),
        row.pay_until,
        row.watch_until,
        row.prices,
        deposits,
        row.tolerance,
    )
