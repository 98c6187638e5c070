"""The mail server's address as one URL, the way `SMTP_URL` is written."""

from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import SplitResult, unquote, urlsplit

from sales.errors import Misconfigured


class Security(Enum):
    """How the line is protected; the value is the URL's scheme."""

    NONE = "smtp"
    TLS = "smtps"
    STARTTLS = "smtp+starttls"


_PORTS = {Security.NONE: 25, Security.TLS: 465, Security.STARTTLS: 587}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed in. Without `user` there is no login."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


def smtp_server(url: str) -> SmtpServer:
    """Read `smtp://`, `smtps://` or `smtp+starttls://[user:password@]host[:port]`.

    User and password are percent-decoded. Raises Misconfigured, which never quotes any part of the URL.
    """
    parts, port = _split(url)
    if parts is None or not parts.hostname:
        raise Misconfigured("smtp-url-malformed")
    security = _security(parts.scheme)
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise Misconfigured("smtp-url-tail")
    if bool(parts.username) != bool(parts.password):
        raise Misconfigured("smtp-url-half-login")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return SmtpServer(parts.hostname, port or _PORTS[security], security, user, password)


def _split(url: str) -> tuple[SplitResult | None, int | None]:
    """Split the URL; None when it cannot be split.

    The library's own ValueErrors quote the URL, password included, so they end here.
    """
    if not url.isprintable() or " " in url:
        return None, None
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        return None, None


def _security(scheme: str) -> Security:
    known = {security.value: security for security in Security}
    if scheme not in known:
        raise Misconfigured("smtp-url-scheme", known=", ".join(f"{name}://" for name in known))
    return known[scheme]
