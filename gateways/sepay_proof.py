"""The proofs that a SePay notice may come with; the seller chooses one at SePay, and none is not among them here.

Source: developer.sepay.vn, authentication of webhooks. Apikey and Secret_Key are texts that never change. HMAC_SHA256
signs the time and the raw bytes: `X-SePay-Signature: sha256=` then the hex of HMAC-SHA256(secret, time + "." + body);
`X-SePay-Timestamp` counts seconds and may be five minutes off.

A request tells its mode by its header, and each mode is checked by its own secret alone. When several headers came, the
signature goes first, if its secret is set: it vouches for the body, a text only for who has once seen it.
"""

import re
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

from gateways.gateway import Request, Secrets
from gateways.shared_secret import came, check_shown, held, needed
from sales.errors import Forged

AUTHORIZATION, SCHEME = "authorization", "Apikey "
TIMESTAMP, SIGNATURE = "x-sepay-timestamp", "x-sepay-signature"
SECRET_KEYS = ("secret-key", "secret_key", "x-secret-key")
"""SePay calls it Secret_Key; how it is written on the way is not published. Proxies may drop a name with an underscore:
nginx does, unless told otherwise (deploy/nginx.conf)."""
WINDOW = timedelta(minutes=5)

TIME = re.compile(r"[0-9]{1,12}")
HEX = re.compile(r"sha256=[0-9a-f]{64}")


def check(secrets: Secrets, request: Request, now: datetime) -> None:
    """Raise Forged unless the request is truly SePay's; its body has not been read then."""
    secret, bare = held(secrets, "webhook_secret"), not came(request, AUTHORIZATION)
    if came(request, TIMESTAMP, SIGNATURE) and (secret or bare):
        _check_signature(needed(secret), request, now)
    elif came(request, *SECRET_KEYS) and (secret or bare):
        shown = [value for name, value in request.headers if name in SECRET_KEYS]
        check_shown(secret, shown[0] if len(shown) == 1 else None)
    else:
        shown_key = request.header(AUTHORIZATION) or ""
        check_shown(held(secrets, "api_key"), shown_key.removeprefix(SCHEME) if shown_key.startswith(SCHEME) else None)


def headers(secrets: Secrets, body: bytes, now: datetime) -> tuple[tuple[str, str], ...]:
    """What proves a notice sent at `now`: a signature when its secret is there, else the key itself."""
    if "webhook_secret" not in secrets:
        return ((AUTHORIZATION, SCHEME + held(secrets, "api_key")),)
    time = str(int(now.timestamp()))
    return (TIMESTAMP, time), (SIGNATURE, _sign(held(secrets, "webhook_secret"), time, body))


def _check_signature(secret: str, request: Request, now: datetime) -> None:
    time, signature = request.header(TIMESTAMP) or "", request.header(SIGNATURE) or ""
    if not TIME.fullmatch(time) or not HEX.fullmatch(signature):
        raise Forged("no usable signature")
    if not compare_digest(_sign(secret, time, request.body).encode(), signature.encode()):
        raise Forged("signature does not match")
    if abs(now.timestamp() - int(time)) > WINDOW.total_seconds():
        raise Forged("signed too long ago, or too early")


def _sign(secret: str, time: str, body: bytes) -> str:
    message = time.encode() + b"." + body
    return "sha256=" + hmac(secret.encode("utf-8", "surrogateescape"), message, sha256).hexdigest()
