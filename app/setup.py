"""What this run works with: the seller's own settings, or the toy street's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex

from pydantic import SecretStr

from app.holdings import Given
from app.opening import FIRST_SHOP, Bank
from app.settings import Settings
from app.webhook import Webhook, real_webhook
from flows.premises import Admin
from gateways.gateway import Secrets
from gateways.registry import GATEWAYS
from sales.clock import Clock, utc_now

SAMPLE_BANK: Bank = ("970422", "0000111122223333", "NGUYEN VAN A")
ELSEWHERE = "https://payos.vn"
"""Where a gateway's page sends buyers of a shop that has no public address."""

SAMPLE_SENDER = "shop@sandbox.example"


@dataclass(frozen=True, slots=True)
class Setup:
    """The parts that differ between a real shop and the sandbox; None means: not configured.

    `gateways` are the secrets by gateway: what is given from outside, and once the shop is open what is in force, of
    those that are not switched off. `urls` are the addresses of gateways' servers that are not the official ones.
    `base` is the address that buyers' browsers reach our web door at, "" when they do not; `back` is where a gateway's
    own page sends the buyer to.
    """

    clock: Clock
    bank: Bank | None
    admins: tuple[Admin, ...]
    gateways: Mapping[str, Secrets] = field(repr=False)
    urls: Mapping[str, str]
    base: str
    telegram_url: str
    telegram_token: str | None = field(repr=False)
    smtp_url: str | None = field(repr=False)
    mail_from: str | None
    back: str
    webhook: Webhook | None = None

    def secrets(self, shop: str, gateway: str) -> Secrets | None:
        """The secrets of a shop's gateway; None closes its door."""
        return self.gateways.get(gateway) if shop == FIRST_SHOP else None

    @property
    def given(self) -> Given:
        """What a shop is opened with."""
        return Given(self.gateways, self.urls, self.base)


def real_setup(settings: Settings) -> Setup:
    """The seller's own; raises Misconfigured."""
    return Setup(
        clock=utc_now,
        bank=settings.bank,
        admins=settings.admins,
        gateways=settings.gateway_secrets,
        urls=settings.gateway_urls,
        base=settings.public_url or "",
        telegram_url=settings.telegram_api_url,
        telegram_token=_shown(settings.telegram_bot_token),
        smtp_url=_shown(settings.smtp_url),
        mail_from=settings.mail_from,
        back=f"{settings.public_url}/back" if settings.public_url else ELSEWHERE,
        webhook=real_webhook(settings),
    )


def sandbox_secrets(first: str = "casso") -> Mapping[str, Secrets]:
    """Keys of everything that the toy street plays, made anew at each start; those of `first` stand in front."""
    made = _toy_keys()
    return {each.name: made[each.name] for each in sorted(GATEWAYS, key=lambda each: each.name != first) if each.names}


def _toy_keys() -> dict[str, Secrets]:
    return {
        "casso": {"checksum_key": token_hex(32), "api_key": token_hex(16)},
        "payos": {"client_id": token_hex(16), "api_key": token_hex(16), "checksum_key": token_hex(32)},
        "sepay": {"api_key": token_hex(16), "webhook_secret": token_hex(32), "user_token": token_hex(16)},
        "sepay-pg": {"merchant": f"SP-{token_hex(4).upper()}", "secret": token_hex(32)},
        "vnpay": {"tmn_code": token_hex(4).upper(), "hash_secret": token_hex(16).upper()},
        "payos-payout": {"client_id": token_hex(16), "api_key": token_hex(16), "checksum_key": token_hex(32)},
        "bakong": {"token": token_hex(32), "account": "nguyen_van_a@toyb"},
    }


def _shown(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
