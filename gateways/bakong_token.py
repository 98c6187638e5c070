"""Bakong's access token: a JSON Web Token that ends after about ninety days and is renewed by e-mail."""

from base64 import urlsafe_b64decode
from datetime import UTC, datetime

from gateways.json_text import parse
from sales.errors import Malformed


def ends(token: str) -> datetime | None:
    """When it ends (UTC) by its own word, which nobody has verified; None when it is no such token or does not say."""
    parts = token.strip().split(".")
    try:
        claims = parse(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))) if len(parts) == 3 else None
        seconds = claims.get("exp") if isinstance(claims, dict) else None
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            return None
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError, Malformed):
        return None
