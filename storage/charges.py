"""Payments that can only be given back by the very charge they came by, such as Telegram's Stars."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select

from sales.ids import OrderId, RefundId, ShopId
from sales.money import Money
from sales.refund import State
from storage.schema.money import decisions, refunds, sightings, transfers
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Charge:
    """One payment: `ref` is its source's name for it, `payer` the account it came from, `name` whose that is.

    `memo` is what it carried. `returning`: the order whose refund of it is owed or was sent.
    """

    transfer: int
    ref: str
    payer: str
    name: str
    amount: Money
    memo: str
    returning: OrderId | None


def of_order(unit: Unit, shop: ShopId, order: OrderId, source: str) -> list[Charge]:
    """What came for an order by that source, oldest first; a payment counts for the order its last decision names."""
    later = decisions.alias()
    last = select(func.max(later.c.id)).where(later.c.transfer_id == transfers.c.id).scalar_subquery()
    query = _charges(shop, source).join(decisions, decisions.c.transfer_id == transfers.c.id)
    query = query.where(decisions.c.order_id == order, decisions.c.id == last, transfers.c.amount > 0)
    return [_charge(row) for row in unit.conn.execute(query.order_by(transfers.c.id))]


def of_refund(unit: Unit, shop: ShopId, refund: RefundId, source: str) -> Charge | None:
    """The payment that a refund gives back; None when it is bound to none of that source."""
    query = _charges(shop, source).join(refunds, refunds.c.transfer_id == transfers.c.id).where(refunds.c.id == refund)
    row = unit.conn.execute(query).one_or_none()
    return None if row is None else _charge(row)


def named(unit: Unit, shop: ShopId, source: str, ref: str) -> Charge | None:
    """A payment by its source's name for it."""
    row = unit.conn.execute(_charges(shop, source).where(sightings.c.ref == ref)).one_or_none()
    return None if row is None else _charge(row)


def _charges(shop: ShopId, source: str) -> Select[Any]:
    other = refunds.alias()
    given = select(func.max(other.c.order_id)).where(other.c.state.not_in((State.ASKED, State.DROPPED)))
    given = given.where(other.c.transfer_id == transfers.c.id)
    return (
        select(transfers, sightings.c.ref, given.scalar_subquery().label("goes_back"))
        .join(sightings, sightings.c.transfer_id == transfers.c.id)
        .where(transfers.c.shop_id == shop, sightings.c.source == source)
    )


def _charge(row: Row[Any]) -> Charge:
    amount = Money(row.amount, row.currency)
    return Charge(row.id, row.ref, row.payer_account, row.payer_name, amount, row.memo, row.goes_back)
