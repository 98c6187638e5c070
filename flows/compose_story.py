"""The whole story of one order, told to whoever runs the shop; no key is ever opened for it."""

from collections.abc import Sequence
from typing import Any

from flows.end_watch import parts_of
from flows.messages import Say, Value
from flows.name_buyer import name_buyer
from flows.premises import Premises
from flows.story_events import event_values
from sales.catalogue import Kind
from sales.ids import ShopId
from sales.money import Money
from sales.order import Payment
from sales.purchase import Attempt, Line, Order
from sales.refund import GONE, Refund, State
from storage import buyers, credit, goods, money, orders, refunds, work
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
    given_back = refunds.of_orders(unit, shop, [order.id]).get(order.id, [])
    return [
        *_order(unit, premises, order, lines, given_back),
        *_list("attempts", [_attempt(each) for each in orders.attempts_of(unit, shop, order.id)]),
        *_list("transfers", _transfers(unit, shop, order)),
        *_list("refunds", [_refund(each) for each in given_back]),
        *_list("grants", _grants(lines, goods.grant_rows(unit, shop, order.id))),
        *_list("deliveries", [_delivery(row) for row in goods.deliveries_of(unit, shop, order.id)]),
        *_list("events", [Say("story-event", event_values(row)) for row in events]),
    ]


def _order(
    unit: Unit, premises: Premises, order: Order, lines: Sequence[Line], given_back: Sequence[Refund]
) -> list[Say]:
    shop = premises.shop.id
    stands = _stands(unit, shop, order, given_back)
    says = [Say("story-order", {"code": order.code, "payment": stands, "total": order.total})]
    says += [
        Say("story-line", {"product": line.product_name, "plan": line.plan_name, "price": order.price_of(line)})
        for line in lines
    ]
    says.append(name_buyer(buyers.peer(unit, shop, order.peer)))
    if order.email:
        says.append(Say("story-email", {"email": order.email}))
    times = {"placed": order.created_at, "until": order.pay_until, "watch": order.watch_until}
    says.append(Say("story-times", times))
    if order.paid_at:
        says.append(Say("story-paid", {"at": order.paid_at}))
    says += [Say("story-part", {"came": part}) for part in parts_of(unit, premises, order)]
    # Below zero: more was taken back by a gateway than was left of it.
    have = credit.credit_of(unit, shop, order.buyer)
    says += [Say("story-credit", {"amount": Money(minor, currency)}) for currency, minor in sorted(have.items())]
    return says


def _stands(unit: Unit, shop: ShopId, order: Order, given_back: Sequence[Refund]) -> str:
    """Where the payment stands; one that is given back as a whole is "returning", and "returned" once all is sent."""
    if order.payment is not Payment.PAID or not given_back:
        return order.payment
    if any(refunds.held(unit, shop, order.id, order.total.currency).values()):
        return order.payment
    return "returned" if all(each.state in GONE for each in given_back) else "returning"


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


def _transfers(unit: Unit, shop: ShopId, order: Order) -> list[Say]:
    rows = money.movements(unit, shop, order.id)
    told = money.told_of(unit, shop, [row.id for row in rows])
    return [_transfer(row, told[row.id]) for row in rows]


def _transfer(row: Any, told: Sequence[Any]) -> Say:
    """A movement, with all who told of it."""
    payer = " ".join(each for each in (row.payer_name, row.payer_account, row.payer_bank) if each)
    values: dict[str, Value] = {"at": row.booked_at or row.seen_at, "amount": Money(row.amount, row.currency)}
    sources = ", ".join(f"{each.source} {each.ref}" for each in told)
    return Say(
        "story-transfer",
        values | {"meaning": row.meaning, "payer": payer or "–", "memo": row.memo, "sources": sources},
    )


def _refund(refund: Refund) -> Say:
    at = (refund.settled_at if refund.state is State.SETTLED else None) or refund.sent_at or refund.owed_at
    values: dict[str, Value] = {"at": at, "amount": refund.amount, "refund": refund.code or "–"}
    return Say("story-refund", values | {"state": refund.state, "reason": refund.error or refund.reason or "–"})


def _grants(lines: Sequence[Line], rows: Sequence[Any]) -> list[Say]:
    names = {line.id: line for line in lines}
    return [_grant(names[row.line_id], row) for row in rows]


def _grant(line: Line, row: Any) -> Say:
    kind = Kind.COURSE if row.key_sealed is None else Kind.LICENCE
    # What was taken back ends no more.
    end: dict[str, Value] = {"until": row.expires_at} if row.expires_at and row.state != "revoked" else {}
    what: dict[str, Value] = {"product": line.product_name, "plan": line.plan_name, "kind": kind}
    return Say("story-grant-until" if end else "story-grant", what | {"state": row.state, "at": row.granted_at} | end)


def _delivery(row: Any) -> Say:
    values: dict[str, Value] = {"at": row.ended_at or row.created_at, "channel": row.channel, "address": row.address}
    return Say("story-delivery", values | {"state": row.state, "error": row.error or ""})
