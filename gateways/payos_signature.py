"""The texts that payOS signs, and their signatures: HMAC-SHA256 with the checksum key, lower-case hex.

Source: the official package for JavaScript, @payos/node 2.0.5, read and run. The one for Python (payos 1.1.0) adds
empty fields before it signs, and so refuses notices that are true.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

from gateways import javascript
from gateways.gateway import Secrets
from gateways.json_form import canonical
from gateways.json_text import Json
from gateways.shared_secret import held, needed
from sales.errors import Forged, Malformed

SIGNATURE = re.compile(r"[0-9a-f]{64}")
HALVES = re.compile("[\ud800-\udfff]")
MOST_LETTERS = 256
"""Letters of all texts in lists together: each letter is signed as a value by itself. Real data has no lists."""
WANTED = ("amount", "cancelUrl", "description", "orderCode", "returnUrl")
"""What is signed of a request for a payment link, in this order."""


def text(data: Mapping[str, Json]) -> str:
    """Print notice or answer as payOS signs it: name=value joined by &, sorted by name, nothing escaped."""
    return "&".join(f"{name}={_value(data[name])}" for name in sorted(data, key=javascript.key_order))


def sign(key: str, data: Mapping[str, Json]) -> str:
    """Sign the `data` of a notice or an answer."""
    return _hmac(key, text(data))


def sign_wanted(key: str, body: Mapping[str, Json]) -> str:
    """Sign a request for a payment link."""
    return _hmac(key, "&".join(f"{name}={body[name]}" for name in WANTED))


def verified(secrets: Secrets, body: Json) -> dict[str, Json]:
    """Answer the `data` of a body whose `signature` is true.

    Only `data` is signed: whatever else stands in the body is nobody's word. Raises Forged, and Malformed for what
    is nested too deep or has lists of long texts.
    """
    key = needed(held(secrets, "checksum_key"))
    signature, data = (body.get("signature"), body.get("data")) if isinstance(body, dict) else (None, None)
    if not isinstance(signature, str) or not SIGNATURE.fullmatch(signature) or not isinstance(data, dict):
        raise Forged("no usable signature")
    if _letters(data) > MOST_LETTERS:
        raise Malformed("long texts in a list")
    if not compare_digest(sign(key, data), signature):
        raise Forged("signature does not match")
    return data


def _hmac(key: str, signed: str) -> str:
    # JavaScript has no bytes for half of a surrogate pair and writes the replacement character.
    message = HALVES.sub("\ufffd", signed).encode()
    return hmac(key.encode("utf-8", "surrogateescape"), message, sha256).hexdigest()


def _letters(data: Mapping[str, Json]) -> int:
    lists = (value for value in data.values() if isinstance(value, list))
    return sum(len(each) for value in lists for each in value if isinstance(each, str))


def _value(value: Json) -> str:
    if value in (None, "null", "undefined"):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return canonical([_element(each) for each in value], javascript.STRINGIFY)
    if isinstance(value, dict):
        return "[object Object]"
    return value if isinstance(value, str) else javascript.number(value)


def _element(value: Json) -> Json:
    """An element of a list, its keys sorted; JavaScript takes a text or a list for an object of its parts."""
    if isinstance(value, dict):
        return {name: value[name] for name in sorted(value, key=javascript.key_order)}
    parts = javascript.units(value) if isinstance(value, str) else value
    return {str(place): part for place, part in enumerate(parts)} if isinstance(parts, list) else {}
