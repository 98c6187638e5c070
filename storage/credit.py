"""The credit of buyers: never a number that is kept, always the sum of what the ledger says."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, insert, select

from sales.credit import Lot, totals
from sales.ids import BuyerId, OrderId, ShopId
from sales.money import Money
from sales.posting import Account, Posting, earn, spend
from storage.schema.money import decisions, postings, spends
from storage.schema.orders import orders
from storage.unit import Unit


def credit_of(unit: Unit, shop: ShopId, buyer: BuyerId) -> dict[str, int]:
    """Currency → minor units; below zero when a gateway has taken money back that was spent by then."""
    return totals(lots(unit, shop, buyer))


def lots(unit: Unit, shop: ShopId, buyer: BuyerId) -> list[Lot]:
    """Where it lies, the oldest order first."""
    return _lots(unit, _lying(shop).where(orders.c.buyer_id == buyer), -1)


def put_on(unit: Unit, shop: ShopId, order: OrderId) -> list[Lot]:
    """What of it was put on an order and did not come back, by the order it was taken from, the oldest first."""
    query = _lying(shop).join(spends, spends.c.id == postings.c.spend_id).where(spends.c.order_id == order)
    return [lot for lot in _lots(unit, query, 1) if lot.amount.minor > 0]


def kept_since(unit: Unit, shop: ShopId, order: OrderId, currency: str, transfer: int) -> bool:
    """Whether what lay on the order in that currency was made credit after that transfer was last decided about."""
    decided = select(func.max(decisions.c.decided_at)).where(decisions.c.transfer_id == transfer)
    query = (
        select(spends.c.id)
        .join(postings, postings.c.spend_id == spends.c.id)
        .where(spends.c.shop_id == shop, spends.c.order_id == order, spends.c.currency == currency)
        # Credit that only comes back from an order lies on others.
        .where(postings.c.account == Account.CREDIT, postings.c.order_id == order, postings.c.amount < 0)
        .where(spends.c.created_at >= decided.scalar_subquery())
        .limit(1)
    )
    return unit.conn.scalar(query) is not None


def move(unit: Unit, shop: ShopId, buyer: BuyerId, order: OrderId, taken: Sequence[Lot], *, pays: bool = False) -> None:
    """Put these lots, of one currency, on an order as a part of it; negative ones come back from there.

    `pays`: the order is paid by them, so that they are earned at once; negative ones it has earned no more.
    """
    amount = Money(sum(lot.amount.minor for lot in taken), taken[0].amount.currency)
    row = {"shop_id": shop, "buyer_id": buyer, "order_id": order, "created_at": unit.now}
    row |= {"currency": amount.currency, "amount": amount.minor}
    spend_id = unit.conn.execute(insert(spends).values(row).returning(spends.c.id)).scalar_one()
    lines = [(lot.order, spend(lot.amount)[0]) for lot in taken]
    lines += [(order, spend(amount)[1]), *((order, line) for line in (earn(amount) if pays else ()))]
    unit.conn.execute(insert(postings), [_row(shop, spend_id, *line) for line in lines])


def _lying(shop: ShopId) -> Select[Any]:
    return (
        select(postings.c.order_id, orders.c.code, postings.c.currency, func.sum(postings.c.amount))
        .select_from(postings)
        .join(orders, orders.c.id == postings.c.order_id)
        .where(postings.c.shop_id == shop, postings.c.account == Account.CREDIT)
        .group_by(postings.c.order_id, orders.c.code, postings.c.currency)
        .order_by(postings.c.order_id, postings.c.currency)
    )


def _lots(unit: Unit, query: Select[Any], sign: int) -> list[Lot]:
    rows = unit.conn.execute(query)
    found = [Lot(OrderId(order), code, Money(sign * int(minor), currency)) for order, code, currency, minor in rows]
    return [lot for lot in found if lot.amount.minor]


def _row(shop: ShopId, spend_id: int, order: OrderId, line: Posting) -> dict[str, object]:
    return {
        "shop_id": shop,
        "spend_id": spend_id,
        "order_id": order,
        "account": line.account,
        "currency": line.amount.currency,
        "amount": line.amount.minor,
    }
