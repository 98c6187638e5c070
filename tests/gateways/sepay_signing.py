"""A second, independent sender of SePay notices, in every mode and every kind of body."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from urllib.parse import urlencode

from gateways.gateway import Request

KEY = "dummy-sepay-key-0123456789abcdefghijklmnopqrstuvwxyz"
SECRET = "dummy-sepay-secret-0123456789abcdefghijklmnopqrstuv"
NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)

FIELDS: Mapping[str, object] = {
    "id": 92704,
    "gateway": "Vietcombank",
    "transactionDate": "2025-10-22 15:01:45",
    "accountNumber": "0000111122223333",
    "subAccount": None,
    "code": None,
    "content": "MBVCB.1.KX7R2M9CF.CT tu 0123",
    "transferType": "in",
    "description": "BankAPINotify MBVCB.1.KX7R2M9CF.CT tu 0123",
    "transferAmount": 199000,
    "accumulated": 0,
    "referenceCode": "MBVCB.3278907687",
}


def stamped(body: bytes, key: str = SECRET, now: datetime = NOW, kind: str = "application/json") -> Request:
    """Sign any bytes truly."""
    return timed(body, str(int(now.timestamp())), key, kind)


def timed(body: bytes, time: str, key: str = SECRET, kind: str = "application/json") -> Request:
    """Sign any bytes truly under whatever is called a time."""
    digest = hmac.new(key.encode(), time.encode() + b"." + body, hashlib.sha256).hexdigest()
    return sent(body, kind, ("x-sepay-timestamp", time), ("x-sepay-signature", f"sha256={digest}"))


def keyed(body: bytes, key: str = KEY, kind: str = "application/json") -> Request:
    """Send any bytes under the key."""
    return sent(body, kind, ("authorization", f"Apikey {key}"))


def shown(body: bytes, secret: str = SECRET, kind: str = "application/json") -> Request:
    """Send any bytes with the secret itself in a header: the mode that SePay calls Secret_Key."""
    return sent(body, kind, ("secret-key", secret))


def sent(body: bytes, kind: str, *headers: tuple[str, str]) -> Request:
    return Request(body, (("content-type", kind), *headers))


def as_json(**changes: object) -> bytes:
    return json.dumps({**FIELDS, **changes}).encode()


def as_form(**changes: object) -> bytes:
    return urlencode(texts(**changes)).encode()


def as_multipart(**changes: object) -> tuple[bytes, str]:
    """The body of a form as Python's own writer of MIME makes it, and its Content-Type."""
    form = MIMEMultipart("form-data", "----boundary7MA4YWxkTrZu0gW")
    for name, value in texts(**changes).items():
        part = MIMEText(value, "plain", "utf-8")
        part.replace_header("Content-Transfer-Encoding", "8bit")
        part.set_payload(value.encode().decode("ascii", "surrogateescape"))
        part.add_header("Content-Disposition", "form-data", name=name)
        form.attach(part)
    _, _, body = form.as_bytes().partition(b"\n\n")
    return body.replace(b"\n", b"\r\n"), f"multipart/form-data; boundary={form.get_boundary()}"


def texts(**changes: object) -> dict[str, str]:
    """The fields as a form has them: null is left empty."""
    return {name: "" if value is None else str(value) for name, value in {**FIELDS, **changes}.items()}
