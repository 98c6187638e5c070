"""The proof of a Casso V2 notice.

Source: CassoHQ/casso-webhook-v2-verify-signature (2025-02-13). The header says
`X-Casso-Signature: t=<milliseconds>,v1=<HMAC-SHA512 of t + "." + sorted JSON, as hex>`.
No window is laid around `t`: whether a retry, which may come a day later, is signed anew is not
published, and a repeated notice is known by its id.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha512
from hmac import compare_digest
from hmac import new as hmac

from gateways.casso_json import FORMS, JAVASCRIPT
from gateways.gateway import Request
from gateways.json_form import Form, canonical
from gateways.json_text import Json, parse_unproven
from sales.errors import Forged

HEADER = "x-casso-signature"
TIME = re.compile(r"[0-9]{1,16}")
SIGNATURE = re.compile(r"[0-9a-f]{128}")


def verified(key: str, request: Request) -> Json:
    """Answer the body of a notice that is truly signed with `key`; raises Forged or Malformed."""
    time, signature = _stamp(request)
    body = parse_unproven(request.body)
    if not any(compare_digest(_sign(key, time, body, form).encode(), signature.encode()) for form in FORMS):
        raise Forged("signature does not match")
    return body


def stamp(key: str, notice: Mapping[str, Json], now: datetime) -> str:
    """Value of the header that signs `notice` at `now`, in the form of JavaScript."""
    time = str(int(now.timestamp() * 1000))
    return f"t={time},v1={_sign(key, time, dict(notice), JAVASCRIPT)}"


def _stamp(request: Request) -> tuple[str, str]:
    """Time and signature of the header, by name, in any order; later versions may add parts beside them."""
    pairs = [part.strip().partition("=") for part in (request.header(HEADER) or "").split(",")]
    parts = {name: value for name, _, value in pairs}
    time, signature = parts.get("t", ""), parts.get("v1", "")
    if len(parts) != len(pairs) or not TIME.fullmatch(time) or not SIGNATURE.fullmatch(signature):
        raise Forged("no usable signature")
    return time, signature


def _sign(key: str, time: str, body: Json, form: Form) -> str:
    # JavaScript prints half of a surrogate pair as \udxxx: what backslashreplace does, and it meets nothing else.
    message = f"{time}.{canonical(body, form)}".encode("utf-8", "backslashreplace")
    return hmac(key.encode("utf-8", "surrogateescape"), message, sha512).hexdigest()
