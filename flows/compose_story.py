"""The whole story of one order, told to whoever runs the shop; no key is ever opened for it."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flows.messages import Say, Value
from flows.name_buyer import name_buyer
from flows.premises import Premises
from sales.catalogue import Kind
from sales.money import Money
from sales.purchase import Attempt, Line, Order
from sales.refund import Refund
from storage import buyers, goods, money, orders, refunds, work
from storage.unit import Unit

MOST_ITEMS = 20
"""Of each kind the newest are told: a buyer can ask for the goods again without end."""

LOOK = "admin.order"
"""The event of an admin looking: it is in the log, and no part of what happened to the order."""


def story_of_order(unit: Unit, premises: Premises, order: Order) -> list[Say]:
    """How it stands, who bought, what, every QR, transfer, refund and delivery, and what happened when."""
    shop = premises.shop.id
    lines = orders.lines(unit, shop, [order.id])[order.id]
    events = [row for row in work.events_of(unit, shop, order.id) if row.kind != LOOK]
    return [
        *_order(unit, premises, order, lines),
        *_list("attempts", [_attempt(each) for each in orders.attempts_of(unit, shop, order.id)]),
        *_list("transfers", _transfers(money.movements(unit, shop, order.id))),
        *_list("refunds", [_refund(each) for each in refunds.of_orders(unit, shop, [order.id]).get(order.id, [])]),
        *_list("grants", _grants(lines, goods.grant_rows(unit, shop, order.id))),
        *_list("deliveries", [_delivery(row) for row in goods.deliveries_of(unit, shop, order.id)]),
        *_list("events", [_event(row) for row in events]),
    ]


def _order(unit: Unit, premises: Premises, order: Order, lines: Sequence[Line]) -> list[Say]:
    shop = premises.shop.id
    says = [Say("story-order", {"code": order.code, "payment": order.payment, "total": order.total})]
    says += [
        Say("story-line", {"product": line.product_name, "plan": line.plan_name, "price": line.price}) for line in lines
    ]
    says.append(name_buyer(buyers.peer(unit, shop, order.peer)))
    if order.email:
        says.append(Say("story-email", {"email": order.email}))
    times = {"placed": order.created_at, "until": order.pay_until, "watch": order.watch_until}
    says.append(Say("story-times", times))
    if order.paid_at:
        says.append(Say("story-paid", {"at": order.paid_at}))
    if part := money.deposits(unit, shop, [order.id]).get(order.id, 0):
        says.append(Say("story-part", {"came": Money(part, order.total.currency)}))
    return says


def _list(name: str, items: Sequence[Say]) -> list[Say]:
    """A heading with its newest items, or nothing."""
    if not items:
        return []
    older = len(items) - MOST_ITEMS
    left_out = [Say("story-older", {"count": older})] if older > 0 else []
    return [Say(f"story-{name}"), *left_out, *items[-MOST_ITEMS:]]


def _attempt(attempt: Attempt) -> Say:
    values: dict[str, Value] = {"gateway": attempt.gateway, "number": attempt.number, "amount": attempt.amount}
    return Say("story-attempt", values | {"state": attempt.state, "until": attempt.expires_at})


def _transfers(rows: Sequence[Any]) -> list[Say]:
    """Each movement once, with all who told of it."""
    return [_transfer(list(told)) for _, told in groupby(rows, key=lambda row: row.id)]


def _transfer(told: Sequence[Any]) -> Say:
    row = told[0]
    payer = " ".join(each for each in (row.payer_name, row.payer_account, row.payer_bank) if each)
    values: dict[str, Value] = {"at": row.booked_at or row.seen_at, "amount": Money(row.amount, row.currency)}
    sources = ", ".join(dict.fromkeys(f"{each.source} {each.ref}" for each in told))
    return Say(
        "story-transfer",
        values | {"meaning": row.meaning, "payer": payer or "–", "memo": row.memo, "sources": sources},
    )


def _refund(refund: Refund) -> Say:
    values: dict[str, Value] = {"at": refund.sent_at or refund.owed_at, "amount": refund.amount}
    return Say("story-refund", values | {"state": refund.state, "reason": refund.reason or "–"})


def _grants(lines: Sequence[Line], rows: Sequence[Any]) -> list[Say]:
    names = {line.id: line for line in lines}
    return [_grant(names[row.line_id], row) for row in rows]


def _grant(line: Line, row: Any) -> Say:
    kind = Kind.COURSE if row.key_sealed is None else Kind.LICENCE
    end: dict[str, Value] = {"until": row.expires_at} if row.expires_at else {}
    what: dict[str, Value] = {"product": line.product_name, "plan": line.plan_name, "kind": kind}
    return Say("story-grant-until" if end else "story-grant", what | {"state": row.state, "at": row.granted_at} | end)


def _delivery(row: Any) -> Say:
    values: dict[str, Value] = {"at": row.ended_at or row.created_at, "channel": row.channel, "address": row.address}
    return Say("story-delivery", values | {"state": row.state, "error": row.error or ""})


def _event(row: Any) -> Say:
    detail = " ".join(f"{name}={value}" for name, value in row.detail.items())
    return Say("story-event", {"at": row.at, "kind": row.kind, "actor": row.actor, "detail": detail})
