"""Orders, their lines, and the payment attempts handed out for them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func, insert, literal_column, select, update

from sales.catalogue import Kind
from sales.ids import AttemptId, BuyerId, OrderId, PeerId, PlanId, ShopId
from sales.money import Money
from sales.order import Payment, sources_of
from sales.purchase import Attempt, Line, Order
from storage.members import among, constant
from storage.schema.orders import attempts, order_lines, orders
from storage.unit import Unit

# Built once, as in storage/money.py: the settling path runs them for every notice.
_BY_IDS = select(orders).where(orders.c.shop_id == bindparam("shop"), among(orders.c.id, "wanted"))
_PAY = (
    update(orders)
    .where(
        orders.c.shop_id == bindparam("shop"),
        among(orders.c.id, "paid"),
        constant(orders.c.payment, *sources_of(Payment.PAID)),
    )
    .values(payment=Payment.PAID, paid_at=bindparam("now"))
    .returning(orders)
)
_LINES = (
    select(order_lines)
    .where(order_lines.c.shop_id == bindparam("shop"), among(order_lines.c.order_id, "wanted"))
    .order_by(order_lines.c.order_id, order_lines.c.position)
)
_CLOSE = (
    update(attempts)
    .where(
        attempts.c.shop_id == bindparam("shop"),
        among(attempts.c.order_id, "closed"),
        constant(attempts.c.state, "asked", "open"),
    )
    .values(state=bindparam("becomes"))
    .returning(attempts.c.order_id, attempts.c.id, attempts.c.link_id)
)

_CLOSE_PAID = (
    update(attempts)
    .where(
        attempts.c.shop_id == bindparam("shop"),
        among(attempts.c.order_id, "closed"),
        constant(attempts.c.state, "asked", "open"),
    )
    .values(state=case((among(attempts.c.gateway, "by"), literal_column("'paid'")), else_=literal_column("'replaced'")))
    .returning(attempts.c.order_id, attempts.c.id, attempts.c.link_id)
)

FIRST_LOOK = timedelta(seconds=5)
"""How soon after it was handed out a payment is first asked for, where its gateway can be asked."""


@dataclass(frozen=True, slots=True)
class Closed:
    """An attempt that nobody shall pay any more; `linked` when a gateway's payment link stands behind it."""

    id: AttemptId
    linked: bool


def add(unit: Unit, shop: ShopId, values: dict[str, Any], lines: Sequence[dict[str, Any]]) -> Order:
    """Write a new open order with its lines."""
    row = values | {"shop_id": shop, "payment": Payment.OPEN, "created_at": unit.now}
    order = _order(unit.conn.execute(insert(orders).values(row).returning(orders)).one())
    unit.conn.execute(
        insert(order_lines),
        [line | {"shop_id": shop, "order_id": order.id, "position": place} for place, line in enumerate(lines)],
    )
    return order


def by_code(unit: Unit, shop: ShopId, code: str) -> Order | None:
    """The order of that code, in whatever state: a code stays resolvable for ever."""
    return _one(unit, select(orders).where(orders.c.shop_id == shop, orders.c.code == code))


def by_id(unit: Unit, shop: ShopId, order: OrderId) -> Order:
    """An order by our own id."""
    row = unit.conn.execute(select(orders).where(orders.c.shop_id == shop, orders.c.id == order)).one()
    return _order(row)


def by_ids(unit: Unit, shop: ShopId, wanted: Collection[OrderId]) -> dict[OrderId, Order]:
    """Several orders at once."""
    rows = unit.conn.execute(_BY_IDS, {"shop": shop, "wanted": wanted})
    return {OrderId(row.id): _order(row) for row in rows}


def open_order(unit: Unit, shop: ShopId, buyer: BuyerId) -> Order | None:
    """The buyer's newest order that waits for money."""
    return next(iter(open_orders(unit, shop, buyer, 1)), None)


def open_orders(unit: Unit, shop: ShopId, buyer: BuyerId, limit: int) -> list[Order]:
    """The buyer's orders that wait for money, the newest first."""
    mine = select(orders).where(orders.c.shop_id == shop, orders.c.buyer_id == buyer, orders.c.payment == Payment.OPEN)
    return [_order(row) for row in unit.conn.execute(mine.order_by(orders.c.id.desc()).limit(limit))]


