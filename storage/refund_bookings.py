"""What refunds have booked, each step as a line of its own: owed, paid, come back, called off.

A refund writes postings more than once, each time with the moment; its row keeps only the last moment of a kind.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, select

from sales.entry import Cause, Entry, Side, Step
from sales.ids import ShopId
from sales.money import Money
from sales.posting import Account, Posting
from storage.schema.money import postings, refunds
from storage.schema.orders import orders
from storage.unit import Unit

PAGE = 500

_SHOP: BindParameter[int] = bindparam("shop")
_POSTINGS = (
    select(
        postings.c.id,
        postings.c.refund_id,
        postings.c.order_id,
        postings.c.account,
        postings.c.currency,
        postings.c.amount,
        refunds.c.amount.label("whole"),
        refunds.c.code,
        refunds.c.reason,
        refunds.c.created_at,
        postings.c.booked_at,
        refunds.c.owed_at,
        refunds.c.sent_at,
        refunds.c.settled_at,
        orders.c.code.label("order_code"),
    )
    .join(refunds, refunds.c.id == postings.c.refund_id)
    .outerjoin(orders, orders.c.id == postings.c.order_id)
    .where(postings.c.shop_id == _SHOP, postings.c.id > bindparam("last"), postings.c.refund_id.is_not(None))
    .order_by(postings.c.id)
    .limit(PAGE)
)


def refund_bookings(unit: Unit, shop: ShopId) -> Iterator[Entry]:
    """Every step of every refund, in the order in which they were booked."""
    latest = datetime.min.replace(tzinfo=UTC)
    for rows in _steps(unit, shop):
        entry = _entry(rows, latest)
        latest = entry.at
        yield entry


def _steps(unit: Unit, shop: ShopId) -> Iterator[list[Row[Any]]]:
    """Postings that were written together: they follow each other, and sum to zero where they end."""
    step: list[Row[Any]] = []
    for row in _postings(unit, shop):
        if step and (step[0].refund_id != row.refund_id or not sum(each.amount for each in step)):
            yield step
            step = []
        step.append(row)
    if step:
        yield step


def _postings(unit: Unit, shop: ShopId) -> Iterator[Row[Any]]:
    last = 0
    while rows := list[Row[Any]](unit.conn.execute(_POSTINGS, {"shop": shop, "last": last})):
        yield from rows
        last = rows[-1].id


def _entry(rows: Sequence[Row[Any]], latest: datetime) -> Entry:
    first, step = rows[0], _step(rows)
    sides = tuple(
        Side(each.order_code or "", Posting(Account(each.account), Money(each.amount, each.currency))) for each in rows
    )
    return Entry(
        at=first.booked_at or _moment(first, step, latest),
        cause=Cause.REFUND,
        id=first.refund_id,
        meaning=step,
        amount=Money(first.whole if step is Step.CAME_BACK else -first.whole, first.currency),
        sides=sides,
        order=first.order_code or "",
        refund=first.code or "",
        reason=first.reason,
    )


def _step(rows: Sequence[Row[Any]]) -> Step:
    paid = sum(each.amount for each in rows if each.account == Account.REFUND_PAID)
    owed = sum(each.amount for each in rows if each.account == Account.REFUND_OWED)
    if paid:
        return Step.PAID if paid < 0 else Step.CAME_BACK
    return Step.OWED if owed < 0 else Step.CALLED_OFF


def _moment(row: Row[Any], step: Step, latest: datetime) -> datetime:
    """When a step of the days before moments were kept was booked, never before what was booked earlier."""
    kept = {Step.OWED: row.owed_at, Step.PAID: row.sent_at or row.settled_at}.get(step)
    moment: datetime = kept or row.created_at
    return max(latest, moment)
