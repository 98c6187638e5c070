"""Movements of money as an admin decides of them: what was said first, and what it means so far."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Table, func, or_, select

from sales.ids import OrderId, ShopId
from sales.posting import Account
from sales.refund import what_is_left
from sales.settlement import Meaning
from sales.transfer import Payer, Sighting, Standing
from storage.members import among
from storage.money import told_of
from storage.schema.money import decisions, postings, refunds, reviews, sightings, transfers
from storage.schema.orders import orders
from storage.unit import Unit

_later = decisions.alias("later")
_IS_LAST = (
    decisions.c.id == select(func.max(_later.c.id)).where(_later.c.transfer_id == transfers.c.id).scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Movement:
    """One transfer, as the source that told of it first has said it, with its last decision. Times are UTC.

    `order` is the one it was decided to be about, with its `code` and the end of its watch; None for none.
    """

    transfer: int
    sighting: Sighting
    meaning: Meaning
    seen_at: datetime
    order: OrderId | None = None
    code: str | None = None
    watch_until: datetime | None = None


def of_transfers(unit: Unit, shop: ShopId, wanted: Collection[int]) -> dict[int, Movement]:
    """Several movements by the ids of their transfers."""
    if not wanted:
        return {}
    rows = unit.conn.execute(_moved(shop).where(among(transfers.c.id, "wanted")), {"wanted": wanted}).all()
    told = told_of(unit, shop, [row.id for row in rows])
    return {row.id: _movement(row, told[row.id][0]) for row in rows}


def held_for(unit: Unit, shop: ShopId, wanted: Collection[OrderId], source: str) -> list[int]:
    """Transfers that a gateway holds back from these orders, of those that wait for a person."""
    query = (
        select(reviews.c.transfer_id)
        .join(transfers, transfers.c.id == reviews.c.transfer_id)
        .join(decisions, decisions.c.transfer_id == transfers.c.id)
        .join(sightings, sightings.c.transfer_id == transfers.c.id)
        .where(reviews.c.shop_id == shop, reviews.c.closed_at.is_(None), among(reviews.c.order_id, "wanted"))
        .where(_IS_LAST, decisions.c.meaning == Meaning.HELD, sightings.c.source == source)
    )
    return list(unit.conn.execute(query, {"wanted": wanted}).scalars())


def touching(unit: Unit, shop: ShopId, order: OrderId) -> list[int]:
    """Transfers that any decision has ever named the order for, oldest first."""
    mine = select(decisions.c.transfer_id).where(decisions.c.shop_id == shop, decisions.c.order_id == order)
    return list(unit.conn.execute(mine.distinct().order_by(decisions.c.transfer_id)).scalars())


def decided(unit: Unit, shop: ShopId, wanted: Collection[int]) -> dict[int, list[Row[Any]]]:
    """Every decision about several transfers, the oldest first, with their amount, currency and first source."""
    query = select(decisions, transfers.c.amount, transfers.c.currency, transfers.c.told_by)
    mine = query.join(transfers, transfers.c.id == decisions.c.transfer_id).where(decisions.c.shop_id == shop)
    rows = unit.conn.execute(mine.where(among(transfers.c.id, "wanted")).order_by(decisions.c.id), {"wanted": wanted})
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.transfer_id, []).append(row)
    return found


def unplaced(unit: Unit, shop: ShopId, movement: Movement) -> int:
    """Minor units of it that lie unplaced: what refunds took is gone, see `what_is_left`."""
    came, taken = (_lying(unit, shop, cause, movement) for cause in (decisions, refunds))
    open_ones = select(reviews.c.transfer_id).where(reviews.c.shop_id == shop, reviews.c.closed_at.is_(None))
    waiting = unit.conn.scalars(open_ones.where(among(reviews.c.transfer_id, "of")), {"of": set(came) - {None}})
    return what_is_left(came, taken, set(waiting)).get(movement.transfer, 0)


def paid_before(unit: Unit, shop: ShopId, codes: Collection[str], payer: Payer) -> list[str]:
    """Of the orders of these codes those whose buyers have had money come from that payer before."""
    earlier = orders.alias("earlier")
    alike = [
        column == said
        for column, said in ((transfers.c.payer_account, payer.account), (transfers.c.payer_name, payer.name))
        if said
    ]
    if not (alike and codes):
        return []
    query = (
        select(orders.c.code)
        .join(earlier, (earlier.c.shop_id == orders.c.shop_id) & (earlier.c.buyer_id == orders.c.buyer_id))
        .join(decisions, decisions.c.order_id == earlier.c.id)
        .join(transfers, transfers.c.id == decisions.c.transfer_id)
        .where(orders.c.shop_id == shop, among(orders.c.code, "codes"), transfers.c.amount > 0, or_(*alike))
        .distinct()
    )
    return list(unit.conn.execute(query, {"codes": codes}).scalars())


def _lying(unit: Unit, shop: ShopId, cause: Table, movement: Movement) -> dict[int | None, int]:
    """What decisions, or refunds, have left unplaced for its order, or of it where it has none, by their transfer."""
    named = cause.c.transfer_id
    query = (
        select(named, -func.sum(postings.c.amount))
        .join(cause, cause.c.id == (postings.c.decision_id if cause is decisions else postings.c.refund_id))
        .where(postings.c.shop_id == shop, postings.c.account == Account.UNPLACED)
        .where(postings.c.currency == movement.sighting.currency, postings.c.order_id == movement.order)
        .group_by(named)
    )
    alone = query if movement.order is not None else query.where(named == movement.transfer)
    return {transfer: int(minor) for transfer, minor in unit.conn.execute(alone)}


def _moved(shop: ShopId) -> Select[Any]:
    return (
        select(transfers, decisions.c.meaning, decisions.c.order_id, orders.c.code, orders.c.watch_until)
        .select_from(
            transfers.join(decisions, decisions.c.transfer_id == transfers.c.id).outerjoin(
                orders, orders.c.id == decisions.c.order_id
            )
        )
        .where(transfers.c.shop_id == shop, _IS_LAST)
    )


def _movement(row: Row[Any], first: Row[Any]) -> Movement:
    meaning = Meaning(row.meaning)
    sighting = Sighting(
        first.source,
        first.ref,
        row.amount,
        row.currency,
        row.account,
        row.memo,
        first.virtual_account,
        first.reference,
        row.booked_at,
        Payer(row.payer_name, row.payer_account, row.payer_bank),
        standing=Standing.HELD if meaning is Meaning.HELD else Standing.ARRIVED,
    )
    order = None if row.order_id is None else OrderId(row.order_id)
    return Movement(row.id, sighting, meaning, row.seen_at, order, row.code, row.watch_until)