def waiting(unit: Unit, shop: ShopId, limit: int, currency: str) -> dict[str, Money]:
    """Code → price of the orders that wait for money, the newest first.

    The price is in that currency where the order has one, or else in the one it is being paid at.
    """
    # Written out and not as a list of one: only so does SQLite use the index of open orders.
    mine = (orders.c.shop_id == shop) & (orders.c.payment == literal_column("'open'"))
    query = select(orders.c.code, orders.c.total, orders.c.currency, orders.c.prices).where(mine)
    rows = unit.conn.execute(query.order_by(orders.c.pay_until.desc(), orders.c.id.desc()).limit(limit))
    return {
        code: Money(prices[currency], currency) if currency in prices else Money(total, own)
        for code, total, own, prices in rows
    }


def newest(unit: Unit, shop: ShopId, buyer: BuyerId, limit: int, before: OrderId | None = None) -> list[Order]:
    """The buyer's last orders, newest first; those made before one of them when it is named."""
    mine = select(orders).where(orders.c.shop_id == shop, orders.c.buyer_id == buyer)
    if before is not None:
        mine = mine.where(orders.c.id < before)
    return [_order(row) for row in unit.conn.execute(mine.order_by(orders.c.id.desc()).limit(limit))]


def counts(unit: Unit, shop: ShopId) -> dict[str, int]:
    """How many orders stand in each payment state."""
    query = select(orders.c.payment, func.count()).where(orders.c.shop_id == shop).group_by(orders.c.payment)
    return {payment: count for payment, count in unit.conn.execute(query)}


def move(unit: Unit, shop: ShopId, order: OrderId, target: Payment) -> bool:
    """Move an order to `target`; False when its state no longer allows it (somebody else was first)."""
    may = (orders.c.shop_id == shop) & (orders.c.id == order) & orders.c.payment.in_(sources_of(target))
    paid_at = {"paid_at": unit.now} if target is Payment.PAID else {}
    return unit.conn.execute(update(orders).where(may).values(payment=target, **paid_at)).rowcount == 1


def pay(unit: Unit, shop: ShopId, paid: Collection[OrderId]) -> list[Order]:
    """Move several orders to paid; answers those that moved, in the order of their ids."""
    moved = unit.conn.execute(_PAY, {"shop": shop, "paid": paid, "now": unit.now})
    return sorted((_order(row) for row in moved), key=lambda order: order.id)


def price_at(unit: Unit, shop: ShopId, order: OrderId, price: Money) -> None:
    """From now on the order is paid at this price of its own."""
    same = (orders.c.shop_id == shop) & (orders.c.id == order)
    unit.conn.execute(update(orders).where(same).values(currency=price.currency, total=price.minor))


def lines(unit: Unit, shop: ShopId, wanted: Collection[OrderId]) -> dict[OrderId, list[Line]]:
    """The lines of several orders at once."""
    found: dict[OrderId, list[Line]] = {order: [] for order in wanted}
    for row in unit.conn.execute(_LINES, {"shop": shop, "wanted": wanted}):
        found[OrderId(row.order_id)].append(_line(row))
    return found


def add_attempt(unit: Unit, shop: ShopId, values: dict[str, Any]) -> Attempt:
    """Write a new attempt to pay; `values` name its state, "open" or "asked"."""
    row = values | {"shop_id": shop, "created_at": unit.now, "look_at": unit.now + FIRST_LOOK}
    return _attempt(unit.conn.execute(insert(attempts).values(row).returning(attempts)).one())


def attempt(unit: Unit, shop: ShopId, attempt_id: AttemptId) -> Attempt:
    """An attempt by its id."""
    query = select(attempts).where(attempts.c.shop_id == shop, attempts.c.id == attempt_id)
    return _attempt(unit.conn.execute(query).one())


def attempt_of(unit: Unit, shop: ShopId, attempt_id: AttemptId) -> tuple[Attempt, Order]:
    """An attempt by its id, with the order it is for."""
    found = attempt(unit, shop, attempt_id)
    return found, by_id(unit, shop, found.order)


