"""/audit: who has done what about an order or a refund, when, and how it stood before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from flows.compose_story import LOOK
from flows.premises import Premises
from sales.codes import is_code
from sales.ids import OrderId, ShopId
from sales.refund import Refund, refund_prefix
from storage import movements, orders, refunds, reviews, work
from storage.reviews import Kind, Review
from storage.unit import Unit

AUDIT = "admin.audit"
"""The event of an admin asking."""

_UNTOLD = frozenset({LOOK, AUDIT, "review.closed"})
"""Looking changes nothing; of reviews their own rows tell, also how they were opened."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that has happened: `kind` and `detail` are as in the event log; UTC time."""

    at: datetime
    actor: str
    kind: str
    detail: Mapping[str, Any]

    @property
    def changes(self) -> list[tuple[str, str]]:
        """Before and after of each thing that it changed: of what it is about, and of the order."""
        named = (("before", "after"), ("order_before", "order_after"))
        return [(str(self.detail[was]), str(self.detail[now])) for was, now in named if now in self.detail]


def audit(unit: Unit, premises: Premises, code: str) -> list[Entry] | None:
    """All that happened to the order, or the refund, of that code, oldest first; None when there is none."""
    shop = premises.shop
    if is_code(code, shop.code_prefix):
        order = orders.by_code(unit, shop.id, code)
        return None if order is None else _sorted(_of_order(unit, shop.id, order.id))
    refund = refunds.coded(unit, shop.id, [code]).get(code) if is_code(code, refund_prefix(shop.code_prefix)) else None
    return None if refund is None else _sorted(_of_refund(unit, shop.id, refund))


def _of_order(unit: Unit, shop: ShopId, order: OrderId) -> list[Entry]:
    """Its own log, what its money was taken for while nobody knew better, and what waited for a person."""
    moved = movements.touching(unit, shop, order)
    about = {each.id: each for each in reviews.all_about(unit, shop, Kind.MONEY, moved)}
    about |= {each.id: each for each in reviews.of_order(unit, shop, order)}
    logged = [_entry(row) for row in work.events_of(unit, shop, order) if row.kind not in _UNTOLD]
    return [*logged, *_elsewhere(unit, shop, order, moved), *_reviewed(about.values())]


def _of_refund(unit: Unit, shop: ShopId, refund: Refund) -> list[Entry]:
    if refund.order is not None:
        rows = work.events_of(unit, shop, refund.order)
    else:
        rows = work.events_of_none(unit, shop, refund.created_at, "refund")
    logged = [_entry(row) for row in rows if row.detail.get("refund") == refund.id]
    return [*logged, *_reviewed(reviews.all_about(unit, shop, Kind.REFUND, [refund.id]))]


def _elsewhere(unit: Unit, shop: ShopId, order: OrderId, moved: Sequence[int]) -> list[Entry]:
    """Decisions about its money that name another order, or none: the log has them elsewhere."""
    found = []
    for rows in movements.decided(unit, shop, moved).values():
        for was, row in pairwise([None, *rows]):
            if row is not None and row.order_id != order:
                found.append(_decision(was, row))
    return found


def _decision(was: Any, row: Any) -> Entry:
    detail = {"amount": row.amount, "currency": row.currency, "source": row.told_by}
    change = {"before": was.meaning if was is not None else "", "after": row.meaning, "reason": row.reason}
    return Entry(row.decided_at, row.decided_by, f"money.{row.meaning}", detail | change)


def _reviewed(about: Iterable[Review]) -> list[Entry]:
    """How each was opened, and how it ended."""
    found = []
    for each in about:
        named = {"review": each.id, "kind": each.kind}
        found.append(Entry(each.opened_at, reviews.RULE, "review.opened", named | {"before": "", "after": "waiting"}))
        if each.closed_at is not None:
            ended = {"before": "waiting", "after": each.outcome, "reason": each.reason}
            found.append(Entry(each.closed_at, each.closed_by, "review.closed", named | ended))
    return found


def _entry(row: Any) -> Entry:
    return Entry(row.at, row.actor, row.kind, row.detail)


def _sorted(entries: list[Entry]) -> list[Entry]:
    """By time; what happened in one Unit stays as it was gathered."""
    return sorted(entries, key=lambda each: each.at)
