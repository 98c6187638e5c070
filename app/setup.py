"""What this run works with: the seller's own settings, or the toy street's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex

from pydantic import SecretStr

from app.opening import FIRST_SHOP, Bank
from app.settings import Settings
from app.webhook import Webhook, real_webhook
from flows.premises import Admin
from gateways.gateway import Secrets
from sales.clock import Clock, utc_now

SAMPLE_BANK: Bank = ("970422", "0000111122223333", "NGUYEN VAN A")
ELSEWHERE = "https://payos.vn"
"""Where a gateway's page sends buyers of a shop that has no public address."""

SAMPLE_SENDER = "shop@sandbox.example"


@dataclass(frozen=True, slots=True)
class Setup:
    """The parts that differ between a real shop and the sandbox; None means: not configured.

    `back` is where a gateway's own page sends the buyer to.
    """

    clock: Clock
    bank: Bank | None
    admins: tuple[Admin, ...]
    gateways: Mapping[str, Secrets] = field(repr=False)
    telegram_url: str
    telegram_token: str | None = field(repr=False)
    smtp_url: str | None = field(repr=False)
    mail_from: str | None
    payos_url: str
    back: str
    webhook: Webhook | None = None

    def secrets(self, shop: str, gateway: str) -> Secrets | None:
        """The secrets of a shop's gateway; None closes its door."""
        return self.gateways.get(gateway) if shop == FIRST_SHOP else None


def real_setup(settings: Settings) -> Setup:
    """The seller's own; raises Misconfigured."""
    return Setup(
        clock=utc_now,
        bank=settings.bank,
        admins=settings.admins,
        gateways=settings.gateway_secrets,
        telegram_url=settings.telegram_api_url,
        telegram_token=_shown(settings.telegram_bot_token),
        smtp_url=_shown(settings.smtp_url),
        mail_from=settings.mail_from,
        payos_url=settings.payos_api_url,
        back=f"{settings.public_url}/back" if settings.public_url else ELSEWHERE,
        webhook=real_webhook(settings),
    )


def sandbox_secrets() -> Mapping[str, Secrets]:
    """Keys of the toy bank and of the toy payOS, made anew at each start."""
    payos = {"client_id": token_hex(16), "api_key": token_hex(16), "checksum_key": token_hex(32)}
    return {"casso": {"checksum_key": token_hex(32)}, "payos": payos}


def _shown(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
