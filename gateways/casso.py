"""Casso V2: notices of what moved on the shop's own bank account.

Source: CassoHQ/casso-webhook-v2-verify-signature (2025-02-13). The header says
`X-Casso-Signature: t=<milliseconds>,v1=<HMAC-SHA512 of t + "." + sorted JSON, as hex>`.
No window is laid around `t`: whether a retry, which may come a day later, is signed anew is not
published, and a repeated notice is known by its id.
"""

import json
import re
from datetime import datetime
from hashlib import sha512
from hmac import compare_digest
from hmac import new as hmac

from gateways import casso_notice
from gateways.casso_json import FORMS, JAVASCRIPT, Form, Json, canonical, parse
from gateways.gateway import Answer, Gateway, Invitation, Invoice, Request, Secrets, Verdict
from sales.errors import Forged
from sales.transfer import Sighting
from sales.vietqr import shop_qr

HEADER = "x-casso-signature"
TIME = re.compile(r"[0-9]{1,16}")
SIGNATURE = re.compile(r"[0-9a-f]{128}")

ANSWERS = {
    Verdict.ACCEPTED: Answer(200, {"success": True}),
    Verdict.FORGED: Answer(401, {"success": False, "error": "forged"}),
    Verdict.MALFORMED: Answer(400, {"success": False, "error": "malformed"}),
    Verdict.BUSY: Answer(503, {"success": False, "error": "busy"}),
}


def open_invoice(invoice: Invoice) -> Invitation:
    """Casso only watches: the shop draws its own VietQR, and the order's code is the memo."""
    if invoice.amount.currency != "VND":
        raise ValueError("VietQR carries VND only")
    return Invitation(shop_qr(invoice.bin, invoice.account, invoice.amount.minor, invoice.code), invoice.code)


def read(secrets: Secrets, request: Request, _now: datetime) -> tuple[Sighting, ...]:
    """Verify and read one notice; see Gateway."""
    key, (time, signature) = _key(secrets), _stamp(request)
    body = parse(request.body)
    if not any(compare_digest(_sign(key, time, body, form).encode(), signature.encode()) for form in FORMS):
        raise Forged("signature does not match")
    return casso_notice.sightings(body)


def acknowledge(verdict: Verdict) -> Answer:
    """Casso looks at the status alone, and repeats whatever is not 200 for a day."""
    return ANSWERS[verdict]


def forge(secrets: Secrets, sighting: Sighting, now: datetime) -> Request:
    """Write a true notice, signed at `now`, in the form of JavaScript; see Gateway."""
    notice = dict(casso_notice.fields(sighting))
    time = str(int(now.timestamp() * 1000))
    signature = _sign(secrets["checksum_key"].encode(), time, notice, JAVASCRIPT)
    body = json.dumps(notice, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Request(body, (("content-type", "application/json"), (HEADER, f"t={time},v1={signature}")))


def _key(secrets: Secrets) -> bytes:
    key = secrets.get("checksum_key") or ""
    if not key.strip():
        raise Forged("no key to check with")
    return key.encode("utf-8", "surrogateescape")


def _stamp(request: Request) -> tuple[str, str]:
    """Time and signature of the header, by name, in any order; later versions may add parts beside them."""
    pairs = [part.strip().partition("=") for part in (request.header(HEADER) or "").split(",")]
    parts = {name: value for name, _, value in pairs}
    time, signature = parts.get("t", ""), parts.get("v1", "")
    if len(parts) != len(pairs) or not TIME.fullmatch(time) or not SIGNATURE.fullmatch(signature):
        raise Forged("no usable signature")
    return time, signature


def _sign(key: bytes, time: str, body: Json, form: Form) -> str:
    # JavaScript prints half of a surrogate pair as \udxxx: what backslashreplace does, and it meets nothing else.
    message = f"{time}.{canonical(body, form)}".encode("utf-8", "backslashreplace")
    return hmac(key, message, sha512).hexdigest()


CASSO = Gateway(
    name="casso",
    secrets=(("checksum_key",),),
    open_invoice=open_invoice,
    read=read,
    acknowledge=acknowledge,
    forge=forge,
)
