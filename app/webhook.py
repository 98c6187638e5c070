"""Where Telegram brings updates to, when it is to bring them."""

from dataclasses import dataclass, field
from secrets import token_urlsafe
from urllib.parse import urlsplit

from app.opening import FIRST_SHOP
from app.settings import Settings
from sales.errors import Misconfigured

PORTS = (None, 443, 80, 88, 8443)
"""Where Telegram delivers to; None is 443 (Bot API, setWebhook)."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """The address of our own door, and what Telegram must say there."""

    url: str
    secret: str = field(repr=False)


def real_webhook(settings: Settings) -> Webhook | None:
    """The seller's; None when updates are fetched, or there is no bot at all.

    Raises Misconfigured without a secret or an address that Telegram can reach.
    """
    if settings.telegram_mode != "webhook" or settings.telegram_bot_token is None:
        return None
    if settings.telegram_webhook_secret is None:
        raise Misconfigured("telegram-webhook-no-secret")
    if settings.public_url is None or not _reachable(settings.public_url):
        raise Misconfigured("telegram-webhook-no-address", url=settings.public_url or "-")
    return Webhook(_door(settings.public_url), settings.telegram_webhook_secret.get_secret_value())


def street_webhook(settings: Settings, base: str) -> Webhook | None:
    """The toy street's: its Telegram stands on this machine and needs neither TLS nor a secret of the seller's."""
    return Webhook(_door(base), token_urlsafe()) if settings.telegram_mode == "webhook" else None


def _door(base: str) -> str:
    return f"{base}/telegram/{FIRST_SHOP}"


def _reachable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and parts.port in PORTS
    except ValueError:  # a port that is no number
        return False
