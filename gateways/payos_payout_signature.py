"""The texts that payOS signs of payouts, and their signatures: HMAC-SHA256 with the payout channel's checksum key.

Unlike everything else at payOS the signature stands in a header, of what is asked as of what is answered, and the text
is escaped. Source: the official package for JavaScript, @payos/node 2.0.5, read and run. The one for Python (payos
1.1.0) escapes / ! * ' ( ) otherwise.
"""

from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from urllib.parse import quote

from gateways import javascript
from gateways.json_form import canonical
from gateways.json_text import Json
from gateways.payos_signature import SIGNATURE

HEADER = "x-signature"
UNESCAPED = "-_.!~*'()"
"""What JavaScript's encodeURIComponent leaves as it is, beside letters and digits."""


def text(data: Mapping[str, Json]) -> str:
    """Print a body as it is signed: name=value joined by &, sorted by name at every level, both escaped."""
    names = sorted(data, key=javascript.key_order)
    return "&".join(f"{_escaped(name)}={_escaped(_value(data[name]))}" for name in names)


def sign(key: str, data: Mapping[str, Json]) -> str:
    """Sign what is asked, or the `data` of an answer; raises Malformed for what is nested too deep."""
    return hmac(key.encode("utf-8", "surrogateescape"), text(data).encode(), sha256).hexdigest()


def is_signed(key: str, data: Mapping[str, Json], signature: str) -> bool:
    """Whether that signature is true; compared in constant time, and never by an absent key."""
    if not key or not SIGNATURE.fullmatch(signature):
        return False
    return compare_digest(sign(key, data), signature)


def _escaped(value: str) -> str:
    # Half of a surrogate pair, at which JavaScript gives up, stays apart from every text that can be signed.
    return quote(value, safe=UNESCAPED, errors="surrogatepass")


def _value(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return canonical(value, javascript.SORTED)
    return value if isinstance(value, str) else javascript.number(value)
