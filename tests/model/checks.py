"""What must hold after every step, counted from the rows themselves and beside the shop's own check."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select

from flows.check_books import Finding, check_books
from flows.premises import Premises
from sales.entry import Span, Totals, add_up, equal
from sales.posting import Account
from storage import journal, money
from storage.schema.goods import grants
from storage.schema.money import decisions, postings, sightings, transfers
from storage.schema.orders import order_lines, orders
from storage.unit import Unit
from tests.model.truth import Truth


@dataclass(frozen=True, slots=True)
class Rows:
    """All that the shop has written, at one moment."""

    postings: Sequence[Any]
    decisions: Sequence[Any]
    transfers: Sequence[Any]
    sightings: Sequence[Any]
    orders: Sequence[Any]
    lines: Sequence[Any]
    grants: Sequence[Any]
    findings: list[Finding]
    explained: bool


def read_rows(unit: Unit, premises: Premises) -> Rows:
    tables = (postings, decisions, transfers, sightings, orders, order_lines, grants)
    return Rows(*(_all(unit, table) for table in tables), check_books(unit, premises), _explained(unit, premises))


def hold(rows: Rows, truth: Truth) -> None:
    """Raise AssertionError for whatever does not hold."""
    assert not rows.findings
    assert rows.explained, "the lines of the ledger lead to its totals"
    _sums(rows)
    _came(rows, truth)
    _handed_over(rows, truth)
    _paid_once(rows)
    _nothing_below_zero(rows, truth)


def _sums(rows: Rows) -> None:
    """Postings sum to zero, in every currency and for every cause."""
    in_all: Counter[str] = Counter()
    causes: Counter[tuple[Any, ...]] = Counter()
    for row in rows.postings:
        in_all[row.currency] += row.amount
        causes[row.decision_id, row.refund_id, row.spend_id, row.currency] += row.amount
    assert not any(in_all.values())
    assert not any(causes.values())


def _came(rows: Rows, truth: Truth) -> None:
    """What was received is what came in; no word about it is lost or counted as a movement of its own."""
    received: Counter[str] = Counter()
    for row in rows.postings:
        if row.account == Account.RECEIVED:
            received[row.currency] += row.amount
    assert +received == +truth.came
    assert {(row.source, row.ref) for row in rows.sightings} == truth.names
    assert len(rows.sightings) == len(truth.names)
    assert len(rows.transfers) == truth.movements


def _handed_over(rows: Rows, truth: Truth) -> None:
    """Goods are with those who have paid and have not got all of it back, once for each line."""
    paid = {row.id for row in rows.orders if row.payment == "paid"}
    given = Counter(row.line_id for row in rows.grants)
    assert set(given.values()) <= {1}
    assert {row.order_id for row in rows.grants} == paid
    assert {row.id for row in rows.lines if row.order_id in paid} == set(given)
    valid = {row.order_id for row in rows.grants if row.state == "granted"}
    assert valid & truth.stripped == set()
    assert paid - truth.stripped - truth.robbed <= valid


def _paid_once(rows: Rows) -> None:
    """No order has earned its price by two payments: what came after it was paid is credit."""
    taken = {row.id for row in rows.decisions if row.meaning == "reversed"}
    brought = [row for row in rows.postings if row.account == Account.REVENUE and row.refund_id is None]
    times = Counter(row.order_id for row in brought if row.amount < 0 and row.decision_id not in taken)
    assert set(times.values()) <= {1}


def _nothing_below_zero(rows: Rows, truth: Truth) -> None:
    """Nothing is given out that was not there: on no order, and of no buyer's credit."""
    buyer_of = {row.id: row.buyer_id for row in rows.orders}
    lies: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    credit: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    for row in rows.postings:
        if row.account != Account.RECEIVED and row.order_id not in truth.robbed:
            lies[row.order_id, row.account, row.currency] -= row.amount
        if row.account == Account.CREDIT and buyer_of[row.order_id] not in truth.robbed_buyers:
            credit[buyer_of[row.order_id], row.currency] -= row.amount
    assert all(minor >= 0 for minor in lies.values())
    assert all(minor >= 0 for minor in credit.values())


def _explained(unit: Unit, premises: Premises) -> bool:
    stands: Totals = {}
    for entry in journal.entries(unit, premises.shop.id, Span()):
        add_up(stands, entry)
    found = money.totals(unit, premises.shop.id)
    return equal(stands, {each: {Account(name): sums[name] for name in sums} for each, sums in found.items()})


def _all(unit: Unit, table: Table) -> Sequence[Any]:
    return unit.conn.execute(select(table).order_by(table.c.id)).all()
