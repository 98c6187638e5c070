"""A second, independent signer of what payOS sends, in the plainest words; for ordinary values only."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from gateways.gateway import Request, Secrets

KEY = "dummy-checksum-key-0123456789abcdef"
SECRETS: Secrets = {"client_id": "dummy-client", "api_key": "dummy-api", "checksum_key": KEY}

DATA: Mapping[str, object] = {
    "orderCode": 251022001,
    "amount": 199000,
    "description": "CS62H9BJD45 KX7R2M9CF",
    "accountNumber": "0000111122223333",
    "reference": "FT25295123456789",
    "transactionDateTime": "2025-10-22 15:01:45",
    "currency": "VND",
    "paymentLinkId": "0123456789abcdef0123456789abcdef",
    "code": "00",
    "desc": "success",
    "counterAccountBankId": "970436",
    "counterAccountBankName": "Vietcombank",
    "counterAccountName": "NGUYEN VAN A",
    "counterAccountNumber": "0999888777",
    "virtualAccountName": "CUA HANG SO",
    "virtualAccountNumber": "CAS0000111122223333",
}


def digest(text: str, key: str = KEY) -> str:
    return hmac.new(key.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def text(data: Mapping[str, Any]) -> str:
    return "&".join(f"{name}={_printed(data[name])}" for name in sorted(data))


def signed(body: Any, key: str = KEY) -> Request:
    """Sign the data of any JSON object truly, whatever signature it bore before."""
    return raw({**body, "signature": digest(text(body["data"]), key)})


def raw(body: object) -> Request:
    return Request(json.dumps(body).encode(), (("content-type", "application/json"),))


def envelope(data: Any) -> dict[str, Any]:
    return {"code": "00", "desc": "success", "success": True, "data": data}


def notice(**changes: object) -> Request:
    """Sign the sample notice with some fields of its data changed."""
    return signed(envelope({**DATA, **changes}))


def without(*fields: str) -> Request:
    return signed(envelope({name: value for name, value in DATA.items() if name not in fields}))


def _printed(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "[object Object]"
    return "" if value in (None, "null", "undefined") else str(value)
