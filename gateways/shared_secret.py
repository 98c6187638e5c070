"""A secret that both sides know: whether it is there at all, and whether a request shows it."""

from hmac import compare_digest

from gateways.gateway import Request, Secrets
from sales.errors import Forged


def held(secrets: Secrets, name: str) -> str:
    """Answer a secret of ours without what was pasted around it, a blank or a newline; "" when there is none."""
    return (secrets.get(name) or "").strip()


def needed(secret: str) -> str:
    """Answer it; raises Forged when there is none, for then nothing can be proven."""
    if not secret:
        raise Forged("no secret to check with")
    return secret


def came(request: Request, *headers: str) -> bool:
    """Whether any of these headers came at all, be it twice."""
    return any(name in headers for name, _ in request.headers)


def check_shown(secret: str, shown: str | None) -> None:
    """Raise Forged unless `shown` is the secret; compared in constant time."""
    # As bytes: compare_digest takes no text beyond ASCII, and odd bytes of a header come as halves of characters.
    given = (shown or "").encode("utf-8", "surrogatepass")
    if not compare_digest(given, needed(secret).encode("utf-8", "surrogatepass")):
        raise Forged("secret does not match")
