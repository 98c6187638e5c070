"""What each variable of the environment must look like, told when it does not; never what it held."""

from collections.abc import Iterable

from app.gateway_settings import ADDRESSES
from sales.errors import Misconfigured

FORMS = dict.fromkeys(ADDRESSES.values(), "setting-web-address") | {
    "TELEGRAM_API_URL": "setting-web-address",
    "PUBLIC_URL": "setting-web-address",
    "TELEGRAM_MODE": "setting-mode",
    "TELEGRAM_WEBHOOK_SECRET": "setting-webhook-secret",
    "HOST": "setting-host",
    "PORT": "setting-port",
    "DATABASE_URL": "database-url-malformed",
    "BANK_BIN": "setting-bin",
    "BANK_ACCOUNT": "setting-account",
    "SANDBOX_GATEWAY": "setting-gateway",
    "LOG_LEVEL": "setting-level",
}
"""Variable → id in locales/ of the sentence about it. Any other can only be wrong by bytes that are no text."""


class WrongSettings(Misconfigured):
    """Variables that cannot be used; `forms` holds the name of each with the sentence about it."""

    def __init__(self, names: Iterable[str]) -> None:
        self.forms = {name: FORMS.get(name, "setting-unreadable") for name in names}
        super().__init__("settings-wrong", wrong=", ".join(self.forms))
