"""A second, independent writer of what SePay's payment gateway sends and takes, in the plainest words."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from gateways.gateway import Request, Secrets
from sales.transfer import Payer, Standing

KEY = "dummy-sepay-checkout-key-0123456789"
SECRETS: Secrets = {"merchant": "SP-TEST-DUMMY01", "secret": KEY}

NOTICE: Mapping[str, Any] = {
    "timestamp": 1757058220,
    "notification_type": "ORDER_PAID",
    "order": {
        "id": "e2c195be-c721-47eb-b323-99ab24e52d85",
        "order_id": "NPSETVI00101000042R",
        "order_status": "CAPTURED",
        "order_currency": "VND",
        "order_amount": "199000.00",
        "order_invoice_number": "KX7R2M9CF-251022001",
        "custom_data": [],
        "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
        "ip_address": "14.0.0.1",
        "order_description": "KX7R2M9CF",
    },
    "transaction": {
        "id": "384c66dd-41e6-4316-a544-b4141682595c",
        "payment_method": "CARD",
        "transaction_id": "68ba94ac80123",
        "transaction_type": "PAYMENT",
        "transaction_date": "2025-09-05 14:43:41",
        "transaction_status": "APPROVED",
        "transaction_amount": "199000",
        "transaction_currency": "VND",
        "authentication_status": "AUTHENTICATION_SUCCESSFUL",
        "card_number": "4111XXXXXXXX1111",
        "card_holder_name": "NGUYEN VAN A",
        "card_expiry": "12/26",
        "card_funding_method": "CREDIT",
        "card_brand": "VISA",
    },
    "customer": None,
    "agreement": None,
}
"""The fields of the reference's own sample."""

SAID: Mapping[str, Any] = {
    "ref": "68ba94ac80123",
    "account": "",
    "memo": "KX7R2M9CF",
    "virtual_account": "",
    "reference": "",
    "payer": Payer(),
    "number": 251022001,
    "standing": Standing.HINT,
}
"""What a notice tells of a movement, besides amount and time."""

SIGNED = [
    *("merchant", "operation", "payment_method", "order_amount", "currency", "order_invoice_number"),
    *("order_description", "customer_id", "success_url", "error_url", "cancel_url"),
]


def signature(fields: Iterable[tuple[str, object]], key: str = KEY) -> str:
    """Sign a form's fields in their order."""
    text = ",".join(f"{name}={value}" for name, value in fields if name in SIGNED)
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def named(body: object, secret: str = KEY) -> Request:
    """A notice with its secret header."""
    return Request(json.dumps(body).encode(), (("content-type", "application/json"), ("x-secret-key", secret)))


def unnamed(body: object) -> Request:
    """A notice of a seller who has not switched the header on."""
    return Request(json.dumps(body).encode(), (("content-type", "application/json"),))


def notice(kind: str = "ORDER_PAID", **changes: object) -> dict[str, Any]:
    """The sample, with fields of order and transaction changed; None takes one out."""
    body = deepcopy(dict(NOTICE)) | {"notification_type": kind}
    for name, value in changes.items():
        part = body["order"] if name.startswith("order_") else body["transaction"]
        part[name] = value
        if value is None:
            del part[name]
    return body