def attempt_numbered(unit: Unit, shop: ShopId, number: int) -> tuple[Attempt, Order] | None:
    """An attempt by the number that gateways know it by, with the order it is for."""
    query = select(attempts).where(attempts.c.shop_id == shop, attempts.c.number == number)
    row = unit.conn.execute(query).one_or_none()
    return None if row is None else (_attempt(row), by_id(unit, shop, OrderId(row.order_id)))


def attempts_of(unit: Unit, shop: ShopId, order: OrderId) -> list[Attempt]:
    """All attempts of an order, oldest first."""
    query = select(attempts).where(attempts.c.shop_id == shop, attempts.c.order_id == order)
    return [_attempt(row) for row in unit.conn.execute(query.order_by(attempts.c.id))]


def open_attempt(unit: Unit, shop: ShopId, order: OrderId) -> Attempt | None:
    """The newest attempt of an order that can be paid, or will be once its gateway has answered ("asked")."""
    mine = (attempts.c.shop_id == shop) & (attempts.c.order_id == order) & attempts.c.state.in_(("asked", "open"))
    row = unit.conn.execute(select(attempts).where(mine).order_by(attempts.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _attempt(row)


def note_message(unit: Unit, shop: ShopId, attempt_id: AttemptId, message: str) -> None:
    """Remember which message carries the attempt's card."""
    same = (attempts.c.shop_id == shop) & (attempts.c.id == attempt_id)
    unit.conn.execute(update(attempts).where(same).values(chat_message=message))


def close_attempts(unit: Unit, shop: ShopId, closed: Collection[OrderId], state: str) -> dict[OrderId, list[Closed]]:
    """Close what is open or asked for of those orders' attempts; answers which were closed."""
    return _closed(unit.conn.execute(_CLOSE, {"shop": shop, "closed": closed, "becomes": state}))


def close_paid(unit: Unit, shop: ShopId, paid: Collection[OrderId], by: Collection[str]) -> dict[OrderId, list[Closed]]:
    """Do the same for orders that are paid: by attempts of these gateways; money took the place of any other."""
    return _closed(unit.conn.execute(_CLOSE_PAID, {"shop": shop, "closed": paid, "by": by}))


def fail_attempt(unit: Unit, shop: ShopId, attempt_id: AttemptId) -> bool:
    """Note that an attempt came to nothing; False when it was over before."""
    same = (attempts.c.shop_id == shop) & (attempts.c.id == attempt_id) & (attempts.c.state == "open")
    return unit.conn.execute(update(attempts).where(same).values(state="failed")).rowcount == 1


def _closed(rows: Iterable[Any]) -> dict[OrderId, list[Closed]]:
    found: dict[OrderId, list[Closed]] = {}
    for order, attempt_id, link in rows:
        found.setdefault(OrderId(order), []).append(Closed(AttemptId(attempt_id), link is not None))
    return found


def _one(unit: Unit, query: Select[Any]) -> Order | None:
    row = unit.conn.execute(query).one_or_none()
    return None if row is None else _order(row)


def _order(row: Row[Any]) -> Order:
    return Order(
        OrderId(row.id),
        row.code,
        BuyerId(row.buyer_id),
        PeerId(row.peer_id),
        row.email,
        Payment(row.payment),
        Money(row.total, row.currency),
        row.created_at,
        row.pay_until,
        row.watch_until,
        row.paid_at,
        row.prices,
    )


def _line(row: Row[Any]) -> Line:
    return Line(
        row.id,
        PlanId(row.plan_id),
        Kind(row.kind),
        row.product_name,
        row.plan_name,
        row.days,
        Money(row.price, row.currency),
    )


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        AttemptId(row.id),
        OrderId(row.order_id),
        row.gateway,
        row.number,
        row.bank_account_id,
        row.memo,
        row.qr,
        Money(row.amount, row.currency),
        row.state,
        row.chat_message,
        row.expires_at,
        row.bin,
        row.account,
        row.holder,
        row.link_id or "",
        row.link_url,
        row.created_at,
    )
