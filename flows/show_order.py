"""The whole story of one order, as plain values; no key is ever opened for it."""

from datetime import datetime
from typing import Any

from flows.premises import Premises
from flows.show_movements import refund_story, show_movements
from sales.catalogue import Kind
from sales.ids import OrderId, ShopId
from sales.purchase import Attempt, Order
from storage import goods, money, orders, refunds, work
from storage.unit import Unit


def show_order(unit: Unit, premises: Premises, code: str) -> dict[str, Any] | None:
    """Everything known of the order of that code (or of that number, as logs name it), or None."""
    shop = premises.shop.id
    order = find_order(unit, shop, code)
    if order is None:
        return None
    return {
        "order": _order(unit, premises, order),
        "attempts": [_attempt(attempt) for attempt in orders.attempts_of(unit, shop, order.id)],
        "transfers": show_movements(unit, shop, money.movements(unit, shop, order.id)),
        "refunds": _refunds(unit, shop, order),
        "grants": [_grant(row) for row in goods.grant_rows(unit, shop, order.id)],
        "deliveries": [_delivery(row) for row in goods.deliveries_of(unit, shop, order.id)],
        "events": [_event(row) for row in work.events_of(unit, shop, order.id)],
    }


def find_order(unit: Unit, shop: ShopId, typed: str) -> Order | None:
    """The order whose code was typed in letters of any size, or its number."""
    name = typed.strip().upper()
    if not (name.isascii() and name.isalnum()):  # what else stands in a terminal may be no text for a database
        return None
    if not (name.isdigit() and len(name) < 19):
        return orders.by_code(unit, shop, name)
    return orders.by_ids(unit, shop, [OrderId(int(name))]).get(OrderId(int(name)))


def _order(unit: Unit, premises: Premises, order: Order) -> dict[str, Any]:
    shop = premises.shop.id
    deposits = money.deposits(unit, shop, [order.id]).get(order.id, {})
    return {
        "id": order.id,
        "code": order.code,
        "payment": order.payment,
        "total": order.total.minor,
        "currency": order.total.currency,
        "prices": dict(order.prices),
        "deposited": deposits.get(order.total.currency, 0),
        "deposits": deposits,
        "email": order.email or None,
        "created_at": iso(order.created_at),
        "pay_until": iso(order.pay_until),
        "watch_until": iso(order.watch_until),
        "paid_at": iso(order.paid_at),
        "lines": [
            {
                "product": line.product_name,
                "plan": line.plan_name,
                "days": line.days,
                "price": order.price_of(line).minor,
            }
            for line in orders.lines(unit, shop, [order.id])[order.id]
        ],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "gateway": attempt.gateway,
        "number": attempt.number,
        "memo": attempt.memo,
        "qr": attempt.qr,
        "amount": attempt.amount.minor,
        "currency": attempt.amount.currency,
        "state": attempt.state,
        "expires_at": iso(attempt.expires_at),
        "link_id": attempt.link_id or None,
        "link_url": attempt.link_url or None,
        "chat_message": attempt.chat_message,
    }


def _refunds(unit: Unit, shop: ShopId, order: Order) -> list[dict[str, Any]]:
    found = refunds.of_orders(unit, shop, [order.id]).get(order.id, [])
    postings = refunds.postings_of(unit, shop, [refund.id for refund in found])
    return [refund_story(refund, order.code, postings[refund.id]) for refund in found]


def _grant(row: Any) -> dict[str, Any]:
    kind = Kind.COURSE if row.key_sealed is None else Kind.LICENCE
    times = {"granted_at": iso(row.granted_at), "expires_at": iso(row.expires_at)}
    return {"line": row.line_id, "kind": kind, "state": row.state, **times}


def _delivery(row: Any) -> dict[str, Any]:
    told = {"channel": row.channel, "address": row.address, "state": row.state, "message": row.message}
    return told | {"error": row.error, "created_at": iso(row.created_at), "ended_at": iso(row.ended_at)}


def _event(row: Any) -> dict[str, Any]:
    return {"at": iso(row.at), "kind": row.kind, "actor": row.actor, "detail": row.detail}


def iso(moment: datetime | None) -> str | None:
    """Write a moment as ISO 8601 in UTC."""
    return moment.isoformat() if moment else None
