"""Settings: the only reader of the environment, and of the settings file."""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from app.env_file import ENCODING, env_file
from app.gateway_settings import ADDRESSES, SECRETS, GatewaySettings, WebAddress
from app.wrong_settings import WrongSettings
from flows.premises import Admin
from sales.banks import bank_by_bin
from sales.errors import Misconfigured

DATA = Path("data")
_TELEGRAM_ID = re.compile(r"-?[0-9]+", re.ASCII)


def _known_bin(value: str) -> str:
    if bank_by_bin(value) is None:
        raise ValueError("no Vietnamese bank")
    return value


def _host(value: str) -> str:
    """Refuse what no socket takes for a name: odd bytes, or a part of over 63 characters (a ValueError)."""
    value.encode("idna")
    return value


def _header_safe(value: SecretStr) -> SecretStr:
    """What Telegram takes for a secret (Bot API, setWebhook)."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
        raise ValueError("not fit for a header")
    return value


def _database(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://")) or value in ("sqlite:///", "sqlite:///:memory:"):
        raise ValueError("no database of ours")
    return value


ONLY_REAL = ("public_url", "bank_bin", "bank_account", "bank_holder", "smtp_url", "mail_from", "admin_chat_ids")
"""What somebody sets who means a real shop, and what does not end the sandbox."""


class Settings(GatewaySettings):
    """What the environment says; field names are the variables' names in lower case, a blank one is unset.

    What gateways want stands in app/gateway_settings.py.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True)

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: WebAddress = "https://api.telegram.org"
    telegram_mode: Annotated[str, Field(pattern=r"^(polling|webhook)$")] = "polling"
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(_header_safe)] | None = None
    admin_chat_ids: str = ""
    public_url: WebAddress | None = None
    host: Annotated[str, AfterValidator(_host)] = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    database_url: Annotated[str, AfterValidator(_database)] | None = Field(default=None, repr=False)
    shop_file: Path = Path("shop.toml")
    vault_key: SecretStr | None = None
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    bank_bin: Annotated[str, AfterValidator(_known_bin)] | None = None
    bank_account: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,19}$")] | None = None
    bank_holder: str | None = None
    sandbox_gateway: Annotated[str, Field(pattern=r"^(casso|payos|sepay)$")] = "casso"
    log_level: Annotated[str, Field(pattern=r"(?i)^(debug|info|warning|error)$")] = "info"

    @model_validator(mode="before")
    @classmethod
    def _drop_blank(cls, given: dict[str, Any]) -> dict[str, Any]:
        """A space is no secret: a gateway with such a key would end the sandbox and keep its door closed."""
        return {name: value for name, value in given.items() if not isinstance(value, str) or value.strip()}

    @field_validator("*", mode="before")
    @classmethod
    def _readable(cls, value: object) -> object:
        """Bytes that are no UTF-8 come as halves of characters, which no database or screen takes."""
        if isinstance(value, str):
            value.encode()
        return value

    @property
    def sandbox(self) -> bool:
        """Whether nothing real is configured: no channel token and no gateway secret."""
        return self.telegram_bot_token is None and not self.gateway_secrets

    @cached_property
    def gateway_secrets(self) -> dict[str, dict[str, str]]:
        """Gateway → name → secret, of every secret that is set."""
        given = {
            gateway: {name: value.get_secret_value() for name, value in self._given(variables)}
            for gateway, variables in SECRETS.items()
        }
        return {gateway: secrets for gateway, secrets in given.items() if secrets}

    @cached_property
    def gateway_urls(self) -> dict[str, str]:
        """Gateway → its server's address, of every address that is set."""
        return {gateway: url for gateway, url in self._given(ADDRESSES)}

    def _given(self, variables: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        """Name → value, of those variables that are set."""
        for name, variable in variables.items():
            if (value := getattr(self, variable.lower())) is not None:
                yield name, value

    @property
    def database(self) -> str:
        """Where this run keeps its rows; sandbox sales get a file of their own, never a real ledger."""
        if not self.sandbox:
            return self.database_url or f"sqlite:///{DATA / 'shop.db'}"
        if self.database_url is None or not self.database_url.startswith("sqlite"):
            return f"sqlite:///{DATA / 'sandbox.db'}"
        path = Path(self.database_url.removeprefix("sqlite:///"))
        return f"sqlite:///{path.with_name(f'{path.stem}.sandbox{path.suffix}')}"

    @property
    def idle(self) -> str | None:
        """A variable that is set and serves only a real shop, when this is the sandbox."""
        return next((name.upper() for name in ONLY_REAL if getattr(self, name)), None) if self.sandbox else None

    @property
    def nothing_there(self) -> bool:
        """Whether this run's SQLite file is not there yet: looking must not make one."""
        try:
            return self.on_sqlite and not Path(self.database.removeprefix("sqlite:///")).stat()
        except FileNotFoundError:
            return True
        except OSError:  # something is there, and in the way: opening it will say what
            return False

    @property
    def on_sqlite(self) -> bool:
        """Whether this run's rows lie in a SQLite file."""
        return self.database.startswith("sqlite")

    @cached_property
    def admins(self) -> tuple[Admin, ...]:
        """Who runs the shop, from "telegram:123, telegram:456"."""
        named = [each.strip() for each in self.admin_chat_ids.split(",") if each.strip()]
        pairs = [each.partition(":") for each in named]
        if any(not channel or not chat for channel, _, chat in pairs):
            raise Misconfigured("admins-malformed")
        for channel, _, chat in pairs:
            if channel == "telegram" and not _TELEGRAM_ID.fullmatch(chat):
                raise Misconfigured("admins-no-number", chat=chat)
        return tuple(Admin(channel, chat) for channel, _, chat in pairs)

    @property
    def bank(self) -> tuple[str, str, str] | None:
        """BIN, account and holder, when all three are given."""
        if self.bank_bin and self.bank_account and self.bank_holder:
            return self.bank_bin, self.bank_account, self.bank_holder
        return None


def read_settings() -> Settings:
    """Read the environment and, for what it leaves open, the settings file; raises Misconfigured."""
    file = env_file()
    try:
        return Settings(_env_file=file, _env_file_encoding=ENCODING)
    except ValidationError as error:
        raise WrongSettings(str(each["loc"][0]).upper() for each in error.errors()) from None


def terminal_language() -> str:
    """The language of whoever sits at the command line."""
    named = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "vi" if named.startswith("vi") else "en"
