"""The texts that VNPay 2.1.0 signs, and their signatures: HMAC-SHA512 with the hash secret, lower-case hex.

Source: VNPay's integration guide and its sample in PHP, whose urlencode is the reference; vectors of the npm package
vnpay 2.5.0 agree where it is right. It counts foreign parameters into what it signs and takes answers without any hash.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha512
from hmac import compare_digest
from hmac import new as hmac
from urllib.parse import quote_plus

from gateways.gateway import Secrets
from gateways.shared_secret import held, needed
from sales.errors import Forged, Malformed

PREFIX = "vnp_"
HASH = "vnp_SecureHash"
UNSIGNED = frozenset({HASH, "vnp_SecureHashType"})
MOST_PARAMETERS = 64
"""Parameters that are looked at before anybody knows whose they are; a real notice has thirteen."""


Params = Mapping[str, str | int]
"""Parameters by their names; numbers count as they are printed."""


def query_text(params: Params) -> str:
    """Print parameters as VNPay signs them and as an address holds them: sorted, form-encoded, empty ones left out."""
    return "&".join(f"{_encoded(name)}={_encoded(params[name])}" for name in sorted(params) if _signed(name, params))


def sign(secret: str, params: Params) -> str:
    """Sign the parameters of a pay address or a notice."""
    return _hmac(secret, query_text(params))


def sign_values(secret: str, values: Iterable[str]) -> str:
    """Sign the values of a call of VNPay's API, or of its answer, in the order that its reference gives."""
    return _hmac(secret, "|".join(values))


def verified(secrets: Secrets, query: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Answer the parameters that a true `vnp_SecureHash` speaks for, and no others.

    Raises Forged, also for a parameter given twice, and Malformed for more parameters than anybody sends.
    """
    secret = needed(terminal_of(secrets) and key_of(secrets))
    if len(query) > MOST_PARAMETERS:
        raise Malformed("too many parameters")
    given = dict(query)
    if len(given) != len(query):
        raise Forged("a parameter stands twice")
    if not same(sign(secret, given), given.get(HASH, "")):
        raise Forged("signature does not match")
    return {name: value for name, value in given.items() if _signed(name, given)}


def key_of(secrets: Secrets) -> str:
    """Answer what VNPay and we sign with, "" when there is none."""
    return held(secrets, "hash_secret")


def terminal_of(secrets: Secrets) -> str:
    """Answer the name of our terminal, "" when there is none."""
    return held(secrets, "tmn_code")


def same(expected: str, given: str) -> bool:
    """Compare two signatures, in a time that tells nothing."""
    return compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def _signed(name: str, params: Params) -> bool:
    return name.startswith(PREFIX) and name not in UNSIGNED and params[name] != ""


def _encoded(value: str | int) -> str:
    # PHP escapes the tilde as well. Half of a surrogate pair stays apart from every other text.
    return quote_plus(str(value), errors="surrogatepass").replace("~", "%7E")


def _hmac(secret: str, text: str) -> str:
    return hmac(secret.encode("utf-8", "surrogateescape"), text.encode("utf-8", "surrogatepass"), sha512).hexdigest()
