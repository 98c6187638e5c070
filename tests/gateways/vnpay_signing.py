"""A second, independent signer of what VNPay sends: PHP's ksort, urlencode and hash_hmac in the plainest words."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateways.gateway import Request, Secrets

KEY = "DUMMYSECRETDUMMYSECRETDUMMY00001"
TERMINAL = "DUMMYTMN"
SECRETS: Secrets = {"tmn_code": TERMINAL, "hash_secret": KEY}
PLAIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_."
VECTORS: dict[str, dict[str, Any]] = {
    each["id"].removeprefix("vnpay."): each
    for each in json.loads((Path(__file__).parents[1] / "vectors" / "vnpay.json").read_text("utf-8"))["vectors"]
}

PARAMS: Mapping[str, str] = VECTORS["ipn.success"]["params"]
"""A notice of 199,000 đồng that have arrived, for our number 251022001."""


def urlencode(text: str) -> str:
    """As PHP does it: a blank is a plus."""
    escaped = (f"%{byte:02X}" if chr(byte) not in PLAIN else chr(byte) for byte in text.encode())
    return "".join(escaped).replace("%20", "+")


def text(params: Mapping[str, str]) -> str:
    return "&".join(f"{urlencode(name)}={urlencode(params[name])}" for name in sorted(params) if params[name])


def digest(message: str, key: str = KEY) -> str:
    return hmac.new(key.encode(), message.encode(), hashlib.sha512).hexdigest()


def signed(params: Mapping[str, str], key: str = KEY) -> Request:
    """Sign whatever stands there truly; an old signature and what is not VNPay's are left out of what is signed."""
    own = {name: value for name, value in params.items() if name.startswith("vnp_") and "SecureHash" not in name}
    others = {name: value for name, value in params.items() if not name.startswith("vnp_")}
    return asked({**own, **others, "vnp_SecureHash": digest(text(own), key)})


def asked(params: Mapping[str, str]) -> Request:
    return Request(b"", query=tuple(params.items()))


def notice(**changes: str) -> Request:
    """Sign the sample notice with some of its parameters changed, named without their prefix."""
    return signed({**PARAMS, **{f"vnp_{name}": value for name, value in changes.items()}})


def without(*names: str) -> Request:
    return signed({name: value for name, value in PARAMS.items() if name.removeprefix("vnp_") not in names})
