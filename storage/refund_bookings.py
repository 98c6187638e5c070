"""What refunds have booked, each step as a line of its own: owed, paid, come back, called off.

A refund writes postings more than once, and neither they nor its row say when each was: the row keeps the last moment
of a kind, the event log every one.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, select

from sales.entry import Cause, Entry, Side, Step
from sales.ids import ShopId
from sales.money import Money
from sales.posting import Account, Posting
from storage.members import among
from storage.schema.money import postings, refunds
from storage.schema.orders import orders
from storage.schema.work import events
from storage.unit import Unit

PAGE = 500

_Log = Mapping[int, list[tuple[datetime, str]]]
"""Refund → when what was logged about it, in order."""

_WORDS: Mapping[Step, tuple[str, ...]] = {
    Step.OWED: ("owed", "approved"),
    Step.PAID: ("sent", "paid", "settled", "heard"),
    Step.CAME_BACK: ("failed", "returned"),
    Step.CALLED_OFF: ("called_off",),
}
"""How the kinds of events end that are logged when such a step is booked."""


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
_LOGGED = select(events.c.at, events.c.kind, events.c.detail).where(
    events.c.shop_id == _SHOP, events.c.kind.contains("refund")
)
_OF_ORDERS = _LOGGED.where(among(events.c.order_id, "of")).order_by(events.c.id)
_OF_NONE = _LOGGED.where(events.c.order_id.is_(None)).order_by(events.c.id)


def refund_bookings(unit: Unit, shop: ShopId) -> Iterator[Entry]:
    """Every step of every refund, in the order in which they were booked."""
    steps, latest = _steps(unit, shop), datetime.min.replace(tzinfo=UTC)
    while page := list(islice(steps, PAGE)):
        log = _logged(unit, shop, page)
        for rows in page:
            entry = _entry(rows, log, latest)
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


def _logged(unit: Unit, shop: ShopId, page: Sequence[list[Row[Any]]]) -> _Log:
    """What the event log says of these refunds; one of no order is logged under none."""
    wanted, of = {rows[0].refund_id for rows in page}, {rows[0].order_id for rows in page}
    about = [unit.conn.execute(_OF_ORDERS, {"shop": shop, "of": of - {None}})]
    if None in of:
        about.append(unit.conn.execute(_OF_NONE, {"shop": shop}))
    found: dict[int, list[tuple[datetime, str]]] = {}
    for at, kind, detail in chain.from_iterable(about):
        if detail.get("refund") in wanted:
            found.setdefault(detail["refund"], []).append((at, kind))
    return found


def _entry(rows: Sequence[Row[Any]], log: _Log, latest: datetime) -> Entry:
    first, step = rows[0], _step(rows)
    sides = tuple(
        Side(each.order_code or "", Posting(Account(each.account), Money(each.amount, each.currency))) for each in rows
    )
    return Entry(
        at=_moment(first, step, log.get(first.refund_id, []), latest),
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


def _moment(row: Row[Any], step: Step, logged: Sequence[tuple[datetime, str]], latest: datetime) -> datetime:
    """When it was booked: as the log says, else as the refund's row does; never before what was booked earlier."""
    said = (at for at, kind in logged if kind.endswith(_WORDS[step]))
    kept = {Step.OWED: (row.owed_at, row.created_at), Step.PAID: (row.sent_at, row.settled_at)}.get(step, ())
    moments: Iterator[datetime] = (at for at in (*said, *kept) if at is not None and at >= latest)
    return next(moments, max(latest, row.created_at))
