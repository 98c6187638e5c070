"""The ledger line by line: every decision, refund and spending with what it booked, read page by page.

Nothing here holds more than a page of rows, however big the books are.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from heapq import merge
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, case, func, select

from sales.entry import Cause, Entry, Side, Span, Step, Totals, add_up
from sales.ids import ShopId
from sales.money import Money
from sales.posting import Account, Posting
from storage import money
from storage.members import among
from storage.refund_bookings import refund_bookings
from storage.schema.money import decisions, postings, spends, transfers
from storage.schema.orders import orders
from storage.unit import Unit

PAGE = 500
"""Rows that are held in memory at once."""

_FIRST, _NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


_SHOP: BindParameter[int] = bindparam("shop")
_earlier = decisions.alias("earlier")
_revised = select(_earlier.c.id).where(
    _earlier.c.transfer_id == decisions.c.transfer_id, _earlier.c.id < decisions.c.id
)
_DECIDED = (
    select(
        decisions,
        transfers.c.amount,
        transfers.c.currency,
        transfers.c.memo,
        transfers.c.booked_at,
        transfers.c.payer_name,
        transfers.c.payer_account,
        transfers.c.payer_bank,
        orders.c.code,
        case((_revised.exists(), 1), else_=0).label("anew"),
    )
    .join(transfers, transfers.c.id == decisions.c.transfer_id)
    .outerjoin(orders, orders.c.id == decisions.c.order_id)
    .where(decisions.c.shop_id == _SHOP, decisions.c.id > bindparam("last"))
    .where(decisions.c.decided_at >= bindparam("since"), decisions.c.decided_at < bindparam("until"))
    .order_by(decisions.c.id)
    .limit(PAGE)
)
_SPENT = (
    select(spends, orders.c.code)
    .join(orders, orders.c.id == spends.c.order_id)
    .where(spends.c.shop_id == _SHOP, spends.c.id > bindparam("last"))
    .where(spends.c.created_at >= bindparam("since"), spends.c.created_at < bindparam("until"))
    .order_by(spends.c.id)
    .limit(PAGE)
)


def _sides_of(column: ColumnElement[int | None]) -> Select[Any]:
    return (
        select(column.label("cause"), postings.c.account, postings.c.currency, postings.c.amount, orders.c.code)
        .outerjoin(orders, orders.c.id == postings.c.order_id)
        .where(postings.c.shop_id == _SHOP, among(column, "wanted"))
        .order_by(postings.c.id)
    )


_OF_DECISIONS = _sides_of(postings.c.decision_id)
_OF_SPENDS = _sides_of(postings.c.spend_id)


def entries(unit: Unit, shop: ShopId, span: Span) -> Iterator[Entry]:
    """All of a span in the order in which it was booked; it must be walked through inside the Unit."""
    refunded = (each for each in refund_bookings(unit, shop) if span.holds(each.at))
    return merge(_decided(unit, shop, span), _spent(unit, shop, span), refunded, key=lambda each: each.at)


def opening(unit: Unit, shop: ShopId, before: datetime) -> Totals:
    """What stood on each account at that moment."""
    found: Totals = {}
    for column, cause, at in (
        (postings.c.decision_id, decisions, decisions.c.decided_at),
        (postings.c.spend_id, spends, spends.c.created_at),
    ):
        query = (
            select(postings.c.currency, postings.c.account, func.sum(postings.c.amount))
            .join(cause, cause.c.id == column)
            .where(postings.c.shop_id == shop, at < before)
            .group_by(postings.c.currency, postings.c.account)
        )
        for currency, account, minor in unit.conn.execute(query):
            sums = found.setdefault(currency, {})
            sums[Account(account)] = sums.get(Account(account), 0) + int(minor)
    for each in refund_bookings(unit, shop):
        if each.at < before:
            add_up(found, each)
    return found


def _decided(unit: Unit, shop: ShopId, span: Span) -> Iterator[Entry]:
    for rows in _pages(unit, shop, _DECIDED, span):
        sides = _sides(unit, shop, _OF_DECISIONS, [row.id for row in rows])
        told = money.told_of(unit, shop, {row.transfer_id for row in rows})
        yield from (_decision(row, sides.get(row.id, ()), told[row.transfer_id]) for row in rows)


def _spent(unit: Unit, shop: ShopId, span: Span) -> Iterator[Entry]:
    for rows in _pages(unit, shop, _SPENT, span):
        sides = _sides(unit, shop, _OF_SPENDS, [row.id for row in rows])
        for row in rows:
            step = Step.SPENT if row.amount > 0 else Step.UNSPENT
            amount = Money(row.amount, row.currency)
            yield Entry(row.created_at, Cause.SPEND, row.id, step, amount, sides.get(row.id, ()), row.code)


def _decision(row: Row[Any], sides: tuple[Side, ...], told: list[Row[Any]]) -> Entry:
    return Entry(
        at=row.decided_at,
        cause=Cause.DECISION,
        id=row.id,
        meaning=row.meaning,
        amount=Money(row.amount, row.currency),
        sides=sides,
        order=row.code or "",
        anew=bool(row.anew),
        told=tuple(f"{each.source} {each.ref}" for each in told),
        payer=_payer(row),
        memo=row.memo,
        by=row.decided_by,
        reason=row.reason,
        booked_at=row.booked_at,
    )


def _payer(row: Row[Any]) -> str:
    """Who paid; of the account only the end, for a ledger is printed and handed on."""
    tail = f"…{row.payer_account[-4:]}" if row.payer_account else ""
    return " ".join(each for each in (row.payer_name, tail, row.payer_bank) if each)


def _pages(unit: Unit, shop: ShopId, query: Select[Any], span: Span) -> Iterator[list[Row[Any]]]:
    """Rows by id, which rises with the moment: nothing is sorted that is not on the page."""
    last, bounds = 0, {"shop": shop, "since": span.since or _FIRST, "until": span.until or _NEVER}
    while rows := list(unit.conn.execute(query, bounds | {"last": last})):
        yield rows
        last = rows[-1].id


def _sides(unit: Unit, shop: ShopId, query: Select[Any], wanted: Collection[int]) -> dict[int, tuple[Side, ...]]:
    """What several causes have booked, by the cause's id."""
    found: dict[int, tuple[Side, ...]] = {}
    for row in unit.conn.execute(query, {"shop": shop, "wanted": wanted}):
        side = Side(row.code or "", Posting(Account(row.account), Money(row.amount, row.currency)))
        found[row.cause] = (*found.get(row.cause, ()), side)
    return found
