"""The JSON that SePay's payment gateway gives, in the names of its reference."""

from datetime import datetime
from typing import Any

from gateways.notice_fields import local
from sandbox.sepay_pg.orders import Order, Transaction

Data = dict[str, Any]


def detail(order: Order) -> Data:
    """Describe an order with its transactions, whose long names only notices tell."""
    return listed(order) | {"transactions": [_transaction(each) for each in order.transactions]}


def listed(order: Order) -> Data:
    """Describe an order as it stands in a list."""
    when = local(order.made)
    return _order(order) | {"customer_id": None, "authentication_status": None, "created_at": when, "updated_at": when}


def notice(kind: str, order: Order, now: datetime) -> Data:
    """Tell of an order's last transaction."""
    last = order.transactions[-1]
    return {
        "timestamp": int(now.timestamp()),
        "notification_type": kind,
        "order": _order(order) | {"custom_data": [], "user_agent": "Mozilla/5.0", "ip_address": "127.0.0.1"},
        "transaction": _transaction(last) | {"transaction_id": last.name},
        "customer": None,
        "agreement": None,
    }


def _order(order: Order) -> Data:
    return {
        "id": order.page,
        "order_id": order.id,
        "order_invoice_number": order.wish.invoice,
        "order_status": order.status.value,
        "order_amount": f"{order.wish.amount}.00",
        "order_currency": "VND",
        "order_description": order.wish.words,
    }


def _transaction(transaction: Transaction) -> Data:
    when = local(transaction.at)
    return {
        "id": transaction.id,
        "payment_method": transaction.method.value,
        "transaction_type": transaction.kind.value,
        "transaction_amount": str(transaction.amount),
        "transaction_currency": "VND",
        "transaction_status": "APPROVED",
        "transaction_date": when,
        "transaction_last_updated_date": when,
    }
