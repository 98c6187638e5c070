"""A second, independent signer of Casso V2 notices: Python's own JSON printer, sorted and compact."""

import hashlib
import hmac
import json
from collections.abc import Mapping

from gateways.gateway import Request

KEY = "dummy-casso-key-0123456789abcdefghijklmnopqrstuvwxyz"
SECRETS = {"checksum_key": KEY}
TIME = "1761120105123"

DATA: Mapping[str, object] = {
    "id": 218897,
    "reference": "FT25295123456789",
    "description": "MBVCB.1.KEY251022001.CT tu 0123",
    "amount": 199000,
    "runningBalance": 25000000,
    "transactionDateTime": "2025-10-22 15:01:45",
    "accountNumber": "0000111122223333",
    "bankName": "MBBank",
    "bankAbbreviation": "MBB",
    "virtualAccountNumber": "",
    "virtualAccountName": "",
    "counterAccountName": "NGUYEN VAN A",
    "counterAccountNumber": "0999888777",
    "counterAccountBankId": "970436",
    "counterAccountBankName": "Vietcombank",
}


def digest(message: str, key: str = KEY) -> str:
    return hmac.new(key.encode(), message.encode(), hashlib.sha512).hexdigest()


def stamp(message: str, key: str = KEY, time: str = TIME) -> str:
    return f"t={time},v1={digest(f'{time}.{message}', key)}"


def signed(body: object, key: str = KEY, time: str = TIME) -> Request:
    """Sign any JSON value truly, with the form of the Python sample."""
    message = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return raw(json.dumps(body).encode(), stamp(message, key, time))


def raw(body: bytes, header: str) -> Request:
    return Request(body, (("content-type", "application/json"), ("x-casso-signature", header)))


def notice(**changes: object) -> Request:
    """Sign the sample notice with some fields of its data changed."""
    return signed({"error": 0, "data": {**DATA, **changes}})


def without(field: str) -> Request:
    return signed({"error": 0, "data": {name: value for name, value in DATA.items() if name != field}})


TOKEN = "dummy-casso-token"
ROW: Mapping[str, object] = {
    "id": 218897,
    "tid": "FT25295123456789",
    "description": "MBVCB.1.KEY251022001.CT tu 0123",
    "amount": 199000,
    "cusum_balance": 25000000,
    "when": "2025-10-22 15:01:45",
    "bank_sub_acc_id": "0000111122223333",
    "subAccId": "0000111122223333",
    "bankName": "MBBank",
    "bankAbbreviation": "MBB",
    "virtualAccount": "",
    "virtualAccountName": "",
    "corresponsiveName": "NGUYEN VAN A",
    "corresponsiveAccount": "0999888777",
    "corresponsiveBankId": "970436",
    "corresponsiveBankName": "Vietcombank",
}


def row(**changes: object) -> dict[str, object]:
    """The sample row of a V1 notice with some of its fields changed."""
    return {**ROW, **changes}


def named(body: object, token: str = TOKEN) -> Request:
    """Any JSON value as V1 sends it: under a header that names the sender."""
    return Request(json.dumps(body).encode(), (("content-type", "application/json"), ("secure-token", token)))


def rows(*told: object) -> Request:
    """A V1 notice of these rows."""
    return named({"error": 0, "data": list(told)})
